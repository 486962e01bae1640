//! A small HTTP client that sends exactly what a test writes.

use std::io;
use std::net::SocketAddr;

use graph_incidents_simulator::{Builder, Simulator};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A complete response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The code and the message of an error in the service's form.
    pub(crate) fn error(&self) -> (String, String) {
        let body = self.json();
        let error = &body["error"];
        assert_eq!(
            error["innerError"]["request-id"].as_str(),
            self.header("request-id"),
            "{body}"
        );
        let text = |name: &str| error[name].as_str().unwrap().to_owned();
        (text("code"), text("message"))
    }
}

/// Sends bytes, and reads bytes until the other side closes.
pub(crate) async fn exchange(address: SocketAddr, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    Ok(bytes)
}

pub(crate) fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!(
        "{method} {target} HTTP/1.1\r\nHost: simulator.test\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{text}\r\n{body}").into_bytes()
}

pub(crate) fn reply(bytes: &[u8]) -> Reply {
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    Reply {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head,
        body: bytes[end + 4..].to_vec(),
    }
}

/// Sends one request with only these headers, on a new connection.
pub(crate) async fn send(
    simulator: &Simulator,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let bytes = exchange(simulator.address(), &request(method, target, headers, body))
        .await
        .unwrap();
    reply(&bytes)
}

/// Sends one request below `/beta/security` with the simulator's own token; fails when the connection does.
pub(crate) async fn attempt(
    simulator: &Simulator,
    method: &str,
    target: &str,
    body: Value,
) -> io::Result<Reply> {
    let authorization = format!("Bearer {}", simulator.token());
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/json"),
    ];
    let target = if target.starts_with("/beta") {
        target.to_owned()
    } else {
        format!("/beta/security{target}")
    };
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let bytes = exchange(
        simulator.address(),
        &request(method, &target, &headers, &body),
    )
    .await?;
    Ok(reply(&bytes))
}

pub(crate) async fn get(simulator: &Simulator, target: &str) -> Reply {
    attempt(simulator, "GET", target, Value::Null)
        .await
        .unwrap()
}

pub(crate) async fn patch(simulator: &Simulator, id: &str, body: Value) -> Reply {
    attempt(simulator, "PATCH", &format!("/incidents/{id}"), body)
        .await
        .unwrap()
}

pub(crate) async fn post(simulator: &Simulator, target: &str, body: Value) -> Reply {
    attempt(simulator, "POST", target, body).await.unwrap()
}

pub(crate) async fn started(builder: Builder) -> Simulator {
    builder.start().await.unwrap()
}

pub(crate) async fn plain() -> Simulator {
    started(Simulator::builder()).await
}

/// Follows `@odata.nextLink` from a list to its end, and returns all items.
pub(crate) async fn all_pages(simulator: &Simulator, target: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = Some(target.to_owned());
    while let Some(target) = next {
        let reply = get(simulator, &target).await;
        assert_eq!(reply.status, 200, "{target}: {}", reply.text());
        let page = reply.json();
        items.extend(page["value"].as_array().unwrap().iter().cloned());
        next = page["@odata.nextLink"].as_str().map(|link| {
            link.strip_prefix("http://simulator.test")
                .unwrap()
                .to_owned()
        });
    }
    items
}

pub(crate) fn ids(items: &[Value]) -> Vec<String> {
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}
