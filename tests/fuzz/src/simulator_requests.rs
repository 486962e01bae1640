//! Any request to the simulator gets a response, which is no 500 without a fault, and its writes survive a restart.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use graph_incidents_simulator::Simulator;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::kept::{kept, runtime};

/// Separates two requests of an input.
const SEPARATOR: &str = "\n===\n";
/// The most requests of an input.
const REQUESTS: usize = 8;
/// The time limit of a response.
const PATIENCE: Duration = Duration::from_secs(5);
/// Requests that configure failures and delays.
const FAULTS: [&str; 2] = ["/admin/faults", "/admin/profile"];

/// Sends the requests of an input to a simulator with a state file: method and target, an empty line, the body.
///
/// # Panics
///
/// Panics if a request gets no response or an unexpected 500, if index and records disagree, or if the state after a
/// restart differs.
pub fn simulator_requests(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let folder = tempfile::tempdir().expect("a folder for the state");
    let path = folder.path().join("state");
    runtime().block_on(async {
        let simulator = start(&path).await;
        for request in text.split(SEPARATOR).take(REQUESTS) {
            let response = timeout(PATIENCE, send(&simulator, request)).await;
            if FAULTS.iter().any(|asked| text.contains(asked)) {
                continue;
            }
            let response = response.unwrap_or_else(|_| panic!("no response to {request:?}"));
            assert!(response.starts_with("HTTP/1."), "{request:?}: {response:?}");
            let is_500 = response.split(' ').nth(1) == Some("500");
            assert!(!is_500, "{request:?}: {response}");
        }
        let before = kept(&simulator);
        simulator.stop().await;
        let again = start(&path).await;
        assert_eq!(kept(&again), before, "the state after a restart differs");
        again.stop().await;
    });
}

async fn start(path: &Path) -> Simulator {
    let started = Simulator::builder().state(path).start().await;
    started.unwrap_or_else(|error| panic!("it does not start: {error}"))
}

async fn send(simulator: &Simulator, request: &str) -> String {
    let (line, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let line = line.replace(['\n', '\r'], " ");
    let head = format!(
        "{line} HTTP/1.1\r\nHost: simulator.test\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        simulator.token(),
        body.len()
    );
    exchange(simulator.address(), &(head + body)).await
}

/// The bytes received until the connection ends, however it ends.
async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address)
        .await
        .expect("the simulator listens");
    let mut bytes = Vec::new();
    // A request that is refused at once may not be read completely.
    let _ = stream.write_all(request.as_bytes()).await;
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}
