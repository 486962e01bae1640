//! The fragment's extensions: one that would have no effect is found.

use super::{accepts, finds};

const UPDATE: &str = "      minProperties: 1\n";

fn with_conflicts(conflicts: &str) -> String {
    format!("{UPDATE}      x-graph-conflicts: {conflicts}\n")
}

#[test]
fn contradictions_name_properties_and_members() {
    accepts(UPDATE, &with_conflicts("[{status: [done], title: []}]"));
    for (rule, mark) in [
        ("wrong-kind", "x"),
        ("wrong-kind", "{status: [done]}"),
        ("wrong-kind", "[[status]]"),
        ("wrong-kind", "[{status: done, title: []}]"),
        ("wrong-kind", "[{status: [7], title: []}]"),
        ("conflict", "[{}]"),
        ("conflict", "[{status: [done]}]"),
        ("conflict", "[{status: [done], titel: []}]"),
        ("conflict", "[{status: [dune], title: []}]"),
        ("conflict", "[{status: [done], title: [a]}]"),
    ] {
        finds(rule, mark, UPDATE, &with_conflicts(mark));
    }
}

#[test]
fn clouds_times_and_modes_are_known() {
    let operation = "      operationId: updateTicket\n";
    let with = |line: &str| format!("{operation}      {line}\n");
    accepts(operation, &with("x-graph-clouds: [global, china]"));
    accepts(
        operation,
        &with("x-graph-attempt-seconds: 9\n      x-graph-total-seconds: 9"),
    );
    for (rule, line) in [
        ("unknown-cloud", "x-graph-clouds: [global, mars]"),
        ("half-a-time-limit", "x-graph-attempt-seconds: 9"),
        ("half-a-time-limit", "x-graph-total-seconds: 9"),
        (
            "contradiction",
            "x-graph-attempt-seconds: 0\n      x-graph-total-seconds: 9",
        ),
        (
            "contradiction",
            "x-graph-attempt-seconds: 9\n      x-graph-total-seconds: 8",
        ),
        ("wrong-kind", "security: {oauth: []}"),
        ("wrong-kind", "security: [oauth]"),
        ("wrong-kind", "security: [{oauth: read}]"),
    ] {
        let mark = line.lines().next().unwrap();
        finds(rule, mark, operation, &with(line));
    }
    accepts(operation, &with("security: [{oauth: [read]}, {}]"));
    let property = "title: {type: string, nullable: true, maxLength: 100";
    let with = |modes: &str| format!("{property}, x-ms-mutability: {modes}");
    accepts(property, &with("[read, create]"));
    finds("wrong-kind", "mutability: read", property, &with("read"));
    finds("unknown-mutability", "[write]", property, &with("[write]"));
}

#[test]
fn a_tag_has_a_name() {
    let paths = "\npaths:\n";
    accepts(paths, "\ntags: [{name: tickets}]\npaths:\n");
    finds("missing-keyword", "tags", paths, "\ntags: [{}]\npaths:\n");
}
