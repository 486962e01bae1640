//! Many updates at once: bounded concurrency, a result for each, and a record of what was sent.

mod batch;
mod changeable;
mod progress;

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

pub use changeable::Updatable;
pub use progress::{Progress, Snapshot};

use crate::Client;
use crate::types::{Alert, AlertUpdate, Incident, IncidentUpdate};
use graph_client_runtime::Error;

/// The default number of requests in flight.
const CONCURRENCY: usize = 8;

/// The outcome of one of many updates.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome<T: Updatable = Incident> {
    /// The position of the update in the input, counted from 0.
    pub index: usize,
    /// The id of the incident or alert to update.
    pub id: String,
    /// The update.
    pub update: T::Update,
    /// The incident or alert after the update, or the error; [`Error::effect`] says whether it may have been written.
    pub result: Result<T, Error>,
}

impl Client {
    /// Updates many incidents. Takes the updates from the iterator one by one, as requests complete.
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
    ///         Err(error) => println!("{}: {error} ({:?})", outcome.id, error.effect()),
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

    /// Updates many incidents from a stream; see [`Client::update_many`].
    pub fn update_stream<'a>(
        &self,
        updates: impl Stream<Item = (String, IncidentUpdate)> + Send + 'a,
    ) -> UpdateMany<'a> {
        UpdateMany::new(self.clone(), updates)
    }

    /// Updates many alerts; works like [`Client::update_many`].
    ///
    /// # Examples
    ///
    /// ```
    /// use graph_incidents::types::AlertUpdate;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let ids = ["da02972395637659_1", "da02972395637659_2"];
    /// let mine = AlertUpdate::new().assigned_to("triage@example.com");
    /// let updates = ids.map(|id| (id.to_owned(), mine.clone()));
    /// let mut outcomes = client.update_many_alerts(updates).batched();
    /// while let Some(outcome) = outcomes.next().await {
    ///     println!("{}: {:?}", outcome.id, outcome.result?.assigned_to);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_many_alerts<I>(&self, updates: I) -> UpdateMany<'static, Alert>
    where
        I: IntoIterator<Item = (String, AlertUpdate)>,
        I::IntoIter: Send + 'static,
    {
        self.update_alert_stream(futures_util::stream::iter(updates))
    }

    /// Updates many alerts from a stream; see [`Client::update_many_alerts`].
    pub fn update_alert_stream<'a>(
        &self,
        updates: impl Stream<Item = (String, AlertUpdate)> + Send + 'a,
    ) -> UpdateMany<'a, Alert> {
        UpdateMany::new(self.clone(), updates)
    }
}

type Outcomes<T> = Pin<Box<dyn Future<Output = Vec<Outcome<T>>> + Send>>;
type Updates<'a, U> = Pin<Box<dyn Stream<Item = (String, U)> + Send + 'a>>;

/// A [`Stream`] of the outcomes of many updates, as they complete.
///
/// Dropping it stops the updates. Those that were taken from the input and have no outcome may have been sent, the others
/// were not; [`Progress::snapshot`] names them.
#[must_use = "a stream sends requests only when it is polled"]
pub struct UpdateMany<'a, T: Updatable = Incident> {
    client: Client,
    updates: Option<Updates<'a, T::Update>>,
    running: FuturesUnordered<Outcomes<T>>,
    /// Outcomes that have not been yielded yet.
    waiting: VecDeque<Outcome<T>>,
    next_index: usize,
    next_out: usize,
    concurrency: usize,
    batch_size: usize,
    in_order: bool,
    progress: Progress,
}

/// An update that was taken from the input.
#[derive(Debug, Clone)]
struct Job<U> {
    index: usize,
    id: String,
    update: U,
}

impl<U> Job<U> {
    fn outcome<T: Updatable<Update = U>>(self, result: Result<T, Error>) -> Outcome<T> {
        Outcome {
            index: self.index,
            id: self.id,
            update: self.update,
            result,
        }
    }
}

impl<'a, T: Updatable> UpdateMany<'a, T> {
    fn new(client: Client, updates: impl Stream<Item = (String, T::Update)> + Send + 'a) -> Self {
        Self {
            client,
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

    /// Sets how many requests are sent at a time. Default: 8. The client's rate budget applies as well.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// Yields the outcomes in the order of the input. Holds back at most as many as the concurrency allows.
    pub fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// Sends up to 20 updates in one request (JSON batching).
    ///
    /// Each update has its own status and retries, and counts in the rate budget. There are fewer round trips, but a whole
    /// batch waits for its slowest part.
    pub fn batched(mut self) -> Self {
        self.batch_size = batch::LARGEST;
        self
    }

    /// Returns a handle that says what has been sent, also after the stream was dropped.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Returns the next outcome. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Outcome<T>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Takes updates from the input while the concurrency allows more.
    fn take_jobs(&mut self, context: &mut Context<'_>) {
        let held_back = if self.in_order { self.waiting.len() } else { 0 };
        while self.running.len() + held_back < self.concurrency {
            let mut jobs = Vec::new();
            while jobs.len() < self.batch_size {
                let Some(updates) = &mut self.updates else {
                    break;
                };
                match updates.as_mut().poll_next(context) {
                    Poll::Ready(Some((id, update))) => {
                        let job = Job {
                            index: self.next_index,
                            id,
                            update,
                        };
                        self.progress.taken(job.index, &job.id);
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

    fn ready_outcome(&mut self) -> Option<Outcome<T>> {
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

fn work<T: Updatable>(client: Client, jobs: Vec<Job<T::Update>>) -> Outcomes<T> {
    Box::pin(async move {
        if jobs.len() > 1 {
            return batch::update(&client, jobs).await;
        }
        let mut outcomes = Vec::new();
        for job in jobs {
            let result = T::update(&client, &job.id, &job.update).await;
            outcomes.push(job.outcome(result));
        }
        outcomes
    })
}

impl<T: Updatable> Stream for UpdateMany<'_, T> {
    type Item = Outcome<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Outcome<T>>> {
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

impl<T: Updatable> fmt::Debug for UpdateMany<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UpdateMany")
            .field("taken", &self.next_index)
            .field("running", &self.running.len())
            .finish_non_exhaustive()
    }
}
