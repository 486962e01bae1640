//! A watcher: every change of every incident or alert, once, across throttling and restarts.

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

/// How long to wait after a round that found nothing more.
const INTERVAL: Duration = Duration::from_secs(60);

/// A change of an incident, or of an alert, as a [`Watcher`] sees it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change<T = Incident> {
    /// What the watcher knows of its past.
    pub sight: Sight,
    /// What it was when the watcher saw it last; present where `sight` is [`Sight::Changed`].
    pub before: Option<T>,
    /// What it is now.
    pub after: T,
    /// The properties that differ, by their names on the wire; empty where there is no `before` to compare with.
    pub properties: Vec<String>,
    /// False where `lastUpdateDateTime` lies beyond the service's own clock. The watcher does not go by such a time.
    pub has_possible_time: bool,
}

/// Whether a watcher knows the earlier state of a changed item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sight {
    /// It was created after the watcher began, and is seen for the first time.
    New,
    /// The watcher remembers what it was.
    Changed,
    /// It is older than the watcher's memory: it changed, and nobody can say in what.
    Unremembered,
}

impl<T: Watched> Change<T> {
    /// Whether it is new: created since the watcher began, and not seen before.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.sight == Sight::New
    }

    /// Whether a property is known to differ.
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
    ///         // The watcher goes on by itself; nothing is lost.
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// // Keep this where it survives a restart.
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

    /// Watches alerts for changes, whatever incident they belong to, as [`Self::watch`] does incidents. One that moves to
    /// another incident has changed.
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

/// Sees every change of every incident, or alert, once; see [`Client::watch`] and [`Client::watch_alerts`].
///
/// It asks for what is at or after the last `lastUpdateDateTime` that it has seen, in that order, and leaves out
/// what it has seen already: no `$skip`, which stalls, and no gap at the boundary. Before it goes by that order for the
/// first time, it checks with one request that the service keeps to it; where not, it reads to the end each time. What changes twice between two rounds is seen once, as
/// it is then: the service keeps no history.
///
/// [`cursor`](Self::cursor) is where it stands, after the last change that [`next`](Self::next) gave. Save it once the
/// change is dealt with; a watcher that [`resume`](Self::resume)s there goes on without losing or repeating one.
///
/// Its memory is bounded: the last 20,000 versions that it gave, of those before the boundary the last 1,000, and of
/// what they were as many as [`remember`](Self::remember) says, or 256 KiB. Beyond that a version may be given twice, and
/// a change says [`Sight::Unremembered`].
///
/// With no cursor and no [`since`](Self::since), it begins with what changes from now on.
#[derive(Debug)]
#[must_use = "a watcher sees nothing unless it is asked for the next change"]
pub struct Watcher<T: Watched = Incident> {
    client: Client,
    filter: Option<Filter>,
    interval: Duration,
    overlap: Duration,
    cursor: Cursor<T>,
    pending: VecDeque<T>,
    /// Whether the pending items are of the first page of a round, and what comes after it is not decided.
    has_arrived: bool,
    round: Option<Round<T>>,
    due: Due,
    /// The boundary after the last round that came to its end.
    settled: Option<DateTime<Utc>>,
    /// Whether the service has kept the order so far.
    is_ordered: bool,
    /// Whether the service was seen to keep the order, by asking for the opposite one.
    is_order_checked: bool,
    /// How many rounds in a row did not come to their end.
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

    /// Watches only items that meet a condition. An item that no longer meets it is not seen.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Sets how long to wait after a round that found nothing more. Default: 60 s.
    pub fn every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Looks back so far each time, for a service that shows a change later than it dates it. What was seen there
    /// is not repeated. Default: not at all, for no such delay is known.
    pub fn overlap(mut self, time: Duration) -> Self {
        self.overlap = time;
        self
    }

    /// Sets how many incidents or alerts are remembered, to say what they were before, within 256 KiB. They are part of
    /// the cursor. Default: 1,000.
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

    /// Returns where it stands: after the last change that [`next`](Self::next) gave.
    #[must_use]
    pub fn cursor(&self) -> &Cursor<T> {
        &self.cursor
    }

    /// Waits for the next change.
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Those of [`Client::list_incidents`] or [`Client::list_alerts`], after the retry policy has done what it can, and links that form a cycle.
    /// The watcher is still good: the next call waits for its interval, or for as long as the service asks (an hour at
    /// most), and tries again.
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

    /// Returns the next change of those that have arrived already, without a request: what came in one page can be
    /// dealt with, and the cursor saved, at once.
    pub fn next_ready(&mut self) -> Option<Change<T>> {
        while let Some(item) = self.pending.pop_front() {
            if let Some(change) = self.take(item) {
                return Some(change);
            }
        }
        None
    }

    /// Returns the changes as a stream that never ends. The cursor can be read between two of them only through
    /// [`next`](Self::next).
    pub fn into_stream(self) -> impl Stream<Item = Result<Change<T>, Error>> + Send {
        futures_util::stream::unfold(self, |mut watcher| async move {
            let next = watcher.next().await;
            Some((next, watcher))
        })
    }
}
