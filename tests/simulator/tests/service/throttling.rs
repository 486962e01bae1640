//! Throttling, in every form of the response.

use std::time::Duration;

use graph_incidents_simulator::{Limit, Profile, RetryAfter, Simulator, Throttling};

use crate::support::{get, started};

fn limited(form: RetryAfter) -> Profile {
    let mut profile = Profile::plain();
    profile.throttling = Throttling::of([Limit::new(2, Duration::from_secs(30))]).retry_after(form);
    profile
}

#[tokio::test]
async fn the_call_after_the_limit_is_told_when_to_retry() {
    let simulator = started(Simulator::builder().profile(limited(RetryAfter::Seconds))).await;
    for _ in 0..2 {
        assert_eq!(get(&simulator, "/incidents/2972395").await.status, 200);
    }
    let refused = get(&simulator, "/incidents/2972395").await;
    assert_eq!(
        (refused.status, refused.error().0.as_str()),
        (429, "TooManyRequests")
    );
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    simulator.reset_throttling();
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 200);
}

#[tokio::test]
async fn the_wait_is_a_date_or_absent() {
    let simulator = started(Simulator::builder().profile(limited(RetryAfter::Date))).await;
    for _ in 0..2 {
        get(&simulator, "/incidents/2972395").await;
    }
    let date = get(&simulator, "/incidents/2972395")
        .await
        .header("retry-after")
        .unwrap()
        .to_owned();
    let parsed = chrono::DateTime::parse_from_rfc2822(&date).unwrap();
    assert!(parsed > chrono::Utc::now(), "{date}");
    simulator.set_profile(limited(RetryAfter::Absent));
    let silent = get(&simulator, "/incidents/2972395").await;
    assert_eq!((silent.status, silent.header("retry-after")), (429, None));
    let mut older = limited(RetryAfter::Seconds);
    older.throttling.older_body = true;
    simulator.set_profile(older);
    let body = get(&simulator, "/incidents/2972395").await.json();
    assert_eq!(body["error"]["code"], "429");
    assert!(body["error"]["target"].is_string());
}
