//! After a kill at any moment, the simulator has every acknowledged write.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use graph_incidents_simulator::Simulator;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::{exchange, patch, post, reply, request, started};

const HEADERS: [(&str, &str); 2] = [
    ("Authorization", "Bearer t"),
    ("Content-Type", "application/json"),
];

/// A separate process that is killed when this is dropped.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    fn start(executable: &str, state: &Path) -> Self {
        let mut child = Command::new(executable)
            .args([
                "--port",
                "0",
                "--token",
                "t",
                "--quiet",
                "--json",
                "--incidents",
                "100",
                "--state",
            ])
            .arg(state)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let printed: Value = serde_json::from_str(&line).unwrap();
        let address = printed["address"].as_str().unwrap().parse().unwrap();
        Self { child, address }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL on Unix: no chance to clean up.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The incident of a writer.
fn incident(writer: usize) -> String {
    (3_000_000 + writer).to_string()
}

/// Sets the summary of the writer's incident to a number with an amount of text.
async fn update(address: SocketAddr, writer: usize, number: usize, size: usize) -> bool {
    let body = json!({"summary": number.to_string(), "description": "x".repeat(size)}).to_string();
    let target = format!("/beta/security/incidents/{}", incident(writer));
    let bytes = exchange(address, &request("PATCH", &target, &HEADERS, &body)).await;
    // A response with an incomplete head does not count.
    bytes.is_ok_and(|bytes| {
        bytes.windows(4).any(|window| window == b"\r\n\r\n") && reply(&bytes).status == 200
    })
}

async fn summary(address: SocketAddr, writer: usize) -> usize {
    let target = format!("/beta/security/incidents/{}", incident(writer));
    let bytes = exchange(address, &request("GET", &target, &HEADERS, ""))
        .await
        .unwrap();
    let summary = reply(&bytes).json()["summary"].clone();
    summary.as_str().map_or(0, |text| text.parse().unwrap_or(0))
}

/// The path of the built program.
fn executable() -> Option<&'static str> {
    let executable = option_env!("CARGO_BIN_EXE_graph-incidents-simulator");
    if executable.is_none() {
        eprintln!("skipped: the program is not built without its feature 'program'");
    }
    executable
}

/// Runs writers until the program ends; each returns the last number that was acknowledged.
fn writers(address: SocketAddr, from: &[usize], size: usize) -> Vec<JoinHandle<usize>> {
    from.iter()
        .enumerate()
        .map(|(writer, from)| {
            let from = *from;
            tokio::spawn(async move {
                let mut number = from;
                while update(address, writer, number + 1, size).await {
                    number += 1;
                }
                number
            })
        })
        .collect()
}

/// `KILLS` says how often; 6 by default.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_write_survives_a_kill() {
    let Some(executable) = executable() else {
        return;
    };
    let kills: usize = std::env::var("KILLS").map_or(6, |kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let mut acknowledged = vec![0; 4];
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..=kills {
        let program = Program::start(executable, &state);
        for (writer, number) in acknowledged.iter_mut().enumerate() {
            let found = summary(program.address, writer).await;
            // One write in flight may have arrived for each writer.
            assert!(
                found == *number || found == *number + 1,
                "round {round}, writer {writer}: {number} was acknowledged, {found} is there"
            );
            *number = found;
        }
        // Large writes cause compaction, small ones make many writes.
        let size = if round % 2 == 0 { 100 } else { 200_000 };
        let running = writers(program.address, &acknowledged, size);
        tokio::time::sleep(Duration::from_millis(random.u64(20..150))).await;
        drop(program);
        for (writer, number) in running.into_iter().zip(&mut acknowledged) {
            *number = writer.await.unwrap();
        }
    }
    assert!(
        acknowledged.iter().all(|number| *number > 0),
        "{acknowledged:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_is_compacted_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let build = || Simulator::builder().token("t").incidents(10).state(&state);
    let simulator = started(build()).await;
    let large = "x".repeat(500_000);
    for number in 0..30 {
        let body = json!({"summary": number.to_string(), "description": large});
        assert_eq!(patch(&simulator, "3000007", body).await.status, 200);
    }
    let length = std::fs::metadata(&state).unwrap().len();
    assert!(
        length < 12_000_000,
        "{length} bytes of 15 MB that were written"
    );
    patch(&simulator, "3000007", json!({"description": null})).await;
    let before = simulator.incident("3000007");
    simulator.stop().await;
    assert_eq!(started(build()).await.incident("3000007"), before);
}

/// Without room on the disk, a write is refused and the file stays valid.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_and_loses_none() {
    let Some(executable) = executable() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    // A limit of the process simulates a full disk: a write beyond it fails within a line.
    let limited = folder.path().join("limited");
    let script = format!("#!/bin/bash\ntrap '' XFSZ\nulimit -f 300\nexec '{executable}' \"$@\"\n");
    std::fs::write(&limited, script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&limited, mode).unwrap();
    let program = Program::start(limited.to_str().unwrap(), &state);
    let mut number = 0;
    while update(program.address, 0, number + 1, 40_000).await {
        number += 1;
        assert!(number < 100, "the limit is not in force");
    }
    assert!(number > 0);
    assert!(!update(program.address, 1, 1, 10).await);
    drop(program);
    let program = Program::start(executable, &state);
    assert_eq!(summary(program.address, 0).await, number);
    assert_eq!(summary(program.address, 1).await, 0);
}

#[tokio::test]
async fn a_second_process_is_refused_with_the_pid_of_the_first() {
    let Some(executable) = executable() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let first = Program::start(executable, &state);
    let second = Command::new(executable)
        .args(["--port", "0", "--incidents", "100", "--state"])
        .arg(&state)
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    let text = String::from_utf8(second.stderr).unwrap();
    let owner = format!("in use by process {}", first.child.id());
    assert!(text.contains(&owner), "{text}");
}

#[tokio::test]
async fn damage_is_an_error_that_names_the_line_until_it_is_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let build = || Simulator::builder().token("t").state(&state);
    let simulator = started(build()).await;
    let ids: Vec<String> = simulator.incident_ids()[..3].to_vec();
    for id in &ids {
        patch(&simulator, id, json!({"summary": "kept"})).await;
    }
    simulator.stop().await;
    let whole = std::fs::read_to_string(&state).unwrap();
    let damaged = whole.replacen("\"kept\"", "\"kepd\"", 1);
    std::fs::write(&state, &damaged).unwrap();
    let error = build().start().await.err().unwrap().to_string();
    assert!(
        error.contains("line 2 of") && error.contains("--recover"),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(&state).unwrap(), damaged);
    let simulator = started(build().recover(true)).await;
    let recovery = simulator.recovery().unwrap();
    assert_eq!((recovery.kept, recovery.lost), (2, Some(1)));
    assert_eq!(recovery.damaged_lines, [2]);
    let moved = std::fs::read_to_string(&recovery.damaged_file).unwrap();
    assert_eq!(moved, damaged);
    let kept = ids
        .iter()
        .filter(|id| simulator.incident(id).unwrap()["summary"] == "kept")
        .count();
    assert_eq!(kept, 2);
    simulator.stop().await;
    assert!(started(build()).await.recovery().is_none());
}

#[tokio::test]
async fn added_incidents_survive_compaction_and_restart() {
    let folder = tempfile::tempdir().unwrap();
    let build = || Simulator::builder().state(folder.path().join("state"));
    let first = started(build()).await;
    assert!(first.insert(
        json!({"id": "7", "displayName": "new"}),
        vec![json!({"id": "a"})]
    ));
    assert!(first.insert(
        json!({"id": "2972395", "displayName": "replaced"}),
        Vec::new()
    ));
    first.stop().await;
    for _ in 0..2 {
        let next = started(build()).await;
        assert_eq!(next.incident("7").unwrap()["displayName"], "new");
        assert_eq!(next.alerts("7").unwrap().len(), 1);
        assert_eq!(next.alerts("2972395").unwrap().len(), 0);
        next.stop().await;
    }
}

#[tokio::test]
async fn updates_merges_and_moved_alerts_are_restored() {
    let folder = tempfile::tempdir().unwrap();
    let build = || Simulator::builder().state(folder.path().join("state"));
    let first = started(build()).await;
    patch(
        &first,
        "2972395",
        json!({"summary": "kept", "customTags": ["Demo"]}),
    )
    .await;
    let ids = first.incident_ids();
    let merge = json!({"incidentIds": [ids[1], ids[2]]});
    let target = post(
        &first,
        "/incidents/microsoft.graph.security.mergeIncidents",
        merge,
    )
    .await
    .json();
    let everything = |simulator: &Simulator| -> Vec<(Option<Value>, Option<Vec<Value>>)> {
        simulator
            .incident_ids()
            .iter()
            .map(|id| (simulator.incident(id), simulator.alerts(id)))
            .collect()
    };
    let before = everything(&first);
    first.stop().await;
    let second = started(build()).await;
    assert_eq!(everything(&second), before);
    assert!(
        second
            .alerts(target["targetIncidentId"].as_str().unwrap())
            .unwrap()
            .len()
            > 1
    );
}

#[tokio::test]
async fn a_file_of_another_tenant_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    started(Simulator::builder().state(&state))
        .await
        .stop()
        .await;
    let error = Simulator::builder()
        .seed(5)
        .state(&state)
        .start()
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("the reference data"), "{error}");
}
