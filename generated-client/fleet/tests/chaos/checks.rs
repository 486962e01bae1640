//! The promises: every newest state is in the stream, each change once by its key, and no window of the budget is
//! exceeded.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use comfy_table::Table;
use graph_incidents_fleet::{RedisReader, StoreError};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::scene::{Scene, TENANT_LIMIT, Written, link};

/// What a reader of the stream that remembers the keys has seen.
#[derive(Default)]
pub(crate) struct Seen {
    /// The state of each change, by its key.
    by_key: HashMap<String, (String, String, String)>,
    deliveries: u64,
    faults: Vec<String>,
}

/// Reads and acknowledges the stream, whatever happens to Redis.
pub(crate) fn read_on(scene: &Scene, seen: Arc<Mutex<Seen>>) -> JoinHandle<()> {
    let mut reader = RedisReader::new(link(&scene.redis), "check", "one")
        .idle(Duration::from_secs(2))
        .deliveries(1_000);
    tokio::spawn(async move {
        loop {
            match reader.read(Duration::from_millis(200)).await {
                Ok(deliveries) => {
                    for delivery in deliveries {
                        seen.lock().unwrap().take(&delivery.change);
                        // Without acknowledgement, it is delivered again.
                        let _ = reader.acknowledge(&delivery).await;
                    }
                }
                Err(StoreError::Unavailable(_)) => sleep(Duration::from_millis(100)).await,
                Err(error) => seen.lock().unwrap().faults.push(error.to_string()),
            }
        }
    })
}

impl Seen {
    fn take(&mut self, change: &graph_incidents_fleet::StreamedChange) {
        self.deliveries += 1;
        let state = change.record["summary"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let content = (change.tenant.clone(), change.id.clone(), state);
        if let Some(before) = self.by_key.insert(change.key.clone(), content.clone())
            && before != content
        {
            self.faults.push(format!(
                "the key {} stands for {before:?} and {content:?}",
                change.key
            ));
        }
    }

    /// The states of each incident.
    fn states(&self) -> BTreeSet<(&str, &str, &str)> {
        self.by_key
            .values()
            .map(|(tenant, id, state)| (tenant.as_str(), id.as_str(), state.as_str()))
            .collect()
    }
}

/// Waits until every tenant has a worker.
pub(crate) async fn all_are_watched(scene: &mut Scene) {
    let began = Instant::now();
    loop {
        let leases = scene
            .redis
            .ask(&["--scan", "--pattern", "{incidents}:cursor:*"]);
        if leases.lines().count() == scene.tenants.len() {
            println!(
                "all tenants are watched after {:.1} s",
                began.elapsed().as_secs_f64()
            );
            return;
        }
        fail_if_one_ended(scene);
        assert!(
            began.elapsed() < Duration::from_secs(120),
            "not all tenants are watched: {leases}"
        );
        sleep(Duration::from_millis(200)).await;
    }
}

/// Waits until the newest state of every changed incident is in the stream.
pub(crate) async fn newest_states_arrive(scene: &mut Scene, seen: &Mutex<Seen>) {
    let began = Instant::now();
    let most = Duration::from_secs(90 + 10 * scene.size.every);
    loop {
        let missing = missing(&scene.written.lock().unwrap(), &seen.lock().unwrap());
        if missing.is_empty() {
            return;
        }
        fail_if_one_ended(scene);
        if began.elapsed() > most {
            let words: Vec<String> = scene
                .workers
                .iter()
                .map(super::process::Worker::last_words)
                .collect();
            panic!(
                "{} newest states are not in the stream after {most:?}: {missing:?}\n{}",
                missing.len(),
                words.join("\n\n")
            );
        }
        sleep(Duration::from_millis(200)).await;
    }
}

fn missing(written: &Written, seen: &Seen) -> Vec<(String, String, String)> {
    let states = seen.states();
    let newest = written
        .states
        .iter()
        .filter_map(|((tenant, id), states)| Some((tenant, id, states.last()?)));
    let missing = newest.filter(|(tenant, id, state)| {
        !states.contains(&(tenant.as_str(), id.as_str(), state.as_str()))
    });
    missing
        .map(|(tenant, id, state)| (tenant.clone(), id.clone(), state.clone()))
        .collect()
}

fn fail_if_one_ended(scene: &mut Scene) {
    for worker in &mut scene.workers {
        assert!(
            !worker.has_ended(),
            "{} ended by itself:\n{}",
            worker.name,
            worker.last_words()
        );
    }
}

/// Reports the result, and fails if the budget was exceeded or a key has two meanings.
pub(crate) fn report(scene: &Scene, seen: &Seen) {
    let written = scene.written.lock().unwrap();
    let states = seen.states();
    let all = written.states.iter().flat_map(|((tenant, id), all)| {
        all.iter()
            .map(move |state| (tenant.as_str(), id.as_str(), state.as_str()))
    });
    let overwritten = all.filter(|state| !states.contains(state)).count();
    println!(
        "changes: {} written, {} of them overwritten before the next look, {} deliveries, {} distinct keys",
        written.count,
        overwritten,
        seen.deliveries,
        seen.by_key.len()
    );
    assert!(seen.faults.is_empty(), "{:?}", seen.faults);
    // Each state that was seen has one key: a repeated change has the same key.
    let ours = seen
        .by_key
        .values()
        .filter(|(_, _, state)| state.starts_with("state "));
    let mut keys: BTreeMap<_, u32> = BTreeMap::new();
    for content in ours {
        *keys.entry(content).or_default() += 1;
    }
    let twice: Vec<_> = keys.iter().filter(|(_, count)| **count > 1).collect();
    assert!(
        twice.is_empty(),
        "these states have several keys: {twice:?}"
    );
    budget(scene);
    takeovers(scene);
}

/// Counts the requests in every window, by the simulators' ledgers.
fn budget(scene: &Scene) {
    let (limit, seconds) = TENANT_LIMIT;
    let window = Duration::from_secs(seconds);
    let (mut all, mut worst, mut refused) = (Vec::new(), 0, 0);
    for (name, simulator) in &scene.tenants {
        let requests = simulator.ledger().requests();
        // A refusal without a fault is one by the limit.
        let of_limit = requests
            .iter()
            .filter(|request| request.status == 429 && request.faults.is_empty());
        refused += of_limit.count();
        let times: Vec<Duration> = requests.iter().map(|request| time(&request.at)).collect();
        let most = most_in(times.clone(), window);
        assert!(
            most <= limit,
            "{name}: {most} requests in {window:?}; the limit is {limit}"
        );
        worst = worst.max(most);
        all.extend(times);
    }
    let of_all = scene.size.of_all();
    let requests = all.len();
    let most = most_in(all, window);
    println!(
        "budget: {requests} requests; at most {worst} of {limit} of a tenant and {most} of {of_all} of all in any {window:?}; {refused} refused"
    );
    assert_eq!(
        refused, 0,
        "the service refused requests because of its limits"
    );
    assert!(most <= of_all);
}

fn time(at: &str) -> Duration {
    let time: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
    Duration::from_micros(time.timestamp_micros() as u64)
}

fn most_in(mut times: Vec<Duration>, window: Duration) -> usize {
    times.sort_unstable();
    let (mut first, mut most) = (0, 0);
    for (last, time) in times.iter().enumerate() {
        while *time - times[first] >= window {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}

fn takeovers(scene: &Scene) {
    let mut by_kind: BTreeMap<&str, (u32, Vec<Duration>)> = BTreeMap::new();
    for (what, times) in &scene.takeovers {
        let entry = by_kind.entry(what).or_default();
        entry.0 += 1;
        entry.1.extend(times);
    }
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header([
        "a worker is",
        "times",
        "tenants",
        "taken over after: least",
        "middle",
        "most",
    ]);
    for (what, (count, mut times)) in by_kind {
        times.sort_unstable();
        let seconds = |time: Option<&Duration>| {
            time.map_or("–".to_owned(), |time| {
                format!("{:.1} s", time.as_secs_f64())
            })
        };
        table.add_row([
            what.to_owned(),
            count.to_string(),
            times.len().to_string(),
            seconds(times.first()),
            seconds(times.get(times.len() / 2)),
            seconds(times.last()),
        ]);
    }
    println!("{table}");
}
