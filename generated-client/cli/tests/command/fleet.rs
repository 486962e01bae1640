//! `incidents fleet` with two generated tenants, with a folder and with Redis.

use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::program::{Run, finish, program};

/// A program that runs until it is told to stop.
pub(super) struct Started(Child);

impl Started {
    pub(super) fn of(mut command: Command) -> Self {
        Self(
            command
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap(),
        )
    }

    /// Stops it as a service manager does, and returns its exit code and log.
    pub(super) fn stop(mut self) -> (Option<i32>, String) {
        let pid = self.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        let code = self.0.wait().unwrap().code();
        let mut log = String::new();
        self.0
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        (code, log)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(super) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

pub(super) async fn run(folder: &Path, arguments: &[&str]) -> Run {
    finish(program(folder, arguments), String::new()).await
}

/// Repeats a command until its output meets a condition.
pub(super) async fn until(
    folder: &Path,
    arguments: &[&str],
    pleases: impl Fn(&Run) -> bool,
) -> Run {
    let began = Instant::now();
    loop {
        let run = run(folder, arguments).await;
        if pleases(&run) {
            return run;
        }
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{arguments:?}: {}{}",
            run.out,
            run.err
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Starts a Redis; prints that the test is skipped if it is not installed. Returns its address.
pub(super) async fn redis(folder: &Path) -> Option<(Started, String)> {
    let port = free_port().to_string();
    let redis = Command::new("redis-server")
        .args(["--port", &port, "--bind", "127.0.0.1", "--save", ""])
        .args(["--appendonly", "yes", "--dir"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(redis) = redis else {
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        let mut stderr = std::io::stderr();
        writeln!(
            stderr,
            "SKIPPED: {name}: `redis-server` is not installed (apt-get install redis-server)"
        )
        .unwrap();
        return None;
    };
    let redis = Started(redis);
    let address = format!("redis://127.0.0.1:{port}/");
    let list = ["fleet", "tenants", "list", "--redis", &address];
    until(folder, &list, |run| run.code == 0).await;
    Some((redis, address))
}

/// The keys and tenants of changes that were read.
fn read(out: &str) -> Vec<(String, String)> {
    let changes = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    changes
        .map(|change| (text(&change["key"]), text(&change["tenant"])))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fleet_without_tenants_says_that_it_watches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tenants.toml"), "").unwrap();
    let listen = format!("127.0.0.1:{}", free_port());
    let arguments = [
        "fleet",
        "run",
        "--tenants",
        "tenants.toml",
        "--listen",
        &listen,
    ];
    let worker = Started::of(program(folder.path(), &arguments));
    let top = [
        "fleet",
        "top",
        "--once",
        "--url",
        &format!("http://{listen}"),
    ];
    until(folder.path(), &top, |run| run.code == 0).await;
    let (code, log) = worker.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("the list of tenants is empty"), "{log}");
}

/// Runs a worker with further arguments, reads the stream, shows the status, and stops the worker.
async fn worker_is_read_and_stopped(folder: &Path, place: &[&str]) {
    let listen = format!("127.0.0.1:{}", free_port());
    let mut arguments = vec![
        "--simulator",
        "fleet",
        "run",
        "--every",
        "1",
        "--listen",
        &listen,
    ];
    arguments.extend(place);
    let worker = Started::of(program(folder, &arguments));
    let url = format!("http://{listen}");
    let top = ["fleet", "top", "--once", "--url", &url]
        .into_iter()
        .chain(place.iter().copied());
    let top: Vec<&str> = top.collect();
    let shown = until(folder, &top, |run| {
        run.out
            .lines()
            .any(|line| line.split_whitespace().nth(2) == Some("2"))
    })
    .await;
    assert!(shown.out.starts_with(" WORKER"), "{}", shown.out);
    let reading = ["fleet", "read", "--once", "--group", "test"]
        .into_iter()
        .chain(place.iter().copied());
    let reading: Vec<&str> = reading.collect();
    let mut changes = Vec::new();
    while changes.len() < 2 {
        changes.extend(read(
            &until(folder, &reading, |run| !run.out.is_empty()).await.out,
        ));
    }
    let (code, log) = worker.stop();
    assert_eq!(code, Some(0), "{log}");
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["message"].is_string(), "{line}");
    }
    // Acknowledged changes are not read again.
    changes.extend(read(&run(folder, &reading).await.out));
    let mut keys: Vec<_> = changes.iter().map(|(key, _)| key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), changes.len());
}

#[tokio::test]
async fn a_fleet_of_one_process_needs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    worker_is_read_and_stopped(folder.path(), &[]).await;
    assert!(
        folder
            .path()
            .join("fleet-state/cursors/contoso.json")
            .exists()
    );
    // The view says that no worker runs.
    let shown = run(
        folder.path(),
        &["fleet", "top", "--once", "--url", "http://127.0.0.1:1"],
    )
    .await;
    assert_eq!(shown.code, 6, "{}", shown.err);
}

#[tokio::test]
async fn with_redis_tenants_can_be_added_while_the_fleet_runs() {
    let folder = tempfile::tempdir().unwrap();
    let Some((_redis, address)) = redis(folder.path()).await else {
        return;
    };
    let list = ["fleet", "tenants", "list", "--redis", &address];
    worker_is_read_and_stopped(folder.path(), &["--redis", &address]).await;
    let added = run(
        folder.path(),
        &[
            "fleet",
            "tenants",
            "add",
            "fabrikam",
            "--redis",
            &address,
            "--token",
            "env:FABRIKAM",
        ],
    )
    .await;
    assert_eq!(added.code, 0, "{}", added.err);
    assert_eq!(
        run(folder.path(), &list).await.out,
        "fabrikam  {\"token\":\"env:FABRIKAM\"}\n"
    );
    let refused = run(
        folder.path(),
        &[
            "fleet", "tenants", "add", "fabrikam", "--redis", &address, "--token", "eyJ0eXAi",
        ],
    )
    .await;
    assert!(
        refused.code == 2 && !refused.err.contains("eyJ0eXAi"),
        "{}",
        refused.err
    );
    let remove = [
        "fleet", "tenants", "remove", "fabrikam", "--redis", &address,
    ];
    assert_eq!(run(folder.path(), &remove).await.code, 0);
    assert_eq!(run(folder.path(), &remove).await.code, 4);
}

/// A collector that accepts everything, and what it received.
#[cfg(feature = "fleet-otel")]
fn collector() -> (String, std::sync::Arc<std::sync::Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let sent = std::sync::Arc::<std::sync::Mutex<Vec<u8>>>::default();
    let taken = std::sync::Arc::clone(&sent);
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let (mut connection, taken) = (connection.unwrap(), std::sync::Arc::clone(&taken));
            std::thread::spawn(move || {
                let mut request = Vec::new();
                let mut buffer = [0; 65_536];
                while let Ok(count @ 1..) = connection.read(&mut buffer) {
                    request.extend(&buffer[..count]);
                    let head = request.windows(4).position(|four| four == b"\r\n\r\n");
                    let Some(head) = head else { continue };
                    let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
                    let length = text
                        .lines()
                        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                    if request.len() - head - 4 == length.unwrap_or(0_usize) {
                        taken.lock().unwrap().append(&mut request);
                        connection
                            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                            .unwrap();
                    }
                }
            });
        }
    });
    (address, sent)
}

#[cfg(feature = "fleet-otel")]
#[tokio::test]
async fn metrics_and_traces_are_sent_to_a_collector() {
    let folder = tempfile::tempdir().unwrap();
    let (address, sent) = collector();
    let listen = format!("127.0.0.1:{}", free_port());
    let mut command = program(
        folder.path(),
        &[
            "--simulator",
            "fleet",
            "run",
            "--every",
            "1",
            "--listen",
            &listen,
        ],
    );
    command
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        .env("OTEL_METRIC_EXPORT_INTERVAL", "300");
    let worker = Started::of(command);
    let top = [
        "fleet",
        "top",
        "--once",
        "--url",
        &format!("http://{listen}"),
    ];
    until(folder.path(), &top, |run| {
        run.out
            .lines()
            .any(|line| line.split_whitespace().nth(2) == Some("2"))
    })
    .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (code, log) = worker.stop();
    assert_eq!(code, Some(0), "{log}");
    let sent = sent.lock().unwrap();
    let sent = String::from_utf8_lossy(&sent);
    for part in [
        "/v1/metrics",
        "fleet.tenant.lag",
        "contoso",
        "fleet.worker.takeovers",
        "/v1/traces",
        "GET /security/incidents",
    ] {
        assert!(sent.contains(part), "{part} was not sent; {log}");
    }
}

#[tokio::test]
async fn errors_in_the_settings_have_their_location() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("fleet.toml"), "every = 60\nlaese = 3\n").unwrap();
    let refused = run(folder.path(), &["fleet", "run", "--no-listen"]).await;
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("fleet.toml:2: "), "{}", refused.err);
    std::fs::remove_file(folder.path().join("fleet.toml")).unwrap();
    // A file that is there and cannot be read is not a missing one.
    std::fs::create_dir(folder.path().join("fleet.toml")).unwrap();
    let unread = finish(program(folder.path(), &["fleet", "run"]), String::new()).await;
    assert_eq!(unread.code, 2, "{}", unread.err);
    assert!(
        unread.err.contains("failed to read fleet.toml"),
        "{}",
        unread.err
    );
    std::fs::remove_dir(folder.path().join("fleet.toml")).unwrap();
    let missing = run(folder.path(), &["fleet", "run", "--no-listen"]).await;
    assert!(
        missing.code == 2 && missing.err.contains("tenants.toml"),
        "{}",
        missing.err
    );
}
