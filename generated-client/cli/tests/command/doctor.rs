//! Broken setups: `doctor` names the cause of each in one sentence.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use graph_incidents_simulator::Simulator;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::program::{Bench, finish, program};

/// The failed checks of a run, as `check: detail`; each is one sentence.
fn causes(out: &str) -> Vec<String> {
    let findings: Vec<Value> = serde_json::from_str(out).unwrap_or_else(|_| panic!("{out}"));
    findings
        .iter()
        .filter(|finding| finding["result"] == "failed")
        .map(|finding| {
            let detail = finding["detail"].as_str().unwrap();
            assert!(!detail.contains('\n') && !detail.contains(". "), "{detail}");
            format!("{}: {detail}", finding["check"].as_str().unwrap())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret() {
    let bench = Bench::with(1).await;
    let mut command = bench.command(&["doctor", "--format", "json"]);
    command
        .env_remove("GRAPH_TOKEN")
        .env("AZURE_AUTHORITY_HOST", bench.simulator.origin())
        .env("AZURE_TENANT_ID", bench.simulator.tenant_id())
        .env("AZURE_CLIENT_ID", bench.simulator.client_id())
        .env("AZURE_CLIENT_SECRET", "the-id-of-the-secret");
    let run = finish(command, String::new()).await;
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    let causes = causes(&run.out);
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert!(
        causes[0].starts_with("sign-in: AZURE_CLIENT_SECRET is not a secret of application "),
        "{causes:?}"
    );
    assert!(!run.out.contains("the-id-of-the-secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_role() {
    let bench = Bench::with(1).await;
    let token = bench
        .simulator
        .application_token(["SecurityAlert.Read.All"], None);
    let mut command = bench.command(&["doctor", "--format", "json"]);
    command.env("GRAPH_TOKEN", token);
    let run = finish(command, String::new()).await;
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    let causes = causes(&run.out);
    assert!(
        causes.iter().any(|cause| cause
            .starts_with("read incidents: the token lacks SecurityIncident.Read.All")
            && cause.ends_with("without it these fail: list, show, watch, export, evidence")),
        "{causes:?}"
    );
    assert!(
        !causes.iter().any(|cause| cause.starts_with("read alerts")),
        "{causes:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_by_an_hour() {
    // A service whose clock is an hour ahead of ours.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut buffer = [0; 16_384];
                let _ = stream.read(&mut buffer).await;
                let date = (chrono::Utc::now() + chrono::TimeDelta::hours(1))
                    .format("%a, %d %b %Y %H:%M:%S GMT");
                let body = r#"{"value":[]}"#;
                let response = format!(
                    "HTTP/1.1 200 OK\r\ndate: {date}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(response.as_bytes()).await;
            });
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path(), &["doctor", "--format", "json"]);
    command
        .env("GRAPH_TOKEN", "x")
        .env("INCIDENTS_BASE_URL", format!("http://{address}/beta"));
    let run = finish(command, String::new()).await;
    assert_ne!(run.code, 0, "{}", run.out);
    let causes = causes(&run.out);
    assert!(
        causes.iter().any(|cause| {
            cause.starts_with("clock: the clock of this machine is 59 minutes behind the service's")
                || cause.starts_with(
                    "clock: the clock of this machine is 60 minutes behind the service's",
                )
        }),
        "{causes:?}"
    );
}

/// The causes for a token with an audience, when requests go to a cloud.
async fn causes_of_token(bench: &Bench, audience: &str, cloud: &str) -> Vec<String> {
    let claims = json!({"aud": audience, "roles": ["SecurityIncident.Read.All"]});
    let token = format!("x.{}.z", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut command = bench.command(&["doctor", "--format", "json", "--cloud", cloud]);
    command.env("GRAPH_TOKEN", token);
    let run = finish(command, String::new()).await;
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    causes(&run.out)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_another_cloud_or_service() {
    let bench = Bench::with(1).await;
    for (audience, of_token, of_requests) in [
        ("https://graph.microsoft.us", "gcc-high", "global"),
        ("https://dod-graph.microsoft.us/", "dod", "gcc-high"),
        ("https://microsoftgraph.chinacloudapi.cn", "china", "dod"),
        ("https://graph.microsoft.com/", "global", "gcc-high"),
    ] {
        assert_eq!(
            causes_of_token(&bench, audience, of_requests).await,
            [format!(
                "sign-in: the token is for the cloud {of_token}, but requests go to the cloud {of_requests}: use --cloud {of_token}"
            )]
        );
    }
    assert_eq!(
        causes_of_token(&bench, "https://vault.azure.net", "global").await,
        [
            "sign-in: the token is for https://vault.azure.net, not for https://graph.microsoft.com: get one for Microsoft Graph"
        ]
    );
    // A token for Microsoft Graph in this cloud has another problem, which the service names.
    for audience in [
        "https://graph.microsoft.com",
        "00000003-0000-0000-c000-000000000000",
    ] {
        let causes = causes_of_token(&bench, audience, "global").await;
        assert_eq!(causes.len(), 1, "{causes:?}");
        assert!(!causes[0].contains("the token is for"), "{causes:?}");
    }
}

/// An identity provider that refuses every sign-in with a code.
async fn refusing(code: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = format!("http://{}", listener.local_addr().unwrap());
    let body = format!(r#"{{"error":"invalid_request","error_description":"{code}: No."}}"#);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 16_384];
            let _ = stream.read(&mut buffer).await;
            let response = format!(
                "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    authority
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_of_the_identity_provider() {
    let bench = Bench::with(1).await;
    let elsewhere = "tenant agency.example is not in the cloud CLOUD: name the cloud of the tenant with --cloud, or another tenant";
    let wrong = "AZURE_CLIENT_SECRET is not a secret of application app-1 in tenant agency.example: set it to the value of the secret, not to its id";
    for (code, cloud, cause) in [
        ("AADSTS7000215", "global", wrong),
        (
            "AADSTS7000222",
            "global",
            "the secret of application app-1 has expired: create a new one, and set AZURE_CLIENT_SECRET to its value",
        ),
        (
            "AADSTS700016",
            "global",
            "application app-1 is not in tenant agency.example: name another one with --client-id or --tenant",
        ),
        ("AADSTS90002", "global", elsewhere),
        ("AADSTS900023", "gcc-high", elsewhere),
        ("AADSTS900382", "dod", elsewhere),
        ("AADSTS500011", "dod", elsewhere),
        (
            "AADSTS700024",
            "global",
            "the clock of this machine is wrong: the identity provider refuses the time of the signed assertion",
        ),
        (
            "AADSTS65001",
            "global",
            "nobody has consented to application app-1 in tenant agency.example: an administrator has to grant it",
        ),
    ] {
        let mut command = bench.command(&["doctor", "--format", "json", "--cloud", cloud]);
        command
            .env_remove("GRAPH_TOKEN")
            .env("AZURE_AUTHORITY_HOST", refusing(code).await)
            .env("AZURE_TENANT_ID", "agency.example")
            .env("AZURE_CLIENT_ID", "app-1")
            .env("AZURE_CLIENT_SECRET", "a-secret");
        let run = finish(command, String::new()).await;
        assert_eq!(run.code, 3, "{code}: {}{}", run.out, run.err);
        let expected = format!("sign-in: {}", cause.replace("CLOUD", cloud));
        assert_eq!(causes(&run.out), [expected], "{code}");
    }
}

/// A proxy that intercepts TLS with its own certificates.
async fn intercepting_proxy() -> (std::net::SocketAddr, String) {
    let name = "graph.microsoft.com".to_owned();
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec![name]).unwrap();
    let pem = cert.pem();
    let key =
        tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(intercept(stream, acceptor.clone()));
        }
    });
    (address, pem)
}

async fn intercept(mut stream: TcpStream, acceptor: tokio_rustls::TlsAcceptor) {
    let mut request = Vec::new();
    let mut byte = [0; 1];
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read_exact(&mut byte).await.is_err() {
            return;
        }
        request.push(byte[0]);
    }
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
    if let Ok(mut tls) = acceptor.accept(stream).await {
        let mut buffer = [0; 16_384];
        let _ = tls.read(&mut buffer).await;
        let body = r#"{"error":{"code":"InvalidAuthenticationToken","message":"no"}}"#;
        let response = format!(
            "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let _ = tls.write_all(response.as_bytes()).await;
        let _ = tls.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_with_an_unknown_authority() {
    let (proxy, pem) = intercepting_proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let doctor = |more: &[&str]| {
        let mut command = program(
            folder.path(),
            &[&["doctor", "--format", "json"], more].concat(),
        );
        command
            .env("GRAPH_TOKEN", "x")
            .env("HTTPS_PROXY", format!("http://{proxy}"));
        command
    };
    let run = finish(doctor(&[]), String::new()).await;
    assert_eq!(run.code, 6, "{}{}", run.out, run.err);
    assert_eq!(
        causes(&run.out),
        [
            "connection: the proxy in HTTPS_PROXY uses a certificate authority that this machine does not trust: pass its certificate with --ca-file"
        ]
    );
    // The suggested remedy works.
    std::fs::write(folder.path().join("proxy.pem"), pem).unwrap();
    let run = finish(doctor(&["--ca-file", "proxy.pem"]), String::new()).await;
    assert!(
        run.out.contains("the service responds"),
        "{}{}",
        run.out,
        run.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_does_not_respond_is_named_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let mut command = program(folder.path(), &["doctor", "--format", "json"]);
        command
            .env("GRAPH_TOKEN", "x")
            .env(variable, "http://user:Hunter2@127.0.0.1:1");
        let run = finish(command, String::new()).await;
        assert_eq!(run.code, 6, "{variable}: {}{}", run.out, run.err);
        let causes = causes(&run.out);
        let end = format!(" (through the proxy in {variable})");
        assert!(causes.len() == 1 && causes[0].ends_with(&end), "{causes:?}");
        let proxy = format!("requests go through the one in {variable}");
        assert!(run.out.contains(&proxy), "{}", run.out);
        assert!(!run.out.contains("Hunter2"), "{}", run.out);
    }
    let bench = Bench::with(1).await;
    let mut command = bench.command(&["doctor", "--format", "json"]);
    command.env("HTTPS_PROXY", " ");
    let run = finish(command, String::new()).await;
    assert!(run.out.contains("none is set"), "{}", run.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_working_setup_has_no_failure() {
    let simulator = Simulator::builder().incidents(3).start().await.unwrap();
    let run = Bench::of(simulator)
        .run(&["doctor", "--format", "json"])
        .await;
    assert_eq!(causes(&run.out), Vec::<String>::new(), "{}", run.err);
    assert_eq!(run.code, 0);
}
