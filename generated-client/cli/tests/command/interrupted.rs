//! A thousand updates through faults, interrupted and continued: each is written once.

#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::Duration;

use graph_incidents_simulator::{Builder, Fault, FaultRule, RetryAfter, Simulator};

use tokio::io::AsyncWriteExt as _;

use super::program::{Bench, finish};

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_mass_write_continues_where_it_stopped() {
    const COUNT: u64 = 1_000;
    let builder = Simulator::builder().incidents(COUNT).seed(5);
    let builder = faults().into_iter().fold(builder, Builder::fault);
    let simulator = builder.start().await.unwrap();
    let bench = Bench::of(simulator);
    let ids: Vec<String> = bench.simulator.incident_ids();
    let arguments = [
        "update",
        "--summary",
        "reviewed",
        "--yes",
        "--remaining",
        "left.txt",
    ];

    let mut child = tokio::process::Command::from(bench.command(&arguments))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(ids.join("\n").as_bytes()).await.unwrap();
    drop(stdin);
    let interrupt = async {
        while bench.simulator.ledger().write_count() < 300 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let pid = child.id().unwrap().to_string();
    let (interrupted, ()) = tokio::join!(child.wait_with_output(), async {
        interrupt.await;
        let kill = std::process::Command::new("kill")
            .args(["-INT", &pid])
            .status();
        assert!(kill.unwrap().success());
    });
    let interrupted = interrupted.unwrap();
    assert_eq!(interrupted.status.code(), Some(130));
    let first: Vec<String> = done(&String::from_utf8(interrupted.stdout).unwrap());
    let left = std::fs::read_to_string(bench.folder.path().join("left.txt")).unwrap();
    assert!(!first.is_empty() && !left.is_empty());
    accounts_for_all(
        &String::from_utf8(interrupted.stderr).unwrap(),
        first.len(),
        ids.len(),
    );

    let mut all = first.clone();
    let mut input = left;
    for _ in 0..5 {
        let run = finish(bench.command(&arguments), input.clone()).await;
        all.extend(done(&run.out));
        if run.code == 0 {
            break;
        }
        input = std::fs::read_to_string(bench.folder.path().join("left.txt")).unwrap();
    }
    all.sort();
    let mut expected = ids.clone();
    expected.sort();
    assert_eq!(all, expected, "each is reported done once");

    // A repeated request has the same client-request-id and counts once.
    let mut calls: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for request in bench.simulator.ledger().requests() {
        if request.method == "PATCH" && request.status == 200 {
            let id = request.target.rsplit('/').next().unwrap().to_owned();
            calls
                .entry(id)
                .or_default()
                .insert(request.client_request_id.clone());
        }
    }
    for id in &first {
        assert_eq!(calls[id].len(), 1, "{id} was reported done and sent again");
    }
    assert_eq!(calls.len(), ids.len(), "none is missing");
}

/// "300 done, 2 failed (1 of them may have been written), 698 not done"
fn accounts_for_all(said: &str, done: usize, all: usize) {
    let summary = said.lines().find(|line| line.contains(" done, ")).unwrap();
    let parts: Vec<usize> = summary
        .split(", ")
        .map(|part| part.split(' ').next().unwrap().parse().unwrap())
        .collect();
    assert!(summary.ends_with(" not done"), "{summary}");
    assert_eq!(parts[0], done, "{summary}");
    assert_eq!(parts.iter().sum::<usize>(), all, "{summary}");
}

/// Runs a command and sends Ctrl-C once the service has a request, whose response is slow.
async fn interrupted(operation: &str, arguments: &[&str]) -> (Bench, Option<i32>, String, String) {
    let slow = FaultRule::new(Fault::Latency {
        milliseconds: 700,
        jitter_milliseconds: 0,
    });
    let builder = Simulator::builder()
        .incidents(120)
        .fault(slow.on(operation));
    let bench = Bench::of(builder.start().await.unwrap());
    let child = tokio::process::Command::from(bench.command(arguments))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = child.id().unwrap().to_string();
    let press = async {
        let is_sent = || {
            bench
                .simulator
                .faults()
                .active()
                .iter()
                .any(|rule| rule.struck > 0)
        };
        while !is_sent() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args(["-INT", &pid]).status().unwrap().success());
    };
    let (output, ()) = tokio::join!(child.wait_with_output(), press);
    let output = output.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        bench,
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_in_flight_is_finished_and_reported() {
    let merge = ["merge", "2972395", "3000001", "--yes"];
    let (_, code, out, err) = interrupted("mergeIncidents", &merge).await;
    assert_eq!(code, Some(130), "{err}");
    assert!(err.contains("finishing the running requests"), "{err}");
    assert!(out.contains(" merged into "), "{out}");

    let alert = "da02972395637659_1";
    let update = ["alerts", "update", alert, "--status", "resolved"];
    let (bench, code, out, err) = interrupted("updateAlert", &update).await;
    assert_eq!(code, Some(130), "{err}");
    assert!(out.contains("resolved"), "{out}");
    assert_eq!(bench.simulator.alert(alert).unwrap()["status"], "resolved");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_export_reports_its_progress() {
    let (_, code, out, err) = interrupted("listIncidents", &["export"]).await;
    assert_eq!(code, Some(130), "{err}");
    assert!(err.contains("interrupted: 0 incidents were read"), "{err}");
    assert_eq!(out, "");
}

/// Lost responses, throttled requests, and latency, so that there is time to interrupt.
fn faults() -> [FaultRule; 3] {
    let throttled = Fault::Status {
        status: 429,
        retry_after: Some(0),
        retry_after_form: RetryAfter::Seconds,
        applied: false,
    };
    let slow = Fault::Latency {
        milliseconds: 20,
        jitter_milliseconds: 0,
    };
    [
        FaultRule::new(Fault::ResetAfter).probability(0.02),
        FaultRule::new(throttled).probability(0.02),
        FaultRule::new(slow),
    ]
    .map(|rule| rule.on("updateIncident"))
}

/// The incidents that a run reported as done.
fn done(out: &str) -> Vec<String> {
    out.lines()
        .filter_map(|line| line.strip_suffix(" changed").map(str::to_owned))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_ends_after_the_requested_number_of_changes() {
    let bench = Bench::with(5).await;
    for count in ["0", "1", "2"] {
        let since = ["watch", "--every", "1", "--since", "2000-01-01"];
        let run = bench.run(&[&since[..], &["--count", count]].concat()).await;
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(run.out.lines().count().to_string(), count, "{}", run.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_continues_from_its_cursor_even_without_changes() {
    let bench = Bench::with(3).await;
    let watch = ["watch", "--every", "1", "--cursor", "cursor"];
    let child = tokio::process::Command::from(bench.command(&watch))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = child.id().unwrap().to_string();
    let file = bench.folder.path().join("cursor");
    while !file.exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Killed without a chance to clean up.
    let kill = std::process::Command::new("kill")
        .args(["-KILL", &pid])
        .status();
    assert!(kill.unwrap().success());
    assert_eq!(child.wait_with_output().await.unwrap().stdout, b"");
    let changed = bench.run(&["assign", "2972395", "--to", "x"]).await;
    assert_eq!(changed.code, 0, "{}", changed.err);
    let again = [
        "watch", "--every", "1", "--cursor", "cursor", "--count", "1",
    ];
    let run = bench.run(&again).await;
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("2972395"), "{}", run.out);
}
