//! Conditions as OData reads them.

use chrono::{DateTime, Utc};

use super::*;

const SEVERITY: TextField = TextField::new("severity");
const STATUS: TextField = TextField::new("status");

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn or_inside_and_has_parentheses() {
    let high = || SEVERITY.eq("high");
    let low = || SEVERITY.eq("low");
    let active = || STATUS.eq("active");
    assert_eq!(
        (high() | low() & active()).as_str(),
        "severity eq 'high' or severity eq 'low' and status eq 'active'"
    );
    assert_eq!(
        ((high() | low()) & active()).as_str(),
        "(severity eq 'high' or severity eq 'low') and status eq 'active'"
    );
    assert_eq!(
        (!(high() & low())).as_str(),
        "not (severity eq 'high' and severity eq 'low')"
    );
    assert_eq!(
        (active() & Filter::raw("a eq 1 or b eq 2")).as_str(),
        "status eq 'active' and (a eq 1 or b eq 2)"
    );
}

#[test]
fn quotes_in_a_string_are_doubled() {
    assert_eq!(
        TextField::new("assignedTo")
            .eq("O'Brien' or '1' eq '1")
            .as_str(),
        "assignedTo eq 'O''Brien'' or ''1'' eq ''1'"
    );
}

#[test]
fn values_that_are_not_strings_have_no_quotes() {
    let count = PlainField::<i64>::new("count");
    assert_eq!(count.ge(5).as_str(), "count ge 5");
    let enabled = PlainField::<bool>::new("enabled");
    assert_eq!(enabled.ne(true).as_str(), "enabled ne true");
}

#[test]
fn times_have_no_quotes_and_up_to_seven_digits() {
    let created = DateField::new("createdDateTime");
    assert_eq!(
        created.gt(time("2023-03-01T12:00:00Z")).as_str(),
        "createdDateTime gt 2023-03-01T12:00:00Z"
    );
    assert_eq!(
        created.le(time("2023-03-01T12:00:00.0500001Z")).to_string(),
        "createdDateTime le 2023-03-01T12:00:00.0500001Z"
    );
    assert_eq!(
        created.eq(time("2023-03-01T12:00:00.123456789Z")).as_str(),
        "createdDateTime eq 2023-03-01T12:00:00.1234567Z"
    );
    assert_eq!(
        created.ge(time("2023-03-01T14:00:00+02:00")).as_str(),
        "createdDateTime ge 2023-03-01T12:00:00Z"
    );
    assert_eq!(
        created
            .within(time("2023-01-01T00:00:00Z")..time("2024-01-01T00:00:00Z"))
            .as_str(),
        "createdDateTime ge 2023-01-01T00:00:00Z and createdDateTime lt 2024-01-01T00:00:00Z"
    );
}
