//! How long a hunting query may take, in virtual time, and when it is repeated.

use std::time::Duration;

use graph_incidents::types::HuntingQueryRequest;
use graph_incidents::{Effect, Limits, RetryPolicy};
use graph_incidents_simulator::{Fault, FaultRule, Simulator};

use super::{connected, sent, status};

#[tokio::test]
async fn a_query_is_repeated_like_a_read_and_has_written_nothing() {
    let (simulator, client) = connected().await;
    for fault in [
        Fault::ResetAfter,
        status(503),
        Fault::TruncatedBody { fraction: 0.5 },
    ] {
        simulator.faults().script([vec![fault]]);
        client.hunt("AlertInfo | count").await.unwrap();
    }
    assert_eq!(sent(&simulator), 6);
    let once = client.with_retry(RetryPolicy::none());
    simulator.faults().script([vec![Fault::ResetAfter]]);
    let error = once.hunt("AlertInfo | count").await.unwrap_err();
    assert_eq!(error.effect(), Effect::NotApplied);
    // In a batch too.
    let body = HuntingQueryRequest::new("AlertInfo | count");
    let mut batch = client.core().batch();
    let found = batch.add(client.run_hunting_query(&body));
    batch.send().await;
    assert_eq!(found.take().unwrap().results()[0]["Count"], 0);
}

#[tokio::test]
async fn an_exhausted_quota_is_waited_for() {
    let (simulator, client) = connected().await;
    let throttled = Fault::Status {
        status: 429,
        retry_after: Some(0),
        retry_after_form: Default::default(),
        applied: false,
    };
    simulator
        .faults()
        .script([vec![throttled.clone()], vec![throttled]]);
    client.hunt("AlertInfo | count").await.unwrap();
    assert_eq!(sent(&simulator), 3);
}

/// Keeps the runtime busy, so that virtual time stands still unless it is moved.
fn hold_time() -> tokio::task::JoinHandle<()> {
    tokio::time::pause();
    tokio::spawn(async {
        loop {
            tokio::task::yield_now().await;
        }
    })
}

async fn slow(milliseconds: u64) -> (Simulator, graph_incidents::Client) {
    let (simulator, client) = connected().await;
    let latency = Fault::Latency {
        milliseconds,
        jitter_milliseconds: 0,
    };
    simulator.faults().add(FaultRule::new(latency)).unwrap();
    (simulator, client)
}

/// Waits without virtual time until a number of requests have arrived.
async fn come(simulator: &Simulator, count: u64) {
    while simulator.faults().active()[0].seen < count {
        tokio::task::yield_now().await;
    }
    // The request now waits for its latency.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_query_that_takes_three_minutes_succeeds() {
    let (simulator, client) = slow(180_000).await;
    let busy = hold_time();
    let hunting = tokio::spawn(async move { client.hunt("AlertInfo | count").await });
    come(&simulator, 1).await;
    tokio::time::advance(Duration::from_secs(179)).await;
    assert!(!hunting.is_finished());
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(hunting.await.unwrap().unwrap().len(), 1);
    assert_eq!(sent(&simulator), 1);
    busy.abort();
}

#[tokio::test]
async fn after_the_client_s_own_timeout_a_query_is_not_repeated() {
    let (simulator, client) = slow(240_000).await;
    let busy = hold_time();
    let other = client.clone();
    let hunting = tokio::spawn(async move { client.hunt("AlertInfo | count").await });
    come(&simulator, 1).await;
    tokio::time::advance(Duration::from_secs(201)).await;
    let error = hunting.await.unwrap().unwrap_err();
    assert!(error.is_timeout());
    assert!(
        error.to_string().contains("no response within 200 s"),
        "{error}"
    );
    assert_eq!((error.attempts(), error.effect()), (1, Effect::NotApplied));
    // A caller's own bound holds.
    let hasty = other.with_limits(Limits::default().attempt_time(Duration::from_secs(10)));
    let hunting = tokio::spawn(async move { hasty.hunt("AlertInfo | count").await });
    come(&simulator, 2).await;
    tokio::time::advance(Duration::from_secs(11)).await;
    let error = hunting.await.unwrap().unwrap_err();
    assert!(
        error.to_string().contains("no response within 10 s"),
        "{error}"
    );
    assert_eq!(simulator.faults().active()[0].seen, 2);
    busy.abort();
}

/// Lets virtual time pass until a number of requests have arrived.
async fn pass(simulator: &Simulator, count: u64, at_once: Duration) {
    tokio::time::advance(at_once).await;
    while simulator.faults().active()[0].seen < count {
        tokio::time::advance(Duration::from_millis(50)).await;
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    }
    come(simulator, count).await;
}

#[tokio::test]
async fn a_call_ends_after_exactly_ten_minutes() {
    // Each attempt is within its own limit, and another one can follow.
    let (simulator, client) = slow(190_000).await;
    let busy_service = Fault::Status {
        status: 503,
        retry_after: Some(1),
        retry_after_form: Default::default(),
        applied: false,
    };
    simulator
        .faults()
        .add(FaultRule::new(busy_service))
        .unwrap();
    let busy = hold_time();
    let patient = client.with_retry(RetryPolicy::default());
    let begun = tokio::time::Instant::now();
    let hunting = tokio::spawn(async move { patient.hunt("AlertInfo | count").await });
    come(&simulator, 1).await;
    for count in 2..=4 {
        pass(&simulator, count, Duration::from_secs(189)).await;
    }
    let rest = Duration::from_secs(600) - begun.elapsed();
    assert!(
        rest < Duration::from_secs(190),
        "the fourth attempt is the last one"
    );
    tokio::time::advance(rest - Duration::from_millis(1)).await;
    come(&simulator, 4).await;
    assert!(!hunting.is_finished());
    tokio::time::advance(Duration::from_millis(2)).await;
    let error = hunting.await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    // The rest of the ten minutes, and not an attempt's own 200 s.
    let left = format!("no response within {} s", rest.as_secs_f64());
    assert!(error.to_string().contains(&left), "{error}");
    assert_eq!(error.attempts(), 4, "{error}");
    assert_eq!(simulator.faults().active()[0].seen, 4);
    busy.abort();
}

#[tokio::test]
async fn a_wait_within_the_ten_minutes_is_started_and_a_longer_one_is_not() {
    for (seconds, attempts) in [(590, 2), (600, 1)] {
        let (simulator, client) = connected().await;
        let later = Fault::Status {
            status: 429,
            retry_after: Some(seconds),
            retry_after_form: Default::default(),
            applied: false,
        };
        simulator.faults().add(FaultRule::new(later)).unwrap();
        let busy = hold_time();
        let patient = client.with_retry(RetryPolicy::default());
        let hunting = tokio::spawn(async move { patient.hunt("AlertInfo | count").await });
        come(&simulator, 1).await;
        if attempts == 2 {
            pass(&simulator, 2, Duration::from_secs(589)).await;
        }
        let error = hunting.await.unwrap().unwrap_err();
        assert!(error.is_throttled());
        assert_eq!(error.attempts(), attempts, "{error}");
        busy.abort();
        tokio::time::resume();
    }
}
