//! What the lint promises, rule by rule: a whole fragment passes, and each thing that can be wrong with it is found.

mod document;
mod extensions;
mod kinds;
mod operations;
mod schemas;

use crate::diagnostic::Problems;
use crate::load::parse;

use super::{check, unused};

const TICKETS: &str = include_str!("../../../tests/fragments/tickets.yaml");
const MICROSOFT: &str = include_str!("../../../tests/fragments/microsoft.yaml");

fn problems_of(text: &str) -> Problems {
    check(&parse("a.yaml", text).unwrap())
}

/// The fragment with one text replaced by another.
fn edited(from: &str, to: &str) -> String {
    assert!(TICKETS.contains(from), "{from:?} is not in the fragment");
    TICKETS.replacen(from, to, 1)
}

/// Asserts that an edit leaves the fragment without a problem.
fn accepts(from: &str, to: &str) {
    let text = edited(from, to);
    let problems = problems_of(&text);
    assert!(problems.is_empty(), "{problems}");
}

/// Checks that an edit is found by a rule, at the line that holds a mark.
#[track_caller]
fn finds(rule: &str, mark: &str, from: &str, to: &str) {
    let text = edited(from, to);
    let problems = problems_of(&text);
    let found = problems.iter().any(|problem| {
        let line = problem.position.unwrap().line;
        let shown = text.lines().nth(line - 1).unwrap_or_default();
        problem.rule == rule && shown.contains(mark) && !problem.help.is_empty()
    });
    assert!(
        found,
        "no `{rule}` at a line with {mark:?} in:\n{}",
        problems.with_source(&text)
    );
}

#[test]
fn valid_fragments_pass_in_both_flavours() {
    assert_eq!(problems_of(TICKETS).to_string(), "");
    assert_eq!(problems_of(MICROSOFT).to_string(), "");
}

#[test]
fn an_unsupported_version_is_the_only_problem_reported() {
    for (version, shown) in [
        ("openapi: 3.1.0", "OpenAPI `3.1.0` is not supported"),
        ("openapi: 3.0", "OpenAPI `3.0` is not supported"),
        ("openapi: 3.0.x", "OpenAPI `3.0.x` is not supported"),
        ("openapi: \"3.0.\"", "OpenAPI `3.0.` is not supported"),
        ("swagger: \"2.0\"", "Swagger 2.0 is not supported"),
        ("title: none", "has no OpenAPI version"),
    ] {
        let problems = problems_of(&edited("openapi: 3.0.3", version));
        assert_eq!(problems.len(), 1, "{problems}");
        assert!(problems.to_string().contains(shown), "{problems}");
    }
}

#[test]
fn all_problems_are_found_in_one_run_in_the_order_of_the_file() {
    let text = edited("operationId: getTicket", "operationId: listTickets")
        .replace("schemas/TicketCollection\"", "schemas/Tickets\"")
        .replace("enum: [open, done, cancelled]", "enum: [open, done, open]");
    insta::assert_snapshot!(problems_of(&text).with_source(&text), @r##"
    error[dangling-reference]: `#/components/schemas/Tickets` does not exist
        --> a.yaml:27:30
         |
      27 |               schema: {$ref: "#/components/schemas/Tickets"}
         |                              ^
         = in #/paths/~1tickets/get/responses/200/content/application~1json/schema/$ref
         = help: did you mean `#/components/schemas/Ticket`?

    error[member-collision]: `open` is listed twice
        --> a.yaml:102:26
         |
     102 |       enum: [open, done, open]
         |                          ^
         = in #/components/schemas/TicketStatus/enum/2
         = help: remove one of the two

    error[enum-details]: `x-ms-enum` describes `cancelled`, which is not a member
        --> a.yaml:108:21
         |
     108 |           - {value: cancelled, description: It does not matter., x-graph-guarded: it cannot be undon
         |                     ^
         = in #/components/schemas/TicketStatus/x-ms-enum/values/2/value
         = help: add it to `enum`, or correct the name

    error: 3 problems in a.yaml
    "##);
}

#[test]
fn unused_components_are_found() {
    let rules = |text: &str| {
        let problems = unused(&parse("a.yaml", text).unwrap());
        problems
            .iter()
            .map(|problem| problem.pointer.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(rules(TICKETS), [""; 0]);
    let text = edited("        - $ref: \"#/components/parameters/Filter\"\n", "");
    assert_eq!(rules(&text), ["#/components/parameters/Filter"]);
}

#[test]
fn placeholder_descriptions_are_refused() {
    use crate::refresh::UNWRITTEN;
    let text = format!("description: \"{UNWRITTEN}\"");
    let from = "title: {type: string, nullable: true, description:";
    let line = edited(from, &format!("title: {{type: string, {text}, title:"));
    let found = problems_of(&line);
    assert!(
        found.iter().any(|problem| problem.rule == "unwritten"),
        "{found}"
    );
}

#[test]
fn parts_that_share_a_schema_at_many_levels_are_visited_once() {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n",
    );
    for level in 0..30 {
        let part = format!("{{$ref: '#/components/schemas/A{}'}}", level + 1);
        let parts = vec![part; 4].join(", ");
        text.push_str(&format!("    A{level}: {{allOf: [{parts}]}}\n"));
    }
    text.push_str("    A30: {description: the last}\n");
    let start = std::time::Instant::now();
    let problems = check(&parse("fan.yaml", &text).unwrap());
    assert!(problems.to_string().contains("several-bases"));
    assert!(start.elapsed() < std::time::Duration::from_secs(2));
}
