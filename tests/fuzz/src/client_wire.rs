//! Whatever a server sends, a call ends by its deadline, with a value or a one-line error.

use std::time::{Duration, Instant};

use graph_incidents::types::IncidentUpdate;
use graph_incidents::{Client, Error, Limits, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::is_one_line;
use crate::kept::runtime;

/// Separates the bytes of two connections; the last ones are repeated for further connections.
const SEPARATOR: &[u8] = b"\n===\n";
/// The head for an input that is only a body.
const HEAD: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
/// The end of the bytes of a connection that stays open.
const STAYS_OPEN: u8 = b'~';
/// The time limit of a call.
const TOTAL: Duration = Duration::from_millis(400);
/// How late it may end on a busy machine.
const GRACE: Duration = Duration::from_secs(5);
/// The most pages that are followed.
const PAGES: u64 = 4;
/// The longest message of an error.
const LONGEST: usize = 4_096;

/// Lists incidents and updates one, against a server that sends the input unchanged.
///
/// # Panics
///
/// Panics if a call does not end in time, or if its error has more than one line or is too long for a log.
pub fn client_wire(input: &[u8]) {
    let scripts = split(input);
    runtime().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        let server = tokio::spawn(serve(listener, scripts));
        let client = client(&format!("http://{address}/beta"));
        ends("a listing", list(&client)).await;
        let update = IncidentUpdate::new().summary("a");
        ends("an update", async {
            client.update_incident("1", &update).await.map(drop)
        })
        .await;
        server.abort();
    });
}

fn client(url: &str) -> Client {
    let retry = RetryPolicy::default()
        .attempts(3)
        .first_delay(Duration::from_millis(1))
        .total_time(TOTAL);
    let limits = Limits::default()
        .response_bytes(1 << 20)
        .memory_bytes(1 << 22)
        .pages(PAGES)
        .attempt_time(TOTAL / 2);
    let built = Client::builder().token("t").base_url(url);
    let built = built.retry(retry).limits(limits).build();
    built.expect("the client is built")
}

async fn list(client: &Client) -> Result<(), Error> {
    let mut items = client.list_incidents().items();
    while let Some(item) = items.next().await {
        item?;
    }
    Ok(())
}

async fn ends(what: &str, call: impl Future<Output = Result<(), Error>>) {
    let started = Instant::now();
    let pages = u32::try_from(PAGES).unwrap_or(u32::MAX);
    let most = TOTAL * pages + GRACE;
    let ended = tokio::time::timeout(most, call).await;
    let result =
        ended.unwrap_or_else(|_| panic!("{what} still runs after {:?}", started.elapsed()));
    if let Err(error) = result {
        let message = error.to_string();
        assert!(is_one_line(&message), "{what}: {message:?}");
        assert!(message.len() <= LONGEST, "{what}: {message}");
    }
}

async fn serve(listener: TcpListener, scripts: Vec<Vec<u8>>) {
    let mut next = 0;
    while let Ok((stream, _)) = listener.accept().await {
        let script = scripts[next.min(scripts.len() - 1)].clone();
        next += 1;
        tokio::spawn(respond(stream, script));
    }
}

async fn respond(mut stream: TcpStream, script: Vec<u8>) {
    let mut request = [0; 8_192];
    // The client may disconnect at any time.
    let _ = stream.read(&mut request).await;
    let _ = stream.write_all(&script).await;
    if script.last() == Some(&STAYS_OPEN) {
        let _ = stream.read(&mut request).await;
    }
    let _ = stream.shutdown().await;
}

fn split(input: &[u8]) -> Vec<Vec<u8>> {
    let mut scripts = vec![Vec::new()];
    let mut rest = input;
    while let Some((first, after)) = rest.split_first() {
        if let (Some(after), true) = (rest.strip_prefix(SEPARATOR), scripts.len() < 8) {
            scripts.push(Vec::new());
            rest = after;
            continue;
        }
        if let Some(last) = scripts.last_mut() {
            last.push(*first);
        }
        rest = after;
    }
    for script in &mut scripts {
        if !script.starts_with(b"HTTP/") {
            *script = [HEAD, script].concat();
        }
    }
    scripts
}
