//! Hostile input: refused clearly, and the next caller is served.

use std::time::Duration;

use graph_incidents_simulator::Simulator;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{exchange, get, plain, reply, request, started};

#[tokio::test]
async fn bodies_and_heads_have_a_limit() {
    let simulator = plain().await;
    let authorization = format!("Bearer {}", simulator.token());
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/json"),
    ];
    let body = format!("{{\"summary\":\"{}\"}}", "x".repeat(1 << 20));
    let large = exchange(
        simulator.address(),
        &request("PATCH", "/beta/security/incidents/2972395", &headers, &body),
    )
    .await
    .unwrap();
    let large = reply(&large);
    assert_eq!(
        (large.status, large.error().0.as_str()),
        (413, "RequestEntityTooLarge")
    );
    let long = "x".repeat(50_000);
    let many: Vec<(&str, &str)> = (0..3).map(|_| ("X-Long", long.as_str())).collect();
    let bytes = exchange(
        simulator.address(),
        &request("GET", "/beta/security/incidents", &many, ""),
    )
    .await;
    // The reset may lose the response; what matters is that nothing else was sent.
    if let Ok(bytes) = bytes {
        assert_eq!(reply(&bytes).status, 431);
    }
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 200);
}

#[tokio::test]
async fn requests_that_are_not_http_are_refused() {
    let simulator = plain().await;
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
    ] {
        let bytes = exchange(simulator.address(), garbage)
            .await
            .unwrap_or_default();
        assert!(
            bytes.is_empty() || reply(&bytes).status == 400,
            "{}",
            String::from_utf8_lossy(&bytes)
        );
    }
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 200);
}

#[tokio::test]
async fn a_slow_sender_is_disconnected() {
    let simulator = started(Simulator::builder().read_timeout(Duration::from_millis(50))).await;
    // The other side closes the connection; otherwise this would wait forever.
    let head = exchange(
        simulator.address(),
        b"GET /beta/security/incidents HTTP/1.1\r\nHost: x\r\n",
    )
    .await
    .unwrap_or_default();
    assert!(head.is_empty() || reply(&head).status == 408);
    let body = b"PATCH /beta/security/incidents/2972395 HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{";
    let slow = reply(&exchange(simulator.address(), body).await.unwrap());
    assert_eq!(
        (slow.status, slow.error().0.as_str()),
        (408, "RequestTimeout")
    );
}

#[tokio::test]
async fn idle_connections_do_not_keep_others_out() {
    let simulator = plain().await;
    let mut idle = Vec::new();
    for _ in 0..300 {
        let mut stream = TcpStream::connect(simulator.address()).await.unwrap();
        stream.write_all(b"GET /beta").await.unwrap();
        idle.push(stream);
    }
    assert_eq!(get(&simulator, "/incidents/2972395").await.status, 200);
    let mut first = idle.swap_remove(0);
    first
        .write_all(b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut bytes = Vec::new();
    first.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(reply(&bytes).status, 401);
}
