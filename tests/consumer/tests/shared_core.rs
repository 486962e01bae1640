//! Two generated clients in one program share a core: one pool of connections, one token, one budget.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use graph_client_build_time::triage;
use graph_incidents::auth::{AccessToken, from_fn};
use graph_incidents::{Client, RateBudget, RetryPolicy};
use graph_incidents_simulator::Simulator;

/// A client for incidents, and how often a token was requested.
fn client(simulator: &Simulator, budget: RateBudget) -> (Client, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let (count, token) = (Arc::clone(&asked), simulator.token().to_owned());
    let source = from_fn(move || {
        count.fetch_add(1, Ordering::Relaxed);
        let token = AccessToken::new(token.clone()).expires_in(Duration::from_secs(3_600));
        async move { Ok::<_, std::io::Error>(token) }
    });
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token_source(source)
        .budget(budget)
        .retry(RetryPolicy::none().total_time(Duration::from_millis(300)))
        .build()
        .unwrap();
    (client, asked)
}

#[tokio::test]
async fn a_second_client_on_the_same_core_requests_no_token() {
    let simulator = Simulator::builder().start().await.unwrap();
    let (incidents, asked) = client(&simulator, RateBudget::adaptive());
    let triage = triage::Client::from_core(incidents.core().clone());
    let incident = incidents.get_incident("2972395").await.unwrap();
    let ticket = triage.get_ticket("2972395").await.unwrap();
    assert_eq!(ticket.id, incident.id);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn two_clients_on_one_core_share_the_budget() {
    let simulator = Simulator::builder().start().await.unwrap();
    let budget = RateBudget::adaptive().at_most(2, Duration::from_secs(60));
    let (incidents, _) = client(&simulator, budget);
    let triage = triage::Client::from_core(incidents.core().clone());
    incidents.get_incident("2972395").await.unwrap();
    triage.get_ticket("2972395").await.unwrap();
    let error = triage.get_ticket("2972395").await.unwrap_err();
    assert!(
        error.to_string().contains("budget") || error.to_string().contains("rate"),
        "{error}"
    );
    assert_eq!(simulator.ledger().requests().len(), 2);
}
