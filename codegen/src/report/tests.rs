//! What the report promises: order, counts, and errors in a strict run.

use super::*;

fn remark(treatment: Treatment, subject: &str, line: usize, is_warning: bool) -> Remark {
    Remark {
        treatment,
        rule: "a-rule",
        subject: subject.to_owned(),
        reason: "of a reason".to_owned(),
        is_warning,
        position: Some(Position { line, column: 1 }),
        pointer: "#/a".to_owned(),
    }
}

fn sample() -> Report {
    let mut report = Report::new("a.yaml");
    report.push(remark(Treatment::Renamed, "type `a`", 9, false));
    report.push(remark(Treatment::LeftOut, "operation `b`", 5, true));
    report.push(remark(Treatment::LeftOut, "c", 3, false));
    report.push(remark(Treatment::LeftOut, "c", 3, false));
    report
}

#[test]
fn remarks_are_counted_once_and_shown_in_the_order_of_the_file() {
    insta::assert_snapshot!(sample().table(), @r"
    a.yaml: 0 selected, 2 left out, 1 renamed, 0 guessed; 1 warning

    left out
       c              a.yaml:3:1  of a reason
     ! operation `b`  a.yaml:5:1  of a reason

    renamed
       type `a`  a.yaml:9:1  of a reason
    ");
    assert_eq!(
        sample().to_json()["counts"],
        serde_json::json!({"selected": 0, "left_out": 2, "renamed": 1, "guessed": 0, "warnings": 1})
    );
}

#[test]
fn a_strict_run_refuses_only_warnings() {
    let problems = sample().strict().unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(
        problems
            .to_string()
            .contains("operation `b` is left out: of a reason"),
        "{problems}"
    );
    let mut harmless = Report::new("a.yaml");
    harmless.push(remark(Treatment::LeftOut, "c", 3, false));
    assert!(harmless.strict().is_ok());
}
