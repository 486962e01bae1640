//! Calls are repeated if that helps and does no harm, for as long as the policy allows.

use std::time::Duration;

use graph_incidents::types::{IncidentCommentCreate, IncidentUpdate};
use graph_incidents::{Client, RetryPolicy};
use graph_incidents_simulator::{Fault, RetryAfter};

use super::{REFERENCE, connected, sent, status, swift};

/// The ambiguous failures, after which something may have been written.
fn ambiguous() -> Vec<Fault> {
    vec![
        status(502),
        status(503),
        status(504),
        Fault::HtmlError { status: 503 },
        Fault::EmptyError { status: 504 },
        Fault::ResetBefore,
        Fault::ResetAfter,
    ]
}

#[tokio::test]
async fn updates_and_reads_survive_transient_failures() {
    let (simulator, client) = connected().await;
    let update = IncidentUpdate::new().summary("a");
    let mut faults = ambiguous();
    faults.extend([status(429), Fault::TruncatedBody { fraction: 0.5 }]);
    for fault in faults {
        let before = sent(&simulator);
        simulator
            .faults()
            .script([vec![fault.clone()], vec![fault.clone()]]);
        client
            .update_incident(REFERENCE, &update)
            .await
            .unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(sent(&simulator) - before, 3, "{fault:?}");
        simulator.faults().script([vec![fault.clone()]]);
        client
            .get_incident(REFERENCE)
            .await
            .unwrap_or_else(|error| panic!("{fault:?}: {error}"));
    }
}

#[tokio::test]
async fn a_comment_is_never_sent_twice_after_an_ambiguous_failure_unless_requested() {
    let (simulator, client) = connected().await;
    let comment = IncidentCommentCreate::new("once");
    for fault in ambiguous() {
        let before = sent(&simulator);
        simulator.faults().script([vec![fault.clone()]]);
        let error = client
            .create_incident_comment(REFERENCE, &comment)
            .await
            .unwrap_err();
        assert_eq!(sent(&simulator) - before, 1, "{fault:?}: {error}");
        assert_eq!(error.attempts(), 1);
    }
    let bold = client.with_retry(swift().repeat_ambiguous_posts(true));
    simulator.faults().script([vec![Fault::ResetAfter]]);
    let before = simulator.ledger().write_count();
    bold.create_incident_comment(REFERENCE, &comment)
        .await
        .unwrap();
    assert_eq!(simulator.ledger().write_count() - before, 2);
}

#[tokio::test]
async fn a_comment_is_repeated_if_nothing_can_have_been_written() {
    let (simulator, client) = connected().await;
    simulator
        .faults()
        .script([vec![status(429)], vec![status(429)]]);
    client
        .create_incident_comment(REFERENCE, &IncidentCommentCreate::new("once"))
        .await
        .unwrap();
    assert_eq!(simulator.ledger().write_count(), 1);
}

#[tokio::test]
async fn attempts_are_bounded_and_the_last_error_is_returned() {
    let (simulator, client) = connected().await;
    simulator
        .faults()
        .script(std::iter::repeat_n(vec![status(429)], 20));
    let error = client.get_incident(REFERENCE).await.unwrap_err();
    assert!(error.is_throttled());
    assert_eq!((error.attempts(), sent(&simulator)), (5, 5));
    assert!(error.to_string().contains("5 attempts"), "{error}");
}

#[tokio::test]
async fn retry_after_is_obeyed_in_both_forms() {
    for retry_after_form in [RetryAfter::Seconds, RetryAfter::Date] {
        let (simulator, client) = connected().await;
        let fault = Fault::Status {
            status: 429,
            retry_after: Some(1),
            retry_after_form,
            applied: false,
        };
        simulator.faults().script([vec![fault]]);
        let start = std::time::Instant::now();
        client.get_incident(REFERENCE).await.unwrap();
        let waited = start.elapsed();
        assert!(
            waited >= Duration::from_millis(990),
            "{retry_after_form:?}: {waited:?}"
        );
    }
}

#[tokio::test]
async fn a_wait_beyond_the_total_time_is_not_started() {
    let (simulator, client) = connected().await;
    let fault = Fault::Status {
        status: 429,
        retry_after: Some(3_600),
        retry_after_form: RetryAfter::Seconds,
        applied: false,
    };
    simulator.faults().script([vec![fault]]);
    let error = client.get_incident(REFERENCE).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3_600)));
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn all_attempts_of_a_call_have_the_same_client_request_id() {
    let (simulator, client) = connected().await;
    simulator
        .faults()
        .script([vec![status(503)], vec![status(503)]]);
    client.get_incident(REFERENCE).await.unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    let ids: Vec<String> = simulator
        .ledger()
        .requests()
        .into_iter()
        .map(|request| request.client_request_id)
        .collect();
    assert_eq!(ids.len(), 4);
    assert!(ids[..3].iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_ne!(ids[0], ids[3]);
    assert_eq!(ids[0].len(), 36);
}

#[tokio::test]
async fn a_dropped_call_is_not_repeated_in_the_background() {
    let (simulator, client) = connected().await;
    let fault = Fault::Status {
        status: 429,
        retry_after: Some(1),
        retry_after_form: RetryAfter::Seconds,
        applied: false,
    };
    simulator.faults().script([vec![fault]]);
    let request = client.get_incident(REFERENCE);
    tokio::select! {
        biased;
        result = request.send() => panic!("it should still wait: {result:?}"),
        () = until_sent(&simulator, 1) => {}
    }
    tokio::time::sleep(Duration::from_millis(1_300)).await;
    assert_eq!(sent(&simulator), 1);
}

async fn until_sent(simulator: &graph_incidents_simulator::Simulator, count: usize) {
    while sent(simulator) < count {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test]
async fn an_unreachable_service_is_retried_and_then_given_up() {
    let client = Client::builder()
        .base_url("http://127.0.0.1:1/beta")
        .token("secret")
        .retry(swift().attempts(3))
        .build()
        .unwrap();
    let error = client.get_incident(REFERENCE).await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    assert_eq!(error.attempts(), 3);
    assert!(!format!("{error:?}").contains("secret"));
    let once = client
        .with_retry(RetryPolicy::none())
        .get_incident(REFERENCE)
        .await
        .unwrap_err();
    assert_eq!(once.attempts(), 1);
}
