//! Sends updates and comments through a service that fails in every way, and compares the reports with its ledger.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fmt;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use graph_incidents::auth::ClientCredentials;
use graph_incidents::types::{IncidentCommentCreate, IncidentUpdate};
use graph_incidents::{Client, Effect, Limits, RateBudget, RetryPolicy};
use graph_incidents_simulator::{Fault, FaultRule, RetryAfter, Simulator};
use serde_json::json;

/// The size of a run.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// The number of updates, each to its own incident.
    pub updates: usize,
    /// After how many updates a comment is sent.
    pub comment_every: usize,
    /// The number of requests in flight; with 1, the same seed repeats the same run.
    pub concurrency: usize,
    /// The seed of the faults.
    pub seed: u64,
}

/// The result of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Updates that the client reports as done.
    pub updated: usize,
    /// Updates that it reports as not done.
    pub not_updated: usize,
    /// Comments that it reports as done.
    pub commented: usize,
    /// Comments that it reports as not done.
    pub not_commented: usize,
    /// The number of these whose effect the client did not know and looked up.
    pub looked_up: usize,
    /// Requests that the service saw.
    pub requests: u64,
    /// Faults that were applied.
    pub faults: u64,
    /// Disagreements between report and ledger; must stay empty.
    pub disagreements: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "updates done / not done    {:>6} / {}",
            self.updated, self.not_updated
        )?;
        writeln!(
            formatter,
            "comments done / not done   {:>6} / {}",
            self.commented, self.not_commented
        )?;
        writeln!(
            formatter,
            "looked up afterwards       {:>6}",
            self.looked_up
        )?;
        writeln!(
            formatter,
            "requests / faults          {:>6} / {}",
            self.requests, self.faults
        )?;
        write!(
            formatter,
            "disagreements with ledger  {:>6}",
            self.disagreements.len()
        )
    }
}

/// Every fault, with its probability.
pub(crate) fn faults() -> Vec<FaultRule> {
    let status = |status, applied| Fault::Status {
        status,
        retry_after: None,
        retry_after_form: RetryAfter::Absent,
        applied,
    };
    let wait = |form| Fault::Status {
        status: 429,
        retry_after: Some(1),
        retry_after_form: form,
        applied: false,
    };
    let anywhere = vec![
        FaultRule::new(status(429, false)).probability(0.04),
        FaultRule::new(wait(RetryAfter::Seconds))
            .probability(0.02)
            .times(2),
        FaultRule::new(wait(RetryAfter::Date))
            .probability(0.02)
            .times(1),
        FaultRule::new(status(500, false)).probability(0.01),
        FaultRule::new(status(500, true)).probability(0.01),
        FaultRule::new(status(503, false)).probability(0.02),
        FaultRule::new(status(503, true)).probability(0.02),
        FaultRule::new(status(504, true)).probability(0.02),
        FaultRule::new(Fault::HtmlError { status: 502 }).probability(0.02),
        FaultRule::new(Fault::EmptyError { status: 503 }).probability(0.01),
        FaultRule::new(Fault::ResetBefore).probability(0.02),
        FaultRule::new(Fault::ResetAfter).probability(0.02),
        FaultRule::new(Fault::TruncatedBody { fraction: 0.6 }).probability(0.02),
        FaultRule::new(Fault::LateResponse {
            milliseconds: 2_000,
        })
        .probability(0.002),
        FaultRule::new(Fault::SlowBody {
            chunk: 400,
            pause_milliseconds: 1,
        })
        .probability(0.01),
        // A proxy that sends an update twice does no harm, since an update sets values.
        FaultRule::new(Fault::DuplicateDelivery)
            .on("updateIncident")
            .probability(0.01),
    ];
    // Successful statuses that hide an error.
    let lies = [
        (Fault::ErrorInSuccess { applied: false }, 0.02),
        (Fault::ErrorInSuccess { applied: true }, 0.02),
        (Fault::EmptyObject, 0.02),
        (Fault::EmptySuccess, 0.01),
        (Fault::HtmlSuccess, 0.01),
    ];
    let batches = [
        (Fault::BatchPartMissing, 0.1),
        (Fault::BatchNumericIds, 0.1),
        (Fault::BatchNoContent, 0.1),
        (Fault::BatchOutOfOrder, 0.1),
        (status(429, false), 0.05),
        (status(503, true), 0.05),
        (Fault::ErrorInSuccess { applied: true }, 0.02),
        (Fault::ResetAfter, 0.02),
    ];
    let sign_ins = [(status(503, false), 0.1), (Fault::ExpiresInText, 0.3)];
    let on = |name: &str, faults: &[(Fault, f64)]| -> Vec<FaultRule> {
        let rules = faults.iter().cloned();
        rules
            .map(|(fault, probability)| FaultRule::new(fault).on(name).probability(probability))
            .collect()
    };
    let rules = anywhere.into_iter();
    rules
        .chain(on("updateIncident", &lies))
        .chain(on("createIncidentComment", &lies))
        .chain(on("batch", &batches))
        .chain(on("token", &sign_ins))
        .collect()
}

/// Sends everything, and compares what the client reports with the service's ledger.
///
/// # Errors
///
/// Returns an error if the simulator or the client cannot be started.
pub async fn run(size: Size) -> Result<Report, Box<dyn Error>> {
    let (simulator, client) = started(size).await?;
    let mut report = Report::default();
    let mut was_updated = HashMap::new();
    // The second half is sent in batches.
    let half = size.updates / 2;
    for (range, is_batched) in [(0..half, false), (half..size.updates, true)] {
        let first = range.start;
        let updates = range.map(|number| (id(number), IncidentUpdate::new().summary(text(number))));
        let updates = client.update_many(updates).concurrency(size.concurrency);
        let mut updates = if is_batched {
            updates.batched()
        } else {
            updates
        };
        while let Some(outcome) = updates.next().await {
            let known = match outcome.result {
                Ok(_) => Some(true),
                Err(error) => known(error.effect()),
            };
            was_updated.insert(first + outcome.index, known);
        }
    }
    let mut comments = stream::iter((0..size.updates).step_by(size.comment_every))
        .map(|number| comment(&client, number))
        .buffer_unordered(size.concurrency);
    let mut was_commented = HashMap::new();
    while let Some((number, known)) = comments.next().await {
        was_commented.insert(number, known);
    }
    drop(comments);
    report.requests = simulator.ledger().request_count();
    report.faults = simulator
        .faults()
        .active()
        .iter()
        .map(|active| active.struck)
        .sum();
    // The client can look up unknown effects once the service works again.
    simulator.faults().clear();
    for (number, known) in &mut was_updated {
        if known.is_none() {
            report.looked_up += 1;
            let incident = client.get_incident(&id(*number)).await?;
            *known = Some(incident.summary == Some(text(*number)));
        }
    }
    for (number, known) in &mut was_commented {
        if known.is_none() {
            report.looked_up += 1;
            let incident = client.get_incident(&id(*number)).await?;
            *known = Some(!incident.comments().is_empty());
        }
    }
    compare(&simulator, &was_updated, &was_commented, &mut report);
    Ok(report)
}

/// A service with faults, and a client with few and quick retries.
async fn started(size: Size) -> Result<(Simulator, Client), Box<dyn Error>> {
    // Tokens expire soon, so that many are requested.
    let simulator = Simulator::builder()
        .seed(size.seed)
        .token_lifetime(Duration::from_secs(301))
        .start()
        .await?;
    for number in 0..size.updates {
        simulator.insert(
            json!({"id": id(number), "displayName": "fault run", "status": "active"}),
            Vec::new(),
        );
    }
    for rule in faults() {
        simulator.faults().add(rule)?;
    }
    let sign_in = ClientCredentials::new(
        simulator.tenant_id(),
        simulator.client_id(),
        simulator.client_secret(),
    )?
    .authority(simulator.origin());
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token_source(sign_in)
        .budget(RateBudget::off())
        .limits(Limits::default().attempt_time(Duration::from_millis(500)))
        .retry(
            RetryPolicy::default()
                .attempts(4)
                .first_delay(Duration::from_millis(1))
                .longest_delay(Duration::from_millis(4)),
        )
        .build()?;
    Ok((simulator, client))
}

async fn comment(client: &Client, number: usize) -> (usize, Option<bool>) {
    let body = IncidentCommentCreate::new(text(number));
    match client.create_incident_comment(&id(number), &body).await {
        Ok(_) => (number, Some(true)),
        Err(error) => (number, known(error.effect())),
    }
}

/// Whether something that failed was written, if that is known.
fn known(effect: Effect) -> Option<bool> {
    match effect {
        Effect::NotApplied => Some(false),
        Effect::Applied => Some(true),
        _ => None,
    }
}

fn id(number: usize) -> String {
    (9_000_000 + number).to_string()
}

fn text(number: usize) -> String {
    format!("number {number}")
}

fn compare(
    simulator: &Simulator,
    was_updated: &HashMap<usize, Option<bool>>,
    was_commented: &HashMap<usize, Option<bool>>,
    report: &mut Report,
) {
    // A repeated call is in the ledger several times with the same id, and counts once.
    let requests = simulator.ledger().requests();
    let callers: HashMap<&str, &str> = requests
        .iter()
        .map(|request| {
            (
                request.request_id.as_str(),
                request.client_request_id.as_str(),
            )
        })
        .collect();
    let mut updates: HashMap<String, HashSet<String>> = HashMap::new();
    let mut comments: HashMap<String, usize> = HashMap::new();
    for write in simulator.ledger().writes() {
        match write.operation.as_str() {
            "updateIncident" => {
                let caller = callers.get(write.request_id.as_str()).copied();
                let caller = caller.unwrap_or_default().to_owned();
                updates.entry(write.incident).or_default().insert(caller);
            }
            "createIncidentComment" => *comments.entry(write.incident).or_default() += 1,
            _ => {}
        }
    }
    for (number, known) in was_updated {
        let is_done = *known == Some(true);
        let written = updates.get(&id(*number)).map_or(0, HashSet::len);
        if usize::from(is_done) != written {
            report.disagreements.push(format!(
                "update {number}: reported {is_done}, written by {written} calls"
            ));
        }
        *(if is_done {
            &mut report.updated
        } else {
            &mut report.not_updated
        }) += 1;
    }
    for (number, known) in was_commented {
        let is_done = *known == Some(true);
        let written = comments.get(&id(*number)).copied().unwrap_or_default();
        // An update may be written twice, a comment may not.
        if usize::from(is_done) != written {
            report.disagreements.push(format!(
                "comment {number}: reported {is_done}, written {written} times"
            ));
        }
        *(if is_done {
            &mut report.commented
        } else {
            &mut report.not_commented
        }) += 1;
    }
}
