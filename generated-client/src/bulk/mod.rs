//! Many updates at once: bounded concurrency, a result for each, and a record of what was sent.

mod batch;
mod progress;

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

pub use progress::{Progress, Snapshot};

use crate::Client;
use crate::types::{Incident, IncidentUpdate};
use graph_client_runtime::Error;

/// How many requests are on their way at a time.
const CONCURRENCY: usize = 8;

/// The outcome of one of many updates.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// Which of the updates it was, counted from 0.
    pub index: usize,
    /// The incident that was asked for.
    pub incident_id: String,
    /// What was asked for.
    pub update: IncidentUpdate,
    /// The incident as it is now, or what went wrong; [`Error::effect`] says whether it may have been written.
    pub result: Result<Incident, Error>,
}

impl Client {
    /// Updates many incidents. The updates are taken one by one, when there is room for them.
    ///
    /// # Examples
    ///
    /// ```
    /// use graph_incidents::types::{AlertSeverity, IncidentUpdate};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let ids = ["2972395", "2972396", "2972397"];
    /// let low = IncidentUpdate::new().severity(AlertSeverity::Low);
    /// let mut outcomes = client
    ///     .update_many(ids.map(|id| (id.to_owned(), low.clone())))
    ///     .concurrency(4);
    /// let progress = outcomes.progress();
    /// while let Some(outcome) = outcomes.next().await {
    ///     match outcome.result {
    ///         Ok(incident) => println!("{} is {:?}", incident.id, incident.severity),
    ///         Err(error) => println!("{}: {error} ({:?})", outcome.incident_id, error.effect()),
    ///     }
    /// }
    /// println!("{} done", progress.snapshot().finished);
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_many<I>(&self, updates: I) -> UpdateMany<'static>
    where
        I: IntoIterator<Item = (String, IncidentUpdate)>,
        I::IntoIter: Send + 'static,
    {
        self.update_stream(futures_util::stream::iter(updates))
    }

    /// Updates many incidents, as a stream gives them; see [`Client::update_many`].
    pub fn update_stream<'a>(
        &self,
        updates: impl Stream<Item = (String, IncidentUpdate)> + Send + 'a,
    ) -> UpdateMany<'a> {
        UpdateMany {
            client: self.clone(),
            updates: Some(Box::pin(updates)),
            running: FuturesUnordered::new(),
            waiting: VecDeque::new(),
            next_index: 0,
            next_out: 0,
            concurrency: CONCURRENCY,
            batch_size: 1,
            in_order: false,
            progress: Progress::default(),
        }
    }
}

type Outcomes = Pin<Box<dyn Future<Output = Vec<Outcome>> + Send>>;
type Updates<'a> = Pin<Box<dyn Stream<Item = (String, IncidentUpdate)> + Send + 'a>>;

/// Many updates on their way: a [`Stream`] of outcomes, in the order in which they come.
///
/// Dropping it stops: what has been taken from the input and has no outcome may have been sent; what has not been
/// taken was not. [`Progress::snapshot`] names them.
#[must_use = "a stream sends requests only when it is polled"]
pub struct UpdateMany<'a> {
    client: Client,
    updates: Option<Updates<'a>>,
    running: FuturesUnordered<Outcomes>,
    /// Outcomes that have come and are not given yet.
    waiting: VecDeque<Outcome>,
    next_index: usize,
    next_out: usize,
    concurrency: usize,
    batch_size: usize,
    in_order: bool,
    progress: Progress,
}

/// An update that was taken from the input.
#[derive(Debug, Clone)]
struct Job {
    index: usize,
    incident_id: String,
    update: IncidentUpdate,
}

impl Job {
    fn outcome(self, result: Result<Incident, Error>) -> Outcome {
        Outcome {
            index: self.index,
            incident_id: self.incident_id,
            update: self.update,
            result,
        }
    }
}

impl UpdateMany<'_> {
    /// How many requests are on their way at a time; 8 if nothing else is said. The rate budget of the client holds
    /// besides.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// Gives the outcomes in the order of the input. No more than the concurrency are held back.
    pub fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// Sends up to 20 updates in one request (JSON batching). Each has its own status and is repeated by itself;
    /// each counts for the rate budget. Fewer round trips, but a whole batch waits for its slowest part.
    pub fn batched(mut self) -> Self {
        self.batch_size = batch::LARGEST;
        self
    }

    /// What has been sent and what has not, while it runs and after it was dropped.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// The next outcome. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Outcome> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Takes from the input as long as there is room.
    fn take_jobs(&mut self, context: &mut Context<'_>) {
        let held_back = if self.in_order { self.waiting.len() } else { 0 };
        while self.running.len() + held_back < self.concurrency {
            let mut jobs = Vec::new();
            while jobs.len() < self.batch_size {
                let Some(updates) = &mut self.updates else {
                    break;
                };
                match updates.as_mut().poll_next(context) {
                    Poll::Ready(Some((incident_id, update))) => {
                        let job = Job {
                            index: self.next_index,
                            incident_id,
                            update,
                        };
                        self.progress.taken(job.index, &job.incident_id);
                        self.next_index += 1;
                        jobs.push(job);
                    }
                    Poll::Ready(None) => self.updates = None,
                    Poll::Pending => break,
                }
            }
            if jobs.is_empty() {
                return;
            }
            self.running.push(work(self.client.clone(), jobs));
        }
    }

    fn ready_outcome(&mut self) -> Option<Outcome> {
        let place = match self.in_order {
            true => self
                .waiting
                .iter()
                .position(|outcome| outcome.index == self.next_out)?,
            false => 0,
        };
        let outcome = self.waiting.remove(place)?;
        self.next_out += 1;
        Some(outcome)
    }
}

fn work(client: Client, jobs: Vec<Job>) -> Outcomes {
    Box::pin(async move {
        if jobs.len() > 1 {
            return batch::update(&client, jobs).await;
        }
        let mut outcomes = Vec::new();
        for job in jobs {
            let result = client
                .update_incident(&job.incident_id, &job.update)
                .send()
                .await;
            outcomes.push(job.outcome(result));
        }
        outcomes
    })
}

impl Stream for UpdateMany<'_> {
    type Item = Outcome;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Outcome>> {
        let this = &mut *self;
        loop {
            if let Some(outcome) = this.ready_outcome() {
                return Poll::Ready(Some(outcome));
            }
            this.take_jobs(context);
            match this.running.poll_next_unpin(context) {
                Poll::Ready(Some(outcomes)) => {
                    for outcome in outcomes {
                        this.progress.finished(&outcome);
                        this.waiting.push_back(outcome);
                    }
                }
                Poll::Ready(None) if this.updates.is_none() => return Poll::Ready(None),
                Poll::Ready(None) | Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl fmt::Debug for UpdateMany<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UpdateMany")
            .field("taken", &self.next_index)
            .field("running", &self.running.len())
            .finish_non_exhaustive()
    }
}
