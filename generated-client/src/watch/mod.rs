//! A watcher: every change of every incident, once, across throttling and restarts.

mod cursor;

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_core::Stream;
use tokio::time::{Instant, sleep_until};

pub use cursor::{Cursor, CursorError};

use crate::Client;
use crate::query::{Filter, IncidentProperty};
use crate::types::Incident;
use graph_client_runtime::Error;

/// How long to wait after a round that found nothing more.
const INTERVAL: Duration = Duration::from_secs(60);
/// How many incidents a page holds at most; the service allows no more.
const PAGE: u32 = 50;

/// A change of an incident, as a [`Watcher`] sees it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The incident as the watcher saw it last; nothing where it has not seen it before, or no longer remembers it.
    pub before: Option<Incident>,
    /// The incident as it is now.
    pub after: Incident,
    /// The properties that differ, by their names on the wire; none where there is no `before`.
    pub properties: Vec<String>,
}

impl Change {
    /// Whether the watcher sees the incident for the first time.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.before.is_none()
    }

    /// Whether a property differs.
    #[must_use]
    pub fn touches(&self, property: IncidentProperty) -> bool {
        self.properties.iter().any(|name| name == property.as_str())
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
        Watcher {
            client: self.clone(),
            filter: None,
            interval: INTERVAL,
            overlap: Duration::ZERO,
            cursor: Cursor::default(),
            pending: VecDeque::new(),
            arrival: None,
            round: None,
            due: Due::Now,
            empty_pages: 0,
        }
    }
}

/// Sees every change of every incident, once; see [`Client::watch`].
///
/// It asks for what is at or after the last `lastUpdateDateTime` that it has seen, in that order, and leaves out
/// what it has seen already: no `$skip`, which stalls, and no gap at the boundary. An incident that changes twice
/// between two rounds is seen once, as it is then: the service keeps no history.
///
/// [`cursor`](Self::cursor) is where it stands, after the last change that [`next`](Self::next) gave. Save it once the
/// change is dealt with; a watcher that [`resume`](Self::resume)s there goes on without losing or repeating one.
///
/// With no cursor and no [`since`](Self::since), it begins with what changes from now on.
#[derive(Debug)]
#[must_use = "a watcher sees nothing unless it is asked for the next change"]
pub struct Watcher {
    client: Client,
    filter: Option<Filter>,
    interval: Duration,
    overlap: Duration,
    cursor: Cursor,
    pending: VecDeque<Incident>,
    arrival: Option<Arrival>,
    round: Option<Round>,
    due: Due,
    empty_pages: u32,
}

/// A pass over everything from a boundary on.
#[derive(Debug)]
struct Round {
    from: DateTime<Utc>,
    /// Whether it went on by a link, because a whole page did not get past the boundary. What changes meanwhile can
    /// then slip from one page to another unseen, so that the boundary stays, and the round is repeated until it
    /// finds nothing new.
    has_followed: bool,
    has_found: bool,
    latest: Option<DateTime<Utc>>,
}

/// What a page says of the pages after it.
#[derive(Debug)]
struct Arrival {
    link: Option<String>,
    last: Option<DateTime<Utc>>,
}

#[derive(Debug)]
enum Due {
    Now,
    At(Instant),
    Link(String),
}

impl Watcher {
    /// Only incidents that meet a condition. One that no longer meets it is not seen.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// How long to wait after a round that found nothing more; 60 s if nothing else is said.
    pub fn every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Looks back so far each time, for a service that shows a change later than it dates it. What was seen there
    /// is not repeated. Nothing if nothing else is said: no such delay is known.
    pub fn overlap(mut self, time: Duration) -> Self {
        self.overlap = time;
        self
    }

    /// How many incidents are remembered, to say what they were before; 1,000 if nothing else is said. They are
    /// part of the cursor.
    pub fn remember(mut self, incidents: usize) -> Self {
        self.cursor.remember = incidents;
        self
    }

    /// Begins with what changed at this time or later.
    pub fn since(mut self, time: DateTime<Utc>) -> Self {
        self.cursor.boundary = Some(time);
        self
    }

    /// Goes on where another watcher stood.
    pub fn resume(mut self, cursor: Cursor) -> Self {
        self.cursor = cursor;
        self
    }

    /// Where it stands: after the last change that [`next`](Self::next) gave.
    #[must_use]
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Waits for the next change.
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Those of [`Client::list_incidents`], after the retry policy has done what it can. The watcher is still good:
    /// the next call waits for its interval, or for as long as the service asks, and tries again.
    pub async fn next(&mut self) -> Result<Change, Error> {
        loop {
            while let Some(incident) = self.pending.pop_front() {
                if let Some(change) = self.take(incident) {
                    return Ok(change);
                }
            }
            if let Some(arrival) = self.arrival.take() {
                self.after(arrival);
            }
            self.wait().await;
            match self.fetch().await {
                Ok(()) => {}
                Err(error) => {
                    let pause = error.retry_after().unwrap_or_default().max(self.interval);
                    // A link may be what is wrong: begin the round anew.
                    self.round = None;
                    self.due = Due::At(Instant::now() + pause);
                    return Err(error);
                }
            }
        }
    }

    /// The changes as a stream that never ends. The cursor can be read between two of them only through
    /// [`next`](Self::next).
    pub fn into_stream(self) -> impl Stream<Item = Result<Change, Error>> + Send {
        futures_util::stream::unfold(self, |mut watcher| async move {
            let next = watcher.next().await;
            Some((next, watcher))
        })
    }

    fn take(&mut self, incident: Incident) -> Option<Change> {
        let (at, has_followed) = (incident.last_update_date_time, self.is_following());
        let change = self.cursor.take(incident)?;
        if let Some(round) = &mut self.round {
            round.has_found = true;
            round.latest = round.latest.max(at);
        }
        if let (Some(at), false) = (at, has_followed) {
            self.cursor.move_to(at, self.overlap);
        }
        Some(change)
    }

    fn is_following(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.has_followed)
    }

    async fn wait(&mut self) {
        if let Due::At(time) = self.due {
            sleep_until(time).await;
            self.due = Due::Now;
        }
    }

    /// Fetches a page and decides what comes after it.
    async fn fetch(&mut self) -> Result<(), Error> {
        let Some(boundary) = self.cursor.boundary else {
            return self.begin().await;
        };
        let page = if let Due::Link(link) = &self.due {
            let mut pages = self.client.list_incidents().pages_from(link.clone());
            pages.next().await.transpose()?.unwrap_or_default()
        } else {
            let from = self.cursor.from(boundary, self.overlap);
            let page = self.request(from).send().await?;
            self.round = Some(Round {
                from,
                has_followed: false,
                has_found: false,
                latest: None,
            });
            page
        };
        self.empty_pages = if page.value.is_empty() {
            self.empty_pages + 1
        } else {
            0
        };
        self.arrival = Some(Arrival {
            link: page.next_link,
            last: page
                .value
                .last()
                .and_then(|last| last.last_update_date_time),
        });
        self.pending.extend(page.value);
        Ok(())
    }

    /// Decides what comes after a page: a round that got past its boundary begins anew, one that did not follows
    /// the link.
    fn after(&mut self, arrival: Arrival) {
        let Some(round) = &mut self.round else {
            return;
        };
        let has_moved = arrival
            .last
            .is_some_and(|last| self.cursor.from(last, self.overlap) > round.from);
        let may_follow = self.empty_pages < self.client.core().limits().empty_pages_in_a_row();
        self.due = match arrival.link {
            Some(_) if has_moved && !round.has_followed => Due::Now,
            Some(link) if may_follow => {
                round.has_followed = true;
                Due::Link(link)
            }
            _ if round.has_followed && round.has_found => Due::Now,
            _ => Due::At(Instant::now() + self.interval),
        };
        if let (Due::At(_), Some(latest)) = (&self.due, round.latest) {
            self.cursor.move_to(latest, self.overlap);
        }
    }

    /// Takes the time of the latest change as the boundary: the service's clock counts, not ours.
    async fn begin(&mut self) -> Result<(), Error> {
        let newest = self
            .client
            .list_incidents()
            .orderby([IncidentProperty::LastUpdateDateTime.descending()])
            .top(1)
            .send()
            .await?;
        let newest = newest.value.into_iter().next();
        let time = newest
            .as_ref()
            .and_then(|incident| incident.last_update_date_time);
        self.cursor.boundary = Some(time.unwrap_or(DateTime::UNIX_EPOCH));
        if let Some(newest) = newest {
            // It has been seen; others with the same time have not.
            self.cursor.take(newest);
        }
        Ok(())
    }

    fn request(&self, from: DateTime<Utc>) -> crate::requests::ListIncidents<'_> {
        let changed = Filter::last_update_date_time().ge(from);
        let filter = match &self.filter {
            Some(filter) => changed.and(filter.clone()),
            None => changed,
        };
        self.client
            .list_incidents()
            .filter(filter)
            .orderby([IncidentProperty::LastUpdateDateTime.ascending()])
            .top(PAGE)
    }
}
