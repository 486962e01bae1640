//! What each question about an error is true for, and for nothing else.

use crate::error::{Effect, Error, Kind};

const KINDS: [Kind; 9] = [
    Kind::Connect,
    Kind::Lost,
    Kind::Timeout,
    Kind::Budget,
    Kind::Token,
    Kind::Decode,
    Kind::Limit,
    Kind::Refused,
    Kind::CrossOrigin,
];

fn of(kind: Kind) -> Error {
    Error::new(kind, "x")
}

fn service(status: u16) -> Error {
    of(Kind::Service).with_status(status)
}

#[test]
fn a_predicate_about_the_kind_is_true_only_for_its_kinds() {
    type Question = fn(&Error) -> bool;
    let questions: [(Question, &[Kind]); 6] = [
        (Error::is_connection, &[Kind::Connect, Kind::Lost]),
        (Error::is_timeout, &[Kind::Timeout]),
        (Error::is_decode, &[Kind::Decode]),
        (Error::is_limit, &[Kind::Limit]),
        (Error::is_refused, &[Kind::Refused]),
        (Error::is_cross_origin, &[Kind::CrossOrigin]),
    ];
    for (question, kinds) in questions {
        for kind in KINDS {
            assert_eq!(question(&of(kind)), kinds.contains(&kind), "{kind:?}");
        }
        assert!(!question(&service(500)));
    }
    assert!(of(Kind::Configuration).is_refused());
}

#[test]
fn a_predicate_about_the_status_is_true_only_for_its_status() {
    type Question = fn(&Error) -> bool;
    let questions: [(Question, u16, Option<Kind>); 5] = [
        (Error::is_bad_request, 400, None),
        (Error::is_unauthenticated, 401, Some(Kind::Token)),
        (Error::is_permission_denied, 403, None),
        (Error::is_not_found, 404, None),
        (Error::is_throttled, 429, Some(Kind::Budget)),
    ];
    for (question, status, also) in questions {
        for other in [200, 400, 401, 403, 404, 429, 500] {
            assert_eq!(question(&service(other)), other == status, "{other}");
        }
        for kind in KINDS {
            assert_eq!(question(&of(kind)), also == Some(kind), "{kind:?}");
        }
    }
}

#[test]
fn without_a_connection_attempt_nobody_was_unreachable() {
    assert!(KINDS.iter().all(|kind| !of(*kind).is_unreachable()));
}

#[test]
fn transient_errors_are_repeatable_if_that_does_no_harm() {
    let passing = [Kind::Connect, Kind::Lost, Kind::Timeout, Kind::Budget];
    for kind in KINDS {
        assert_eq!(
            of(kind).is_repeatable(),
            passing.contains(&kind),
            "{kind:?}"
        );
        assert!(!of(kind).with_effect(Effect::Unknown).is_repeatable());
    }
    assert!(of(Kind::Decode).transient().is_repeatable());
    for (status, passes) in [
        (400, false),
        (428, false),
        (429, true),
        (499, false),
        (500, true),
        (503, true),
    ] {
        assert_eq!(service(status).is_repeatable(), passes, "{status}");
    }
}

#[test]
fn roles_are_missing_if_a_403_says_so() {
    let refused = |status: u16, code: &str, message: &str| {
        Error::new(Kind::Service, message)
            .with_status(status)
            .with_code(Some(code.to_owned()))
            .lacks_roles()
    };
    assert!(refused(
        403,
        "Forbidden",
        "Missing application roles. API required roles: A.Read"
    ));
    assert!(!refused(403, "Forbidden", "Account is not provisioned"));
    assert!(refused(403, "Authorization_RequestDenied", "no"));
    assert!(refused(
        403,
        "Forbidden",
        "API required roles: A.Read, application roles: B."
    ));
    assert!(!refused(
        400,
        "Forbidden",
        "Missing application roles. API required roles: A.Read"
    ));
}
