//! How fast a page of incidents is decoded, beside handwritten structs and beside `serde_json::Value`.
//!
//! `cargo bench -p graph-incidents --bench decode` prints a table. The candidates take turns in every round, each
//! round in another order: one after the other they would be measured under different loads of the machine and
//! different states of the allocator. What counts is the best time of each.

mod dropping;
mod flattened;
mod members;
mod payload;
mod visited;

use std::hint::black_box;
use std::time::{Duration, Instant};

use graph_incidents::runtime::{Page, json};
use graph_incidents::types::Incident;

const ROUNDS: usize = 400;

/// What is measured: how many incidents it decoded, and how long that took, without dropping them.
type Candidate = fn(&[u8]) -> (usize, Duration);

const CANDIDATES: [(&str, Option<f64>, Candidate); 5] = [
    ("graph-incidents, unknown properties kept", None, ours),
    (
        "serde, unknown properties kept (flatten)",
        Some(0.95),
        keeping,
    ),
    (
        "handwritten visitors, unknown properties kept",
        Some(0.95),
        visiting,
    ),
    ("serde, unknown properties dropped", Some(0.85), dropping),
    ("serde_json::Value", Some(1.0), value),
];

macro_rules! timed {
    ($decode:expr, $count:expr) => {{
        let start = Instant::now();
        let decoded = black_box($decode);
        let elapsed = start.elapsed();
        (decoded.ok().as_ref().map_or(0, $count), elapsed)
    }};
}

fn ours(text: &[u8]) -> (usize, Duration) {
    timed!(json::decode::<Page<Incident>>(text), |page| page.len())
}

fn keeping(text: &[u8]) -> (usize, Duration) {
    timed!(serde_json::from_slice::<flattened::Page>(text), |page| page
        .value
        .len())
}

fn visiting(text: &[u8]) -> (usize, Duration) {
    timed!(serde_json::from_slice::<visited::Page>(text), |page| page
        .value
        .len())
}

fn dropping(text: &[u8]) -> (usize, Duration) {
    timed!(serde_json::from_slice::<dropping::Page>(text), |page| page
        .value
        .len())
}

fn value(text: &[u8]) -> (usize, Duration) {
    timed!(serde_json::from_slice::<serde_json::Value>(text), |page| {
        page["value"].as_array().map_or(0, Vec::len)
    })
}

fn main() {
    // `cargo test --benches` only wants to know that it runs.
    let rounds = if std::env::args().any(|argument| argument == "--bench") {
        ROUNDS
    } else {
        1
    };
    for (title, unknown) in [
        ("as the service sends it", false),
        ("with an unknown property in every object", true),
    ] {
        let text = payload::page(unknown);
        println!(
            "50 incidents, 150 alerts, 600 pieces of evidence, {} KiB, {title}",
            text.len() / 1024
        );
        let times = measure(&text, rounds);
        report(&text, &times);
    }
}

/// The times of each candidate, sorted.
fn measure(text: &[u8], rounds: usize) -> [Vec<Duration>; CANDIDATES.len()] {
    let mut times: [Vec<Duration>; CANDIDATES.len()] = Default::default();
    for round in 0..rounds {
        for turn in 0..CANDIDATES.len() {
            let place = (round + turn) % CANDIDATES.len();
            let (name, _, candidate) = CANDIDATES[place];
            let (incidents, time) = candidate(text);
            assert_eq!(incidents, 50, "{name} did not decode the page");
            times[place].push(time);
        }
    }
    for times in &mut times {
        times.sort_unstable();
    }
    times
}

fn report(text: &[u8], times: &[Vec<Duration>; CANDIDATES.len()]) {
    println!(
        "{:<44} {:>9} {:>9} {:>7} {:>10} {:>5}",
        "", "best", "median", "MB/s", "our speed", "aim"
    );
    let best = |place: usize| times[place].first().map_or(0.0, Duration::as_secs_f64);
    for (place, (name, aim, _)) in CANDIDATES.iter().enumerate() {
        let median = times[place]
            .get(times[place].len() / 2)
            .map_or(0.0, Duration::as_secs_f64);
        let speed = text.len() as f64 / best(place) / 1e6;
        let ratio = best(place) / best(0);
        let aim = aim.map(|aim| format!("{aim:.2}")).unwrap_or_default();
        println!(
            "{name:<44} {:>6.3} ms {:>6.3} ms {speed:>7.0} {ratio:>10.2} {aim:>5}",
            best(place) * 1e3,
            median * 1e3
        );
    }
    println!();
}
