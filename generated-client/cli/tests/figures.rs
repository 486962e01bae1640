//! The cost of the program: its size, the time to the first byte, the memory of a long export.
//!
//! `cargo test --profile dist -p graph-incidents-cli --test figures -- --ignored --nocapture` prints the figures and
//! checks them against their bounds; with `--release` the size has none.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use graph_incidents::Client;
use graph_incidents_simulator::Simulator;
use nix::sys::resource::{UsageWho, getrusage};

const MOST_BYTES: u64 = 12 << 20;
const MOST_ABOVE_THE_REQUEST: Duration = Duration::from_millis(10);
const MOST_KIB: i64 = 20 << 10;
const INCIDENTS: u64 = 100_000;
const ROUNDS: usize = 21;

fn program(simulator: &Simulator, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_incidents"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", folder)
        .env("INCIDENTS_BASE_URL", simulator.base_url())
        .env("GRAPH_TOKEN", simulator.token())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// The time to the first byte of the program's output.
fn first_byte(mut command: Command) -> Duration {
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut byte = [0; 1];
    stdout.read_exact(&mut byte).unwrap();
    let time = started.elapsed();
    std::io::copy(&mut stdout, &mut std::io::sink()).unwrap();
    assert!(child.wait().unwrap().success());
    time
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The size of the program without symbols.
fn stripped(folder: &Path) -> Option<u64> {
    let copy = folder.join("incidents");
    std::fs::copy(env!("CARGO_BIN_EXE_incidents"), &copy).unwrap();
    let strip = Command::new("strip").arg(&copy).status();
    match strip {
        Ok(status) if status.success() => Some(std::fs::metadata(&copy).unwrap().len()),
        _ => {
            eprintln!("SKIPPED: there is no `strip`, so the size is not known");
            None
        }
    }
}

/// The number of lines that the program prints.
fn lines_of(mut command: Command) -> usize {
    let mut child = command.spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut buffer = vec![0; 1 << 16];
    let mut lines = 0;
    loop {
        let count = stdout.read(&mut buffer).unwrap();
        if count == 0 {
            break;
        }
        let breaks = buffer[..count].iter().filter(|byte| **byte == b'\n');
        lines += breaks.count();
    }
    // Children are counted once they have been waited for.
    assert!(child.wait().unwrap().success());
    lines
}

/// Whether the program is built as for a release; other builds are larger.
fn is_handed_out() -> bool {
    env!("CARGO_BIN_EXE_incidents").contains("/dist/")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures: run it by itself, with --profile dist"]
async fn size_time_to_first_byte_and_memory_are_within_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::builder()
        .incidents(INCIDENTS)
        .start()
        .await
        .unwrap();
    let mut above_bound = Vec::new();
    let list = ["list", "--top", "1"];
    let mut requests = Vec::new();
    let mut runs = Vec::new();
    for _ in 0..ROUNDS {
        // A new client each time, because the program has to connect too.
        let client = Client::builder()
            .base_url(simulator.base_url())
            .token(simulator.token())
            .build()
            .unwrap();
        let started = Instant::now();
        client.list_incidents().top(1).await.unwrap();
        requests.push(started.elapsed());
        let command = program(&simulator, folder.path(), &list);
        runs.push(
            tokio::task::spawn_blocking(|| first_byte(command))
                .await
                .unwrap(),
        );
    }
    let (request, run) = (middle(requests), middle(runs));
    let above = run.saturating_sub(request);
    println!("first byte of `list`: {run:?}, of which the request {request:?}; above it {above:?}");

    let export = program(&simulator, folder.path(), &["export"]);
    let lines = tokio::task::spawn_blocking(|| lines_of(export))
        .await
        .unwrap();
    assert!(lines as u64 >= INCIDENTS, "{lines}");
    let most = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    println!(
        "memory of `export` of {lines} incidents: {:.1} MiB",
        most as f64 / 1024.0
    );
    if most > MOST_KIB {
        above_bound.push("memory");
    }
    if above > MOST_ABOVE_THE_REQUEST {
        above_bound.push("first byte");
    }
    // Last, because `strip` is a child too and its memory would be counted.
    if let Some(bytes) = stripped(folder.path()) {
        println!(
            "size, stripped: {:.1} MiB",
            bytes as f64 / f64::from(1 << 20)
        );
        if bytes > MOST_BYTES && is_handed_out() {
            above_bound.push("size");
        }
    }
    // There are no bounds without optimization.
    assert!(
        above_bound.is_empty() || cfg!(debug_assertions),
        "above its bound: {above_bound:?}"
    );
}
