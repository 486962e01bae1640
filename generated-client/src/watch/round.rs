//! A round, which reads everything from a boundary on, and when the next round begins.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use graph_client_runtime::pages::Pages;
use graph_client_runtime::{Error, Page};
use tokio::time::{Instant, sleep_until};

use super::order::span;
use super::watched::{Question, Watched, pages};
use super::{Change, Watcher};
use crate::query::{IncidentProperty, Order};

/// The longest pause that the service can request, and the longest after incomplete rounds, unless the interval is longer:
/// one strange response must not stop a watcher for hours.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// How far ahead of the service's clock a time may be.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// A pass over everything from a boundary on.
pub(super) struct Round<T> {
    from: DateTime<Utc>,
    started: DateTime<Utc>,
    pages: Pages<'static, T>,
    /// Whether the round follows pages beyond the first, because the boundary does not say where to continue.
    follows: bool,
    has_found: bool,
    /// Whether the last page has different times, in order.
    is_proven: bool,
    /// The last time on the last page.
    last: Option<DateTime<Utc>>,
    latest: Option<DateTime<Utc>>,
}

impl<T> fmt::Debug for Round<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Round")
            .field("from", &self.from)
            .field("follows", &self.follows)
            .finish_non_exhaustive()
    }
}

/// What to do next.
#[derive(Debug)]
pub(super) enum Due {
    /// A round.
    Now,
    /// A round, at that time.
    At(Instant),
    /// The next page of this round.
    Page,
}

impl<T: Watched> Watcher<T> {
    pub(super) fn take(&mut self, item: T) -> Option<Change<T>> {
        let at = item.updated();
        let is_possible = at.is_none_or(|at| at <= self.latest_possible());
        let follows = self.round.as_ref().is_some_and(|round| round.follows);
        let change = self.cursor.take(item, is_possible);
        let at = at.filter(|_| is_possible);
        if let Some(round) = &mut self.round {
            round.has_found |= change.is_some();
            round.latest = round.latest.max(at);
        }
        if let (Some(at), false, true) = (at, follows, self.is_ordered) {
            self.cursor.move_to(at, self.overlap);
        }
        if !is_possible && change.is_some() {
            tracing::warn!(target: "graph_incidents", "an {} was updated in the future; the watcher ignores its time", T::NAME);
        }
        change
    }

    fn latest_possible(&self) -> DateTime<Utc> {
        let now = self.client.core().service_time();
        now.checked_add_signed(MARGIN).unwrap_or(now)
    }

    pub(super) async fn wait(&mut self) {
        if let Due::At(time) = self.due {
            sleep_until(time).await;
            self.due = Due::Now;
        }
    }

    /// Schedules the next round: after the interval, or later if the service requests it or if rounds stay incomplete.
    pub(super) fn pause(&mut self, error: &Error) {
        // A link may be the cause, so the round starts over.
        self.round = None;
        self.has_arrived = false;
        let asked = error.retry_after().unwrap_or_default();
        let backoff = match error.is_limit() || error.is_decode() {
            true => self.interval.saturating_mul(1 << self.failures.min(16)),
            false => Duration::ZERO,
        };
        self.failures = self.failures.saturating_add(1);
        self.wait_for(asked.max(backoff).min(LONGEST_PAUSE));
    }

    fn wait_for(&mut self, pause: Duration) {
        let now = Instant::now();
        let pause = pause.max(self.interval);
        // A time that a clock cannot represent is replaced by one a year ahead.
        let far = || now + Duration::from_secs(365 * 86_400);
        self.due = Due::At(now.checked_add(pause).unwrap_or_else(far));
    }

    /// Fetches a page.
    pub(super) async fn fetch(&mut self) -> Result<(), Error> {
        let Some(boundary) = self.cursor.boundary() else {
            return self.begin().await;
        };
        if let (Due::Page, Some(round)) = (&self.due, &mut self.round) {
            match round.pages.next().await.transpose()? {
                Some(page) => self.arrived(page),
                None => self.end_round(),
            }
            return Ok(());
        }
        let from = self.cursor.from(boundary, self.overlap);
        let started = self.client.core().service_time();
        let [ascending, descending] = both_orders();
        let mut pages = pages(&self.client, self.question(from, ascending));
        let page: Page<T> = pages.next().await.transpose()?.unwrap_or_default();
        if let (false, Some((_, latest))) = (pages.is_finished(), span(&page)) {
            let opposite = single(self.question(from, descending));
            self.check_order(opposite, |first| first >= latest).await?;
        }
        self.settled = self.settled.or(Some(boundary));
        self.round = Some(Round {
            from,
            started,
            pages,
            follows: false,
            has_found: false,
            is_proven: false,
            last: None,
            latest: None,
        });
        self.has_arrived = true;
        self.arrived(page);
        Ok(())
    }

    /// Takes a page, and finds out whether it is sorted.
    fn arrived(&mut self, page: Page<T>) {
        if let Some(round) = &mut self.round {
            let times = page.value.iter().filter_map(T::updated);
            // A version from before the round means that the service's index lags.
            let times: Vec<_> = times.filter(|time| *time >= round.from).collect();
            let is_ordered = round.last.iter().chain(&times).is_sorted();
            round.is_proven = is_ordered && times.first() != times.last();
            round.last = times.last().copied().or(round.last);
            if !is_ordered && self.is_ordered {
                self.distrust_order();
                // Items that were skipped while the order was trusted are read again.
                if self.cursor.move_back(self.settled) {
                    self.has_arrived = false;
                    self.due = Due::Now;
                }
            }
        }
        self.pending.extend(page.value);
    }

    /// Decides what follows the first page of a round: if the boundary has moved, a new round; if not, the next page, or
    /// the error of this one.
    pub(super) fn after(&mut self) {
        let Some(round) = &mut self.round else {
            return;
        };
        let boundary = self.cursor.boundary();
        let has_moved =
            boundary.is_some_and(|boundary| self.cursor.from(boundary, self.overlap) > round.from);
        let leads_on = round.pages.resume_link().is_some();
        if leads_on && has_moved && self.is_ordered && round.is_proven {
            self.due = Due::Now;
        } else {
            round.follows |= leads_on;
            self.due = Due::Page;
        }
    }

    /// Ends a round: everything from the boundary on was seen, except what changed since the round began.
    fn end_round(&mut self) {
        if let Some(round) = self.round.take()
            && let Some(latest) = round.latest
        {
            let safe = round.started.checked_sub_signed(MARGIN);
            let is_complete = !round.has_found || !round.follows;
            let boundary = match safe {
                Some(safe) if !is_complete => latest.min(safe),
                _ => latest,
            };
            self.cursor.move_to(boundary, self.overlap);
        }
        self.settled = self.cursor.boundary();
        self.failures = 0;
        self.wait_for(Duration::ZERO);
    }

    /// Sets the boundary to the time of the latest change, since the service's clock counts and not ours.
    async fn begin(&mut self) -> Result<(), Error> {
        let [ascending, descending] = both_orders().map(everything);
        let mut pages = pages(&self.client, descending);
        let mut ascending = Some(ascending);
        let mut found: Vec<T> = Vec::new();
        let mut latest: Option<DateTime<Utc>> = None;
        while let Some(page) = pages.next().await.transpose()? {
            let page: Page<T> = page;
            let now = self.latest_possible();
            let times = page.value.iter().filter_map(T::updated);
            let times: Vec<_> = times.filter(|time| *time <= now).collect();
            latest = latest.max(times.iter().max().copied());
            let is_ordered = times.is_sorted_by(|one, next| one >= next);
            let is_known = is_ordered && times.first() != times.last();
            if let (true, false, Some((earliest, _))) = (is_known, pages.is_finished(), span(&page))
                && let Some(ascending) = ascending.take()
            {
                let opposite = single(ascending);
                self.check_order(opposite, |first| first <= earliest)
                    .await?;
            }
            found.retain(|one| one.updated() >= latest);
            found.extend(page.value);
            if is_known && self.is_ordered {
                break;
            }
        }
        drop(pages);
        self.cursor.begin_at(latest.unwrap_or(DateTime::UNIX_EPOCH));
        for item in found {
            self.cursor.take(item, true);
        }
        Ok(())
    }

    /// A query for what changed at a time or later.
    fn question(&self, from: DateTime<Utc>, order: Order) -> Question {
        let changed = T::last_updated().ge(from);
        Question {
            filter: Some(match &self.filter {
                Some(filter) => changed.and(filter.clone()),
                None => changed,
            }),
            order,
            is_single: false,
        }
    }
}

fn everything(order: Order) -> Question {
    Question {
        filter: None,
        order,
        is_single: false,
    }
}

fn single(question: Question) -> Question {
    Question {
        is_single: true,
        ..question
    }
}

/// The orders by the time of the last change: ascending and descending.
fn both_orders() -> [Order; 2] {
    let time = IncidentProperty::LastUpdateDateTime;
    [time.ascending(), time.descending()]
}
