//! A server that sends the bytes of an input, whatever a client requests.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Separates the bytes of two connections; the last ones are repeated for further connections.
const SEPARATOR: &[u8] = b"\n===\n";
/// The most connections with bytes of their own.
const CONNECTIONS: usize = 8;
/// The head for an input that is only a body.
const HEAD: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
/// The end of the bytes of a connection that stays open.
const STAYS_OPEN: u8 = b'~';

/// The server. It stops when it is dropped.
pub(crate) struct Scripted {
    pub(crate) url: String,
    server: JoinHandle<()>,
}

impl Scripted {
    pub(crate) async fn start(input: &[u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        Self {
            url: format!("http://{address}"),
            server: tokio::spawn(serve(listener, split(input))),
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.server.abort();
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
        if let (Some(after), true) = (rest.strip_prefix(SEPARATOR), scripts.len() < CONNECTIONS) {
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
