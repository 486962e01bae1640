//! A server that answers every request with the same bytes, for what the simulator would never say.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

pub(crate) struct RawServer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RawServer {
    /// Answers everything with this; `SELF` in it stands for its own address.
    pub(crate) async fn answering(answer: impl Into<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/beta", listener.local_addr().unwrap());
        let answer = answer.into().replace("SELF", &url);
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answer, seen) = (answer.clone(), Arc::clone(&seen));
                tokio::spawn(async move {
                    let mut request = vec![0; 16 << 10];
                    let length = stream.read(&mut request).await.unwrap_or_default();
                    let text = String::from_utf8_lossy(&request[..length]).into_owned();
                    seen.lock().unwrap().push(text);
                    // The client may hang up before it has read everything.
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { url, requests }
    }

    /// With a status line, headers and a body.
    pub(crate) async fn answering_with(status: &str, headers: &str, body: &str) -> Self {
        // The end of the connection is the end of the body.
        Self::answering(format!(
            "HTTP/1.1 {status}\r\nconnection: close\r\n{headers}\r\n{body}"
        ))
        .await
    }

    /// The requests so far, as they came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}
