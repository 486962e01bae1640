//! Promises of the enumerations: they read any case, write one spelling, and keep unknown members.

use std::collections::{BTreeSet, HashSet};
use std::convert::Infallible;
use std::str::FromStr as _;

use graph_incidents::runtime::{Flags, Unrecognized};
use graph_incidents::types::{
    AlertDetermination, CorrelationReason, DetectionSource, IncidentStatus,
};
use serde_json::{from_value, json, to_value};

#[test]
fn a_known_member_is_read_in_any_ascii_case_and_written_in_one() {
    for text in [
        "truePositive",
        "TruePositive",
        "TRUEPOSITIVE",
        "truepositive",
    ] {
        let member: graph_incidents::types::AlertClassification = text.into();
        assert_eq!(
            member,
            graph_incidents::types::AlertClassification::TruePositive
        );
        assert_eq!(to_value(&member).unwrap(), json!("truePositive"));
    }
}

#[test]
fn every_member_can_be_read_in_upper_and_lower_case() {
    for member in DetectionSource::ALL {
        for text in [
            member.as_str().to_owned(),
            member.as_str().to_uppercase(),
            member.as_str().to_lowercase(),
        ] {
            assert_eq!(&DetectionSource::from(text), member);
        }
    }
    assert_eq!(DetectionSource::ALL.len(), 39);
}

#[test]
fn an_unknown_member_keeps_its_text_byte_for_byte() {
    for text in [
        "escalated",
        "Escalated",
        "",
        " active",
        "aktív\u{0}\u{1F980}",
        "active,resolved",
    ] {
        let status: IncidentStatus = from_value(json!(text)).unwrap();
        assert!(
            matches!(status, IncidentStatus::Unrecognized(_)),
            "{text:?}"
        );
        assert!(!status.is_recognized());
        assert_eq!(status.as_str(), text);
        assert_eq!(to_value(&status).unwrap(), json!(text));
    }
}

#[test]
fn an_unrecognized_member_is_never_a_known_one() {
    assert_eq!(
        Unrecognized::<IncidentStatus>::new("rEDIRECTED"),
        Err(IncidentStatus::Redirected)
    );
    let text = Unrecognized::<IncidentStatus>::new("escalated").unwrap();
    assert_eq!(IncidentStatus::Unrecognized(text), "escalated".into());
}

#[test]
fn reading_any_string_succeeds() {
    let status: Result<IncidentStatus, Infallible> = IncidentStatus::from_str("Resolved");
    assert_eq!(status, Ok(IncidentStatus::Resolved));
    let parsed: IncidentStatus = "anything".parse().unwrap();
    assert_eq!(parsed.to_string(), "anything");
}

#[test]
fn they_can_be_padded() {
    assert_eq!(
        format!("[{:<12}]", IncidentStatus::InProgress),
        "[inProgress  ]"
    );
    assert_eq!(
        format!("[{:>12}]", IncidentStatus::from("escalated")),
        "[   escalated]"
    );
    assert_eq!(
        format!("{:?}", IncidentStatus::from("escalated")),
        r#"Unrecognized("escalated")"#
    );
}

#[test]
fn they_can_be_set_keys_and_are_sorted_by_text() {
    let texts = ["resolved", "Active", "zeta", "active", "beta"];
    let sorted: BTreeSet<IncidentStatus> = texts.iter().map(|text| (*text).into()).collect();
    let sorted: Vec<&str> = sorted.iter().map(IncidentStatus::as_str).collect();
    assert_eq!(sorted, ["active", "beta", "resolved", "zeta"]);
    let hashed: HashSet<IncidentStatus> = texts.iter().map(|text| (*text).into()).collect();
    assert_eq!(hashed.len(), 4);
}

#[test]
fn the_list_of_members_includes_those_that_only_the_page_names() {
    assert_eq!(AlertDetermination::ALL.len(), 18);
    assert!(AlertDetermination::ALL.contains(&AlertDetermination::CompromisedUser));
    assert!(
        AlertDetermination::ALL
            .iter()
            .all(AlertDetermination::is_recognized)
    );
}

#[test]
fn flags_are_several_members_in_one_string() {
    let reasons: Flags<CorrelationReason> =
        from_value(json!("SameActor, sameAsset,somethingNew,sameActor")).unwrap();
    let members: Vec<&str> = reasons.iter().map(CorrelationReason::as_str).collect();
    assert_eq!(members, ["sameActor", "sameAsset", "somethingNew"]);
    assert!(reasons.contains(&CorrelationReason::SameAsset));
    assert_eq!(
        to_value(&reasons).unwrap(),
        json!("sameActor,sameAsset,somethingNew")
    );
}

#[test]
fn the_order_of_flags_does_not_matter() {
    let one: Flags<CorrelationReason> = "sameActor,sameAsset".parse().unwrap();
    let other: Flags<CorrelationReason> =
        [CorrelationReason::SameAsset, CorrelationReason::SameActor]
            .into_iter()
            .collect();
    assert_eq!(one, other);
    assert_ne!(one, "sameActor".into());
    assert!(Flags::<CorrelationReason>::from("").is_empty());
    assert_eq!(format!("{one:?}"), "{SameActor, SameAsset}");
}

#[test]
fn a_known_member_allocates_no_text() {
    // Both point to the static string, so that neither allocated one.
    let (one, other) = (
        IncidentStatus::from("active"),
        IncidentStatus::from("ACTIVE".to_owned()),
    );
    assert_eq!(one.as_str().as_ptr(), other.as_str().as_ptr());
}
