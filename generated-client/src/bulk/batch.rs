//! Updates in batches: up to 20 in one request, each with its own status, each repeated by itself.

use graph_client_runtime::generated_code::{Call as _, batch};

use super::{Job, Outcome};
use crate::Client;
use crate::requests::UpdateIncident;

/// How many requests a batch may hold.
pub(super) const LARGEST: usize = batch::LARGEST;

/// Updates all, and returns the outcomes in the order of the jobs.
pub(super) async fn update(client: &Client, jobs: Vec<Job>) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    let (mut sent, mut requests) = (Vec::new(), Vec::new());
    for job in jobs {
        let call = client.update_incident(&job.incident_id, &job.update);
        match call.request() {
            Ok(request) => {
                sent.push(job);
                requests.push(request);
            }
            Err(error) => outcomes.push(job.outcome(Err(error))),
        }
    }
    let results = batch::send_all(client.core(), &UpdateIncident::OPERATION, &requests).await;
    outcomes.extend(
        sent.into_iter()
            .zip(results)
            .map(|(job, result)| job.outcome(result)),
    );
    outcomes.sort_by_key(|outcome| outcome.index);
    outcomes
}
