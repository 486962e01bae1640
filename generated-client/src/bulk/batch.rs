//! Updates in batches: up to 20 in one request, each with its own status and its own retries.

use graph_client_runtime::generated_code::batch;

use super::{Job, Outcome, Updatable};
use crate::Client;

/// The most requests that a batch can hold.
pub(super) const LARGEST: usize = batch::LARGEST;

/// Carries out all jobs and returns their outcomes in the same order.
pub(super) async fn update<T: Updatable>(
    client: &Client,
    jobs: Vec<Job<T::Update>>,
) -> Vec<Outcome<T>> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    let (mut sent, mut requests) = (Vec::new(), Vec::new());
    for job in jobs {
        match T::request(client, &job.id, &job.update) {
            Ok(request) => {
                sent.push(job);
                requests.push(request);
            }
            Err(error) => outcomes.push(job.outcome(Err(error))),
        }
    }
    let results = batch::send_all(client.core(), T::OPERATION, &requests).await;
    outcomes.extend(
        sent.into_iter()
            .zip(results)
            .map(|(job, result)| job.outcome(result)),
    );
    outcomes.sort_by_key(|outcome| outcome.index);
    outcomes
}
