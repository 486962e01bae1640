//! Redis over TLS: a trusted certificate is accepted and another one refused, without a panic.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::program::{Run, finish, program};

/// A server that ends when this is dropped.
struct Redis(Child);

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Writes a new certificate for `localhost` and its key.
fn certify(folder: &Path, name: &str) {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join(format!("{name}.crt")), cert.pem()).unwrap();
    std::fs::write(
        folder.join(format!("{name}.key")),
        signing_key.serialize_pem(),
    )
    .unwrap();
}

fn redis(folder: &Path, port: u16) -> Option<Redis> {
    let file = |name: &str| folder.join(name).display().to_string();
    let child = Command::new("redis-server")
        .args(["--port", "0", "--tls-port", &port.to_string()])
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"])
        .args(["--tls-cert-file", &file("server.crt")])
        .args(["--tls-key-file", &file("server.key")])
        .args(["--tls-ca-cert-file", &file("server.crt")])
        .args(["--tls-auth-clients", "no", "--dir", &file("")])
        .stdout(Stdio::null())
        .spawn();
    child.ok().map(Redis)
}

/// Lists the tenants while trusting one certificate.
async fn list(folder: &Path, address: &str, trusted: &str) -> Run {
    let mut command = program(folder, &["fleet", "tenants", "list", "--redis", address]);
    command.env("SSL_CERT_FILE", folder.join(trusted));
    finish(command, String::new()).await
}

#[tokio::test]
async fn redis_is_reached_by_tls_only_if_its_certificate_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path(), "server");
    certify(folder.path(), "stranger");
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let Some(_redis) = redis(folder.path(), port) else {
        let mut stderr = std::io::stderr();
        writeln!(
            stderr,
            "SKIPPED: redis_is_reached_by_tls: `redis-server` is not installed"
        )
        .unwrap();
        return;
    };
    let address = format!("rediss://localhost:{port}/");
    let mut listed = list(folder.path(), &address, "server.crt").await;
    for _ in 0..50 {
        if listed.code == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        listed = list(folder.path(), &address, "server.crt").await;
    }
    assert_eq!(listed.code, 0, "{}{}", listed.out, listed.err);

    let refused = list(folder.path(), &address, "stranger.crt").await;
    assert_ne!(refused.code, 0, "{}", refused.out);
    assert!(refused.err.contains("certificate"), "{}", refused.err);
    assert!(!refused.err.contains("panicked"), "{}", refused.err);
}
