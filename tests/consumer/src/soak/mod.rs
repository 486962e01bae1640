//! Runs a watcher and a writer for a long time while the service fails, is killed, restarts and changes its clock.

mod service;
mod usage;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use graph_incidents::types::IncidentUpdate;
use graph_incidents::watch::Cursor;
use graph_incidents::{Client, Effect, Limits, RetryPolicy};
use tokio::sync::watch;

use service::Killable;
pub use service::serve_if_asked;
use usage::Usage;
pub use usage::resident_memory;

/// The number of incidents that are updated repeatedly.
const INCIDENTS: usize = 120;
/// The number of remembered versions of an incident.
const VERSIONS: usize = 16;
/// How late requests of a stopped writer may arrive.
const LATE: Duration = Duration::from_secs(5);
/// The largest difference between the service's clock and ours, in seconds.
const CLOCK: i64 = 8;
/// How far the watcher looks back: over a jump of the clock from one end to the other, and an index that lags.
const OVERLAP: Duration = Duration::from_secs(40);
/// How long the watcher has to see the last writes once the service works again.
const CATCH_UP: Duration = Duration::from_secs(30);

/// The length and the seed of a run.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// How long the service fails.
    pub time: Duration,
    /// The seed of faults and kills.
    pub seed: u64,
}

/// The result of a run.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Report {
    /// Updates that the client reports as done.
    pub updated: usize,
    /// Updates that it reports as not done or unknown.
    pub not_updated: usize,
    /// How often the writer was stopped halfway and restarted.
    pub stopped: usize,
    /// Changes that the watcher yielded.
    pub seen: usize,
    /// How often the service was killed.
    pub kills: usize,
    /// How often its clock jumped.
    pub jumps: usize,
    /// How often the watcher continued from its saved cursor.
    pub resumed: usize,
    /// The resource usage of this process, second by second.
    usage: Vec<Usage>,
    /// Errors; must stay empty.
    pub faults: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "updates done / others   {:>7} / {}",
            self.updated, self.not_updated
        )?;
        writeln!(formatter, "changes seen            {:>7}", self.seen)?;
        writeln!(
            formatter,
            "kills / clock jumps     {:>7} / {}",
            self.kills, self.jumps
        )?;
        writeln!(
            formatter,
            "watchers / writers anew {:>7} / {}",
            self.resumed, self.stopped
        )?;
        for usage in usage::sampled(&self.usage) {
            writeln!(formatter, "{usage}")?;
        }
        write!(
            formatter,
            "faults                  {:>7}",
            self.faults.len()
        )
    }
}

/// The values that an incident may have: the last one that was certainly written, and those that may have been since.
#[derive(Debug, Clone, Default)]
struct Expected {
    certain: Option<String>,
    possible: Vec<String>,
}

#[derive(Default)]
struct State {
    expected: BTreeMap<String, Expected>,
    /// What the watcher saw of each incident last. A version that a fault spoiled is one of its own, and the good one
    /// does not come again if it came before.
    seen: BTreeMap<String, VecDeque<String>>,
    report: Report,
}

impl State {
    /// Records the outcome of a write.
    fn note(&mut self, id: String, effect: Effect, text: String) {
        let expected = self.expected.entry(id).or_default();
        match effect {
            Effect::Applied => {
                *expected = Expected {
                    certain: Some(text),
                    possible: Vec::new(),
                };
                self.report.updated += 1;
            }
            Effect::NotApplied => self.report.not_updated += 1,
            _ => {
                expected.possible.push(text);
                self.report.not_updated += 1;
            }
        }
    }
}

type Shared = Arc<Mutex<State>>;

fn with<T>(shared: &Shared, act: impl FnOnce(&mut State) -> T) -> T {
    act(&mut shared.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Runs watcher and writer, and compares what they reported with the final state.
///
/// # Errors
///
/// Returns an error if the service cannot be started.
pub async fn run(size: Size) -> Result<Report, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut service = Killable::start(folder.path(), size.seed, INCIDENTS)?;
    let client = Client::builder()
        .base_url(service.base_url())
        .token(service.token())
        // An attempt that is given up may still be carried out, after the next write: then nobody can tell what the
        // incident has to say. So none is given up here; kills and resets end them.
        .limits(Limits::default().attempt_time(Duration::from_secs(60)))
        .retry(
            RetryPolicy::default()
                .first_delay(Duration::from_millis(20))
                .total_time(Duration::from_secs(90)),
        )
        .build()?;
    let shared = Shared::default();
    let (stop, stopped) = watch::channel(false);
    let writer = tokio::spawn(write(client.clone(), Arc::clone(&shared), stopped));
    let watcher = tokio::spawn(look(client.clone(), Arc::clone(&shared)));
    let mut random = fastrand::Rng::with_seed(size.seed);
    let began = Instant::now();
    while began.elapsed() < size.time {
        let pause = 1_000 + random.u64(..3_000);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        service.leave_a_request_half_sent();
        if random.u8(..3) == 0 {
            service.kill_and_start_again(random.u64(..800)).await?;
            with(&shared, |state| state.report.kills += 1);
        }
        if random.u8(..4) == 0 {
            service.set_clock_ahead(random.i64(-CLOCK..=CLOCK))?;
            with(&shared, |state| state.report.jumps += 1);
        }
        let usage = Usage::after(began.elapsed())?;
        with(&shared, |state| state.report.usage.push(usage));
    }
    // The writer stops first; the watcher has to see what it wrote last, once the service is well.
    stop.send(true)?;
    writer.await?;
    service.is_well_from_now_on().await?;
    let is_seen = caught_up(&client, &shared).await?;
    watcher.abort();
    if !is_seen {
        compare(&client, &shared).await?;
    }
    drop(service);
    let mut report = with(&shared, |state| std::mem::take(&mut state.report));
    report.faults.extend(usage::leaks(&report.usage));
    Ok(report)
}

/// Writes to every incident in turn, until it is told to stop. In every fifth round it is stopped halfway and restarts.
async fn write(client: Client, shared: Shared, stopped: watch::Receiver<bool>) {
    for round in 0_u64.. {
        let text = |id: usize| format!("round {round} of {id}");
        let updates =
            (0..INCIDENTS).map(|id| (service::id(id), IncidentUpdate::new().summary(text(id))));
        let updates = client
            .update_many(updates.collect::<Vec<_>>())
            .concurrency(6);
        let mut updates = match round % 2 {
            0 => updates.batched(),
            _ => updates,
        };
        let mut open: BTreeSet<usize> = (0..INCIDENTS).collect();
        while let Some(outcome) = updates.next().await {
            open.remove(&outcome.index);
            let text = text(outcome.index);
            let effect = match outcome.result {
                Ok(_) => Effect::Applied,
                Err(error) => error.effect(),
            };
            with(&shared, |state| state.note(outcome.id, effect, text));
            if round % 5 == 4 && open.len() < INCIDENTS / 2 {
                break;
            }
        }
        drop(updates);
        if !open.is_empty() {
            // What was under way may arrive late; the next write of an incident must not come before it.
            with(&shared, |state| {
                state.report.stopped += 1;
                for id in open {
                    let expected = state.expected.entry(service::id(id)).or_default();
                    expected.possible.push(text(id));
                }
            });
            tokio::time::sleep(LATE).await;
        }
        if *stopped.borrow() {
            return;
        }
    }
}

/// Watches; every few changes it continues from its saved cursor, as after a restart.
async fn look(client: Client, shared: Shared) {
    let watch = |cursor: Cursor| {
        let watcher = client.watch().every(Duration::from_millis(300));
        watcher.overlap(OVERLAP).resume(cursor)
    };
    let mut saved = client
        .watch()
        .since(chrono::DateTime::UNIX_EPOCH)
        .cursor()
        .to_string();
    loop {
        let Ok(cursor) = saved.parse() else {
            with(&shared, |state| {
                state
                    .report
                    .faults
                    .push("a saved cursor cannot be read".to_owned())
            });
            return;
        };
        let mut watcher = watch(cursor);
        with(&shared, |state| state.report.resumed += 1);
        for _ in 0..400 {
            // After an error, the watcher continues.
            if let Ok(change) = watcher.next().await {
                let summary = change.after.summary.clone().unwrap_or_default();
                with(&shared, |state| {
                    state.report.seen += 1;
                    let seen = state.seen.entry(change.after.id).or_default();
                    seen.push_back(summary);
                    if seen.len() > VERSIONS {
                        seen.pop_front();
                    }
                });
                saved = watcher.cursor().to_string();
            }
        }
    }
}

/// Waits until the watcher has seen the state of each incident, and returns whether it did.
async fn caught_up(client: &Client, shared: &Shared) -> Result<bool, Box<dyn Error>> {
    let end = Instant::now() + CATCH_UP;
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(500)).await;
        compare(client, shared).await?;
        let faults = with(shared, |state| std::mem::take(&mut state.report.faults));
        if faults.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Compares the state of each incident with what was reported and what was seen.
async fn compare(client: &Client, shared: &Shared) -> Result<(), Box<dyn Error>> {
    let expected = with(shared, |state| state.expected.clone());
    for (id, expected) in expected {
        let says = client.get_incident(&id).await?.summary.unwrap_or_default();
        let certain = expected.certain.as_deref().unwrap_or_default();
        let is_right = says == certain || expected.possible.contains(&says);
        with(shared, |state| {
            if !is_right {
                let fault = format!(
                    "{id} says `{says}`, reported were `{certain}` and {:?}",
                    expected.possible
                );
                state.report.faults.push(fault);
            }
            let seen = state.seen.get(&id);
            if !seen.is_some_and(|seen| seen.contains(&says)) {
                let fault = format!("{id} says `{says}`, the watcher saw {seen:?}");
                state.report.faults.push(fault);
            }
        });
    }
    Ok(())
}
