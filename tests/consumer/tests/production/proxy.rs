//! A corporate proxy that intercepts TLS with its own certificate authority, for API calls and sign-in.

use std::sync::{Arc, Mutex};

use graph_incidents::Client;
use graph_incidents::auth::ClientCredentials;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::rustls;

use super::scripted::{Script, response, serve, token};
use super::swift;

/// The hosts that the proxy pretends to be.
const HOSTS: [&str; 3] = [
    "graph.microsoft.com",
    "login.microsoftonline.com",
    "localhost",
];

pub(crate) struct Proxy {
    pub(crate) url: String,
    /// The certificate of its authority, as PEM.
    pub(crate) authority: String,
    connects: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts a proxy that intercepts TLS and responds itself.
    pub(crate) async fn new() -> Self {
        let (authority, config) = certificates();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let connects: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&connects);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(tunnel(stream, acceptor.clone(), Arc::clone(&seen)));
            }
        });
        Self {
            url,
            authority,
            connects,
        }
    }
}

async fn tunnel(
    mut stream: TcpStream,
    acceptor: tokio_rustls::TlsAcceptor,
    seen: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    seen.lock().unwrap().push(head);
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let script: Arc<Script> = Arc::new(|request| match request.starts_with("POST") {
        true => token("t"),
        false => response(200, "", r#"{"id":"1"}"#),
    });
    serve(stream, script, Arc::default()).await;
}

/// An authority, and the TLS configuration of a server that it has certified.
fn certificates() -> (String, rustls::ServerConfig) {
    let mut parameters = rcgen::CertificateParams::default();
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = rcgen::KeyPair::generate().unwrap();
    let authority = parameters.self_signed(&key).unwrap().pem();
    let issuer = rcgen::Issuer::new(parameters, key);
    let key = rcgen::KeyPair::generate().unwrap();
    let names = HOSTS.map(str::to_owned);
    let certificate = rcgen::CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (authority, config)
}

fn sign_in() -> ClientCredentials {
    ClientCredentials::new("contoso", "id", "secret").unwrap()
}

#[tokio::test]
async fn calls_and_sign_in_use_the_proxy_and_trust_its_authority() {
    let proxy = Proxy::new().await;
    let url = proxy.url.replace("http://", "http://user:pass@");
    let client = Client::builder()
        .token_source(sign_in())
        .proxy(&url)
        .certificate_authority(proxy.authority.as_bytes())
        .retry(swift())
        .build()
        .unwrap();
    assert!(!format!("{client:?}").contains("pass"));
    assert_eq!(client.get_incident("1").await.unwrap().id, "1");
    let connects = proxy.connects.lock().unwrap();
    for host in &HOSTS[..2] {
        let connect = format!("CONNECT {host}:443 ");
        assert!(
            connects.iter().any(|head| head.starts_with(&connect)),
            "{connects:?}"
        );
    }
    // `user:pass`
    assert!(
        connects[0]
            .to_lowercase()
            .contains("proxy-authorization: basic dxnlcjpwyxnz")
    );
}

#[tokio::test]
async fn without_the_authority_the_certificate_error_is_reported_once() {
    let proxy = Proxy::new().await;
    let client = Client::builder()
        .token_source(sign_in())
        .proxy(&proxy.url)
        .retry(swift().attempts(2))
        .build()
        .unwrap();
    let error = client.get_incident("1").await.unwrap_err();
    let shown = error.to_string();
    assert!(
        shown.contains("TLS handshake failed: invalid peer certificate"),
        "{shown}"
    );
    assert_eq!(shown.matches("certificate").count(), 1, "{shown}");
    let client = Client::builder()
        .token("t")
        .proxy(&proxy.url)
        .retry(swift().attempts(2));
    let error = client.build().unwrap().get_incident("1").await.unwrap_err();
    let shown = error.to_string();
    assert!(
        shown.starts_with(
            "get_incident 1: request failed: TLS handshake failed: invalid peer certificate"
        ),
        "{shown}"
    );
    assert_eq!(shown.matches("certificate").count(), 1, "{shown}");
    assert!(error.is_connection());
}

#[tokio::test]
async fn settings_that_cannot_be_applied_are_refused() {
    for proxy in ["", "proxy", "ftp://proxy:1", "http://user:secret@"] {
        let error = Client::builder()
            .token("t")
            .proxy(proxy)
            .build()
            .unwrap_err();
        assert!(error.is_refused(), "{proxy}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    for pem in [
        "",
        "no PEM",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let builder = Client::builder().token("t").certificate_authority(pem);
        assert!(builder.build().unwrap_err().is_refused(), "{pem}");
    }
    let own = reqwest_client();
    let builder = Client::builder()
        .token("t")
        .http_client(own)
        .proxy("http://127.0.0.1:1");
    let error = builder.build().unwrap_err();
    assert!(error.to_string().contains("http_client"), "{error}");
}

/// A user's own HTTP client, with its own TLS.
fn reqwest_client() -> reqwest::Client {
    reqwest::Client::builder()
        .tls_certs_only([])
        .build()
        .unwrap()
}
