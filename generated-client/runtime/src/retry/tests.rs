//! When a call is repeated, and after how long.

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::*;

const UPDATE: Operation = Operation::new("updateIncident", "PATCH", "/x", &[]).repeatable();
const COMMENT: Operation = Operation::new("createIncidentComment", "POST", "/x", &[]);

fn service(status: u16) -> Error {
    Error::new(Kind::Service, "no").with_status(status)
}

fn is_repeated(policy: &RetryPolicy, operation: &Operation, error: &Error) -> bool {
    policy
        .next_delay(operation, error, tried(1, Duration::ZERO))
        .is_some()
}

fn tried(attempts: u32, elapsed: Duration) -> Tried {
    Tried {
        attempts,
        timed: 0,
        elapsed,
    }
}

#[test]
fn a_comment_is_never_repeated_after_an_ambiguous_failure() {
    let policy = RetryPolicy::default();
    let ambiguous = [
        service(502),
        service(503).with_retry_after(Some(Duration::from_secs(1))),
        service(504),
        Error::new(Kind::Lost, "lost"),
        Error::new(Kind::Timeout, "late"),
    ];
    for error in &ambiguous {
        assert!(!is_repeated(&policy, &COMMENT, error), "{error}");
        assert!(is_repeated(&policy, &UPDATE, error), "{error}");
        assert!(
            is_repeated(
                &policy.clone().repeat_ambiguous_posts(true),
                &COMMENT,
                error
            ),
            "{error}"
        );
    }
    for error in [service(429), Error::new(Kind::Connect, "nobody there")] {
        assert!(is_repeated(&policy, &COMMENT, &error), "{error}");
    }
}

#[test]
fn permanent_errors_are_not_repeated() {
    for error in [
        service(400),
        service(401),
        service(404),
        service(500),
        Error::new(Kind::Decode, "invalid"),
    ] {
        assert!(
            !is_repeated(&RetryPolicy::default(), &UPDATE, &error),
            "{error}"
        );
    }
}

#[test]
fn attempts_and_time_are_bounded() {
    let policy = RetryPolicy::default()
        .attempts(3)
        .total_time(Duration::from_secs(10));
    let error = service(429).with_retry_after(Some(Duration::from_secs(2)));
    assert!(
        policy
            .next_delay(&UPDATE, &error, tried(2, Duration::ZERO))
            .is_some()
    );
    assert!(
        policy
            .next_delay(&UPDATE, &error, tried(3, Duration::ZERO))
            .is_none()
    );
    assert!(
        policy
            .next_delay(&UPDATE, &error, tried(1, Duration::from_secs(9)))
            .is_none()
    );
    let far = service(429).with_retry_after(Some(Duration::from_secs(u64::MAX / 4)));
    assert!(
        policy
            .next_delay(&UPDATE, &far, tried(1, Duration::ZERO))
            .is_none()
    );
}

#[test]
fn a_wait_is_never_shorter_than_requested_and_otherwise_grows_with_jitter() {
    let policy = RetryPolicy::default().attempts(100);
    let asked = service(429).with_retry_after(Some(Duration::from_secs(7)));
    for _ in 0..100 {
        let delay = policy
            .next_delay(&UPDATE, &asked, tried(1, Duration::ZERO))
            .unwrap();
        assert!((7.0..8.1).contains(&delay.as_secs_f64()), "{delay:?}");
        let third = policy
            .next_delay(&UPDATE, &service(429), tried(3, Duration::ZERO))
            .unwrap();
        assert!((1.0..=2.0).contains(&third.as_secs_f64()), "{third:?}");
        let late = policy
            .next_delay(&UPDATE, &service(429), tried(90, Duration::ZERO))
            .unwrap();
        assert!((15.0..=30.0).contains(&late.as_secs_f64()), "{late:?}");
    }
}

#[test]
fn a_requested_delay_that_cannot_be_read_is_a_warning() {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
    for (name, value, warnings) in [
        ("retry-after", "soon", 1),
        ("retry-after-ms", "NaN", 1),
        ("retry-after", "5", 0),
        ("retry-after", "Wed, 21 Oct 2026 07:28:10 GMT", 0),
        ("date", "soon", 0),
    ] {
        let pair = (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        let headers = HeaderMap::from_iter([pair]);
        let found = crate::telemetry::counted::warnings(|| {
            let _ = retry_after(&headers);
        });
        assert_eq!(found, warnings, "{name}: {value}");
    }
}

#[test]
fn retry_after_has_several_forms() {
    let headers = |pairs: &[(reqwest::header::HeaderName, &'static str)]| {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    name.clone(),
                    reqwest::header::HeaderValue::from_static(value),
                )
            })
            .collect::<HeaderMap>()
    };
    let at = "Wed, 21 Oct 2026 07:28:10 GMT";
    assert_eq!(
        retry_after(&headers(&[(RETRY_AFTER, "120")])),
        Some(Duration::from_secs(120))
    );
    assert_eq!(
        retry_after(&headers(&[
            (RETRY_AFTER, at),
            (DATE, "Wed, 21 Oct 2026 07:28:00 GMT")
        ])),
        Some(Duration::from_secs(10))
    );
    assert_eq!(
        retry_after(&headers(&[(RETRY_AFTER, "Wed, 21 Oct 2015 07:28:00 GMT")])),
        Some(Duration::ZERO)
    );
    assert_eq!(retry_after(&HeaderMap::new()), None);
    for invalid in ["soon", "", "NaN", "1e400"] {
        assert_eq!(
            retry_after(&headers(&[(RETRY_AFTER, invalid)])),
            None,
            "{invalid}"
        );
    }
    assert_eq!(
        retry_after(&headers(&[(RETRY_AFTER, "-5")])),
        Some(Duration::ZERO)
    );
    assert_eq!(
        retry_after(&headers(&[(RETRY_AFTER, "99999999999999999999999")])),
        Some(Duration::MAX)
    );
    let name = reqwest::header::HeaderName::from_static;
    for milliseconds in ["retry-after-ms", "x-ms-retry-after-ms"] {
        assert_eq!(
            retry_after(&headers(&[
                (RETRY_AFTER, "7"),
                (name(milliseconds), "1250")
            ])),
            Some(Duration::from_millis(1_250))
        );
        assert_eq!(
            retry_after(&headers(&[
                (RETRY_AFTER, "7"),
                (name(milliseconds), "soon")
            ])),
            Some(Duration::from_secs(7))
        );
    }
}

#[test]
fn an_error_message_can_say_when_to_retry() {
    for (words, time) in [
        ("Rate limit is exceeded. Try again in 30 seconds.", 30_000),
        ("Too many calls, try again in 1 second", 1_000),
        ("Please retry after 250 ms", 250),
        ("Try again in 2 minutes.", 120_000),
        ("Try again in 1.5s.", 1_500),
    ] {
        assert_eq!(
            in_words(words),
            Some(Duration::from_millis(time)),
            "{words}"
        );
    }
    for words in ["Try again in a while", "Try again in 7", "again", ""] {
        assert_eq!(in_words(words), None, "{words}");
    }
}

#[test]
fn responses_with_a_retry_time_do_not_count_as_attempts_unless_requested() {
    let error = service(429).with_retry_after(Some(Duration::from_secs(1)));
    let long = Tried {
        attempts: 50,
        timed: 46,
        elapsed: Duration::from_secs(60),
    };
    let policy = RetryPolicy::default();
    assert!(policy.next_delay(&UPDATE, &error, long).is_some());
    let counted = Tried { timed: 45, ..long };
    assert!(policy.next_delay(&UPDATE, &error, counted).is_none());
    assert!(
        policy
            .attempts(50)
            .next_delay(&UPDATE, &error, long)
            .is_none()
    );
    let once = tried(1, Duration::ZERO);
    assert!(
        RetryPolicy::none()
            .next_delay(&UPDATE, &error, once)
            .is_none()
    );
}

#[test]
fn an_invalid_retry_time_is_replaced_by_the_growing_delay() {
    let policy = RetryPolicy::default();
    let error = service(429).with_retry_after(Some(Duration::ZERO));
    for (attempts, delay) in [(1, 500), (2, 1_000), (3, 2_000)] {
        let tried = tried(attempts, Duration::ZERO);
        let waited = policy.next_delay(&UPDATE, &error, tried).unwrap();
        let delay = Duration::from_millis(delay);
        assert!((delay..delay * 5 / 4).contains(&waited), "{waited:?}");
    }
}

#[test]
fn waits_for_the_same_moment_are_spread() {
    let policy = RetryPolicy::default();
    let error = service(429).with_retry_after(Some(Duration::from_secs(5)));
    let delays: std::collections::BTreeSet<_> = (0..20)
        .filter_map(|_| policy.next_delay(&UPDATE, &error, tried(1, Duration::ZERO)))
        .collect();
    assert!(delays.len() > 1, "{delays:?}");
}

#[test]
fn a_transient_error_in_a_successful_response_is_repeated_for_reads() {
    let read = Operation::new("getIncident", "GET", "/x", &[]);
    let said = |code: &str| {
        let body = crate::error::ServiceError {
            code: Some(code.to_owned()),
            ..Default::default()
        };
        service(200).with_body(body)
    };
    let policy = RetryPolicy::default();
    assert!(is_repeated(&policy, &read, &said("InternalServerError")));
    assert!(!is_repeated(&policy, &read, &said("Forbidden")));
    assert!(!is_repeated(&policy, &UPDATE, &said("InternalServerError")));
}

#[test]
fn a_server_error_with_a_retry_time_is_repeated() {
    let policy = RetryPolicy::default();
    let said = service(500).with_retry_after(Some(Duration::from_secs(2)));
    assert!(is_repeated(&policy, &UPDATE, &said));
    assert!(!is_repeated(&policy, &COMMENT, &said));
}

#[test]
fn delays_start_with_the_first_and_stay_within_the_total_time() {
    let policy = RetryPolicy::default().first_delay(Duration::from_secs(7));
    assert_eq!(policy.backoff(1), Duration::from_secs(7));
    assert_eq!(policy.backoff(2), Duration::from_secs(14));
    let at_once = RetryPolicy::default().first_delay(Duration::ZERO);
    let at_the_end = |elapsed| at_once.next_delay(&UPDATE, &service(503), tried(1, elapsed));
    assert_eq!(at_the_end(TOTAL), None);
    let before = TOTAL - Duration::from_nanos(1);
    assert_eq!(at_the_end(before), Some(Duration::ZERO));
}

#[test]
fn times_in_messages_have_units_from_milliseconds_to_hours() {
    for (text, seconds) in [
        ("Try again in 500 ms.", 0.5),
        ("Please retry after 5 seconds", 5.0),
        ("try again in 2 minutes.", 120.0),
        ("Retry in 1 hour", 3_600.0),
    ] {
        let told = word::in_words(text).map(|time| time.as_secs_f64());
        assert_eq!(told, Some(seconds), "{text}");
    }
    assert_eq!(word::in_words("try again in 3 fortnights"), None);
}
