//! A server that sends fixed bytes, for responses that the simulator would never send.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// At the end of a response: the connection stays open and silent.
pub(crate) const HOLD: &str = "[hold]";

pub(crate) struct RawServer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RawServer {
    /// Responds to everything with this; `SELF` in it is replaced by the server's own address.
    pub(crate) async fn responding(response: impl Into<String>) -> Self {
        let response = response.into();
        Self::saying(move |_, _| response.clone()).await
    }

    /// Responds to the requests with these in turn, and to every further one with the last.
    pub(crate) async fn scripted(responses: Vec<String>) -> Self {
        Self::saying(move |number, _| responses[number.min(responses.len() - 1)].clone()).await
    }

    /// Responds to each request by its number and its text.
    pub(crate) async fn saying(
        say: impl Fn(usize, &str) -> String + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/beta", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, own) = (Arc::clone(&requests), url.clone());
        let say = Arc::new(say);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (say, seen, own) = (Arc::clone(&say), Arc::clone(&seen), own.clone());
                tokio::spawn(async move {
                    let text = request(&mut stream).await;
                    let number = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(text.clone());
                        seen.len() - 1
                    };
                    let response = say(number, &text).replace("SELF", &own);
                    let (response, holds) = match response.strip_suffix(HOLD) {
                        Some(response) => (response, true),
                        None => (response.as_str(), false),
                    };
                    // The client may disconnect before it has read everything.
                    let _ = stream.write_all(response.as_bytes()).await;
                    if holds {
                        tokio::time::sleep(Duration::from_secs(20)).await;
                    }
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { url, requests }
    }

    /// With a status line, headers and a body.
    pub(crate) async fn responding_with(status: &str, headers: &str, body: &str) -> Self {
        // The end of the connection is the end of the body.
        Self::responding(format!(
            "HTTP/1.1 {status}\r\nconnection: close\r\n{headers}\r\n{body}"
        ))
        .await
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A response with a JSON body.
pub(crate) fn json(status: u16, body: &serde_json::Value) -> String {
    text(
        status,
        "content-type: application/json\r\n",
        &body.to_string(),
    )
}

/// A response with headers and a body.
pub(crate) fn text(status: u16, headers: &str, body: &str) -> String {
    // The end of the connection is the end of the body.
    format!("HTTP/1.1 {status} Status\r\nconnection: close\r\n{headers}\r\n{body}")
}

/// A request, read to its end.
async fn request(stream: &mut tokio::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut piece = vec![0; 16 << 10];
    loop {
        let length = stream.read(&mut piece).await.unwrap_or_default();
        bytes.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if length == 0 {
                return text.into_owned();
            }
            continue;
        };
        let head = head.to_ascii_lowercase();
        let wanted = head.split_once("content-length: ").map(|(_, rest)| rest);
        let wanted = wanted.and_then(|rest| rest.lines().next()?.trim().parse().ok());
        if length == 0 || body.len() >= wanted.unwrap_or(0) {
            return text.into_owned();
        }
    }
}
