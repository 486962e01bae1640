//! All clones and tasks keep to one budget, according to the service's ledger.

use std::time::Duration;

use graph_incidents::RateBudget;
use graph_incidents_simulator::{Limit, Profile, Simulator, Throttling};

use super::{REFERENCE, client, sent};

const WINDOW: Duration = Duration::from_millis(400);

/// A service that grants a number of calls per window.
async fn throttled(calls: usize) -> Simulator {
    let mut profile = Profile::plain();
    profile.throttling = Throttling::of([Limit::new(calls, WINDOW)]);
    Simulator::builder().profile(profile).start().await.unwrap()
}

#[tokio::test]
async fn many_tasks_and_clones_stay_within_the_budget() {
    let simulator = throttled(12).await;
    // A little less than granted in a little more time, since requests take different times to arrive.
    let budget = RateBudget::adaptive().at_most(10, WINDOW + Duration::from_millis(200));
    let mut calls = Vec::new();
    for _ in 0..2 {
        let client = client(&simulator).budget(budget.clone()).build().unwrap();
        for _ in 0..20 {
            let client = client.clone();
            calls.push(tokio::spawn(
                async move { client.get_incident(REFERENCE).await },
            ));
        }
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let throttled = simulator
        .ledger()
        .requests()
        .iter()
        .filter(|request| request.status == 429)
        .count();
    assert_eq!((sent(&simulator), throttled), (40, 0));
}

#[tokio::test]
async fn without_configured_limits_the_budget_adapts_to_the_service() {
    let simulator = throttled(10).await;
    let client = client(&simulator)
        .budget(RateBudget::adaptive())
        .build()
        .unwrap();
    let calls = (0..30).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.get_incident(REFERENCE).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    // All calls succeeded with few requests: without the budget, each call would try five times.
    let throttled = simulator
        .ledger()
        .requests()
        .iter()
        .filter(|request| request.status == 429)
        .count();
    assert!(
        throttled <= 40,
        "{throttled} refused of {}",
        sent(&simulator)
    );
}

#[tokio::test]
async fn a_call_that_gets_no_permission_in_time_says_so_and_is_not_sent() {
    let simulator = throttled(100).await;
    let client = client(&simulator)
        .budget(RateBudget::adaptive().at_most(1, Duration::from_secs(3_600)))
        .build()
        .unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    let hasty = client.with_retry(super::swift().total_time(Duration::from_millis(30)));
    let error = hasty.get_incident(REFERENCE).await.unwrap_err();
    assert!(error.is_throttled(), "{error}");
    assert_eq!((error.attempts(), sent(&simulator)), (0, 1));
}
