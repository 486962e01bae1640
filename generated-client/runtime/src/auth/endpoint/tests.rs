//! What responses of token endpoints may be, to the byte.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::*;

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        headers: HeaderMap::new(),
        body: Zeroizing::new(body.as_bytes().to_vec()),
    }
}

/// Calls a server that sends a body of a number of bytes.
async fn exchanged(length: usize) -> Result<Reply, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4_096]);
        // The client may hang up before it has read everything.
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n"
        );
        let _ = stream.write_all(&vec![b' '; length]);
    });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = form(&http, &url, &[("a", "b")]).unwrap();
    let exchanged = exchange(&http, request, "token endpoint", TIME).await;
    server.join().unwrap();
    exchanged
}

#[tokio::test]
async fn a_token_response_is_limited_to_one_mebibyte() {
    let reply = exchanged(RESPONSE_BYTES).await.unwrap();
    assert_eq!(reply.body.len(), RESPONSE_BYTES);
    for length in [RESPONSE_BYTES + 1, 3 * RESPONSE_BYTES] {
        let error = exchanged(length).await.err().unwrap();
        assert_eq!(
            error.to_string(),
            "the response of the token endpoint is larger than 1 MiB"
        );
    }
}

#[test]
fn errors_in_a_response_are_named_and_transient_ones_are_distinguished() {
    for (status, body, message, passes) in [
        (200, "", "x: 200 the response is empty", true),
        (200, "{\"a\": ", "x: 200 the response ended early", true),
        (
            200,
            "<html>",
            "x: 200 the response is not a JSON object",
            false,
        ),
        (
            400,
            r#"{"error": {"code": "badRequest", "message": "no"}}"#,
            "x: 400 badRequest: no",
            false,
        ),
        (
            400,
            r#"{"error": "invalid_grant"}"#,
            "x: 400 invalid_grant",
            false,
        ),
        (503, r#"{"Message": "later"}"#, "x: 503 later", true),
    ] {
        let error = reply(status, body).members("x").unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(error.is_transient(), passes, "{body}");
    }
}
