//! A watcher, which yields every change of every incident or alert once, across throttling and restarts.

mod cursor;
mod order;
mod round;
mod watched;

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_core::Stream;

pub use cursor::{Cursor, CursorError};
use round::{Due, Round};
pub use watched::Watched;

use crate::Client;
use crate::query::Filter;
use crate::types::{Alert, Incident};
use graph_client_runtime::Error;

/// The default pause after a round that read everything.
const INTERVAL: Duration = Duration::from_secs(60);

/// A change of an incident or alert that a [`Watcher`] has seen.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change<T = Incident> {
    /// Whether the item is new, changed or unknown to the watcher.
    pub kind: ChangeKind,
    /// The state that the watcher saw last; present if `kind` is [`ChangeKind::Changed`].
    pub before: Option<T>,
    /// The current state.
    pub after: T,
    /// The JSON names of the properties that differ; empty if there is no `before` to compare with.
    pub properties: Vec<String>,
    /// False if `lastUpdateDateTime` is in the future by the service's own clock. The watcher ignores such a time.
    pub has_plausible_time: bool,
}

/// Whether a watcher knows the earlier state of a changed item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The item was created after the watcher began, and is seen for the first time.
    New,
    /// The watcher remembers the item's earlier state.
    Changed,
    /// The watcher has forgotten the item or never saw it, so it is unknown what changed.
    Unremembered,
}

impl<T: Watched> Change<T> {
    /// Returns whether the item is new: created since the watcher began, and not seen before.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.kind == ChangeKind::New
    }

    /// Returns whether a property is known to differ.
    #[must_use]
    pub fn touches(&self, property: T::Property) -> bool {
        let wanted = T::name_of(property);
        self.properties.iter().any(|name| name == wanted)
    }
}

impl Client {
    /// Watches incidents for changes.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let mut watcher = client
    ///     .watch()
    ///     .since("2020-01-01T00:00:00Z".parse()?)
    ///     .every(Duration::from_secs(30));
    /// for _ in 0..3 {
    ///     match watcher.next().await {
    ///         Ok(change) if change.is_new() => println!("{} is new", change.after.id),
    ///         Ok(change) => println!("{}: {}", change.after.id, change.properties.join(", ")),
    ///         // The next call continues; nothing is lost.
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// // Save this where it survives a restart.
    /// let saved = watcher.cursor().to_string();
    ///
    /// let mut watcher = client.watch().resume(saved.parse()?);
    /// assert!(watcher.next().await?.is_new());
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(&self) -> Watcher {
        Watcher::new(self.clone())
    }

    /// Watches the alerts of all incidents for changes; works like [`Self::watch`]. An alert that moves to another incident
    /// has changed.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let mut watcher = client.watch_alerts().since("2020-01-01T00:00:00Z".parse()?);
    /// let change = watcher.next().await?;
    /// println!("{} of incident {:?}", change.after.id, change.after.incident_id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch_alerts(&self) -> Watcher<Alert> {
        Watcher::new(self.clone())
    }
}

/// Yields every change of every incident or alert once; see [`Client::watch`] and [`Client::watch_alerts`].
///
/// It requests items with the latest `lastUpdateDateTime` that it has seen or a later one, sorted by that time, and skips
/// those that it has already seen. It does not use `$skip`, which stalls, and leaves no gap at the boundary. Before it
/// relies on the order for the first time, it checks with one request that the service honours it; if not, it reads
/// to the end each time. An item that changes twice between two rounds is yielded once, in its latest state: the service
/// keeps no history.
///
/// [`cursor`](Self::cursor) returns the position after the last change that [`next`](Self::next) returned. Save it once you
/// have handled the change; a watcher that [`resume`](Self::resume)s there loses no change and repeats none.
///
/// Its memory is bounded. It remembers the last 20,000 versions that it yielded, but only the last 1,000 from before the
/// boundary, and the earlier states of as many items as [`remember`](Self::remember) allows, within 256 KiB. Beyond that a
/// version may be yielded twice, and a change is [`ChangeKind::Unremembered`].
///
/// Without a cursor and without [`since`](Self::since), it yields only changes from now on.
#[derive(Debug)]
#[must_use = "a watcher does nothing until the next change is requested"]
pub struct Watcher<T: Watched = Incident> {
    client: Client,
    filter: Option<Filter>,
    interval: Duration,
    overlap: Duration,
    cursor: Cursor<T>,
    pending: VecDeque<T>,
    /// Whether the pending items are from the first page of a round, after which nothing is decided yet.
    has_arrived: bool,
    round: Option<Round<T>>,
    due: Due,
    /// The boundary after the last complete round.
    settled: Option<DateTime<Utc>>,
    /// Whether the service has honoured the order so far.
    is_ordered: bool,
    /// Whether a request for the opposite order has shown that the service honours the order.
    is_order_checked: bool,
    /// The number of incomplete rounds in a row.
    failures: u32,
}

impl<T: Watched> Watcher<T> {
    fn new(client: Client) -> Self {
        Self {
            client,
            filter: None,
            interval: INTERVAL,
            overlap: Duration::ZERO,
            cursor: Cursor::default(),
            pending: VecDeque::new(),
            has_arrived: false,
            round: None,
            due: Due::Now,
            settled: None,
            is_ordered: true,
            is_order_checked: false,
            failures: 0,
        }
    }

    /// Yields only items that meet a condition. An item that stops meeting it is not yielded.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Sets the pause after a round that read everything. Default: 60 s.
    pub fn every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets how far each round looks back, in case the service shows a change later than its time says. What was seen is
    /// not repeated. Default: 0, since no such delay is known.
    pub fn overlap(mut self, time: Duration) -> Self {
        self.overlap = time;
        self
    }

    /// Sets how many items are remembered with their earlier state, within 256 KiB. They are part of the cursor. Default:
    /// 1,000.
    pub fn remember(mut self, items: usize) -> Self {
        self.cursor.remember(items);
        self
    }

    /// Starts with changes at this time or later.
    pub fn since(mut self, time: DateTime<Utc>) -> Self {
        self.cursor.begin_at(time);
        self
    }

    /// Continues where another watcher stopped.
    pub fn resume(mut self, cursor: Cursor<T>) -> Self {
        self.cursor = cursor;
        self
    }

    /// Returns the position after the last change that [`next`](Self::next) returned.
    #[must_use]
    pub fn cursor(&self) -> &Cursor<T> {
        &self.cursor
    }

    /// Waits for the next change and returns it. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::list_incidents`] or [`Client::list_alerts`], after the retries of the policy, and an
    /// error if links form a cycle. The watcher remains usable: the next call waits for its interval, or for as long as the
    /// service requests (at most five minutes), and tries again.
    pub async fn next(&mut self) -> Result<Change<T>, Error> {
        loop {
            if let Some(change) = self.next_ready() {
                return Ok(change);
            }
            if std::mem::take(&mut self.has_arrived) {
                self.after();
            }
            self.wait().await;
            if let Err(error) = self.fetch().await {
                self.pause(&error);
                return Err(error);
            }
        }
    }

    /// Returns the next change that has already arrived, without sending a request. A program can handle the changes of a
    /// page and then save the cursor once.
    pub fn next_ready(&mut self) -> Option<Change<T>> {
        while let Some(item) = self.pending.pop_front() {
            if let Some(change) = self.take(item) {
                return Some(change);
            }
        }
        None
    }

    /// Returns the changes as a stream that never ends. To read the cursor between two changes, use [`next`](Self::next)
    /// instead.
    pub fn into_stream(self) -> impl Stream<Item = Result<Change<T>, Error>> + Send {
        futures_util::stream::unfold(self, |mut watcher| async move {
            let next = watcher.next().await;
            Some((next, watcher))
        })
    }
}
