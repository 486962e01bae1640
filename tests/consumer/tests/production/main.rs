//! The client's promises for production, tested against the simulator; one file for each topic.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

mod alert;
mod alerts;
mod alerts_in_bulk;
mod analyst;
mod any_path;
mod batches;
mod budget;
mod bulk;
mod clouds;
mod continuous_access;
#[cfg(unix)]
mod credentials;
mod errors;
mod exchanges;
mod fault_run;
mod hunting;
mod hunting_time;
mod identities;
mod incident;
mod indicators;
mod limits;
mod messages;
mod pages;
mod paths;
mod proxy;
mod query;
mod ranges;
mod raw;
mod raw_pages;
mod retry;
mod scripted;
mod shared_tokens;
mod sign_in;
mod tokens;
mod unreadable;
mod update;
mod watch;
mod watch_order;
mod watch_requests;

use std::time::Duration;

use graph_incidents::{Client, ClientBuilder, RetryPolicy};
use graph_incidents_simulator::{Fault, Simulator};

/// The incident of the reference page.
const REFERENCE: &str = "2972395";

/// A simulator, and a client that retries without waiting.
async fn connected() -> (Simulator, Client) {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = client(&simulator).build().unwrap();
    (simulator, client)
}

fn client(simulator: &Simulator) -> ClientBuilder {
    Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .retry(swift())
}

/// The usual policy, but without waiting.
fn swift() -> RetryPolicy {
    RetryPolicy::default()
        .first_delay(Duration::from_millis(1))
        .longest_delay(Duration::from_millis(2))
}

/// An error status without `Retry-After`.
fn status(status: u16) -> Fault {
    Fault::Status {
        status,
        retry_after: None,
        retry_after_form: Default::default(),
        applied: false,
    }
}

/// How many requests the simulator saw.
fn sent(simulator: &Simulator) -> usize {
    simulator.ledger().requests().len()
}
