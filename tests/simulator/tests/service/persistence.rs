//! Killed at any moment, it goes on with every write that was acknowledged.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use graph_incidents_simulator::Simulator;
use serde_json::{Value, json};

use crate::support::{exchange, patch, post, reply, request, started};

const HEADERS: [(&str, &str); 2] = [
    ("Authorization", "Bearer t"),
    ("Content-Type", "application/json"),
];

/// A process of its own, killed when it is dropped.
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
                "--incidents",
                "100",
                "--state",
            ])
            .arg(state)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let address = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                line.trim()
                    .strip_prefix("base URL")?
                    .trim()
                    .strip_prefix("http://")?
                    .strip_suffix("/beta")?
                    .parse()
                    .ok()
            })
            .unwrap();
        Self { child, address }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL on Unix: nothing gets to tidy up.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

async fn comment(address: SocketAddr, text: &str) -> bool {
    let body = json!({"@odata.type": "microsoft.graph.security.alertComment", "comment": text})
        .to_string();
    let bytes = exchange(
        address,
        &request(
            "POST",
            "/beta/security/incidents/3000007/comments",
            &HEADERS,
            &body,
        ),
    )
    .await;
    // Cut off in the middle of its head, a response is none.
    bytes.is_ok_and(|bytes| {
        bytes.windows(4).any(|window| window == b"\r\n\r\n") && reply(&bytes).status == 200
    })
}

async fn comments(address: SocketAddr) -> Vec<String> {
    let bytes = exchange(
        address,
        &request("GET", "/beta/security/incidents/3000007", &HEADERS, ""),
    )
    .await
    .unwrap();
    let incident = reply(&bytes).json();
    incident["comments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|comment| comment["comment"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_write_survives_a_kill() {
    let Some(executable) = option_env!("CARGO_BIN_EXE_graph-incidents-simulator") else {
        eprintln!("skipped: the program is not built without its feature 'program'");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let mut acknowledged = Vec::new();
    for round in 0..4 {
        let program = Program::start(executable, &state);
        let address = program.address;
        for text in &acknowledged {
            assert!(
                comments(address).await.contains(text),
                "{text} is lost before round {round}"
            );
        }
        let acknowledged_count = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let acknowledged_count = Arc::clone(&acknowledged_count);
                tokio::spawn(async move {
                    let mut own = Vec::new();
                    for number in 0..10_000 {
                        let text = format!("{round}/{writer}/{number}");
                        if !comment(address, &text).await {
                            break;
                        }
                        acknowledged_count.fetch_add(1, Ordering::Relaxed);
                        own.push(text);
                    }
                    own
                })
            })
            .collect();
        while acknowledged_count.load(Ordering::Relaxed) < 10 + round * 7 {
            tokio::task::yield_now().await;
        }
        drop(program);
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }
    }
    assert!(acknowledged.len() >= 10);
    let program = Program::start(executable, &state);
    let found = comments(program.address).await;
    for text in &acknowledged {
        assert_eq!(
            found.iter().filter(|comment| *comment == text).count(),
            1,
            "{text}"
        );
    }
}

#[tokio::test]
async fn updates_merges_and_moved_alerts_are_read_back() {
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
    assert!(error.to_string().contains("seed 0"), "{error}");
}
