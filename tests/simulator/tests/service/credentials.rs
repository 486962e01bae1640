//! Signing in without a person: certificates, federated tokens, managed identities.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use graph_incidents_simulator::{Fault, FaultRule, Simulator};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use serde_json::{Value, json};

use crate::sign_in::{form, with};
use crate::support::{Reply, plain, send, started};

const CERTIFICATE: &str = include_str!("keys/cert.pem");
const KEY: &[u8] = include_bytes!("keys/key.der");

struct Assertion {
    header: Value,
    claims: Value,
    pss: bool,
}

impl Assertion {
    fn new(simulator: &Simulator) -> Self {
        let der = STANDARD
            .decode(
                CERTIFICATE
                    .lines()
                    .filter(|line| !line.starts_with('-'))
                    .collect::<String>(),
            )
            .unwrap();
        let thumbprint = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &der));
        let now = chrono::Utc::now().timestamp();
        let url = simulator
            .token_url()
            .replace(&simulator.origin(), "http://simulator.test");
        let id = simulator.client_id();
        Self {
            header: json!({"alg": "RS256", "typ": "JWT", "x5t#S256": thumbprint}),
            claims: json!({"aud": url, "iss": id, "sub": id, "jti": format!("{now}-{}", fastrand::u64(..)), "nbf": now, "exp": now + 600}),
            pss: false,
        }
    }

    fn text(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&self.header), part(&self.claims));
        let key = RsaKeyPair::from_der(KEY).unwrap();
        let mut signature = vec![0; key.public().modulus_len()];
        let encoding: &dyn RsaEncoding = if self.pss {
            &RSA_PSS_SHA256
        } else {
            &RSA_PKCS1_SHA256
        };
        key.sign(
            encoding,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        )
        .unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn assert_with(simulator: &Simulator, assertion: &str) -> Reply {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", simulator.client_id()),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", assertion),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    form(simulator, &simulator.token_url(), &fields)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_certificate_signs_in_and_each_assertion_works_once() {
    let simulator = started(Simulator::builder().certificate(CERTIFICATE)).await;
    let assertion = Assertion::new(&simulator).text();
    let granted = assert_with(&simulator, &assertion).await;
    assert_eq!(granted.status, 200, "{}", granted.text());
    assert_eq!(
        with(&simulator, &granted.json()["access_token"])
            .await
            .status,
        200
    );
    let again = assert_with(&simulator, &assertion).await;
    assert_eq!(
        (again.status, &again.json()["error"]),
        (401, &json!("invalid_client"))
    );
    let mut pss = Assertion::new(&simulator);
    pss.pss = true;
    pss.header["alg"] = json!("PS256");
    assert_eq!(assert_with(&simulator, &pss.text()).await.status, 200);
}

#[tokio::test]
async fn invalid_assertions_are_refused_with_the_reason() {
    let simulator = started(Simulator::builder().certificate(CERTIFICATE)).await;
    let now = chrono::Utc::now().timestamp();
    let changes: [(&str, Value, u32); 8] = [
        ("aud", json!("https://login.microsoftonline.com/x"), 700_023),
        ("iss", json!("someone"), 700_021),
        ("sub", json!("someone"), 700_021),
        ("exp", json!(now - 1), 700_024),
        ("exp", json!(i64::MAX), 700_024),
        ("nbf", json!(now + 3_600), 700_024),
        ("alg", json!("none"), 700_027),
        ("x5t#S256", json!("AAAA"), 700_027),
    ];
    for (name, value, number) in changes {
        let mut assertion = Assertion::new(&simulator);
        let part = if assertion.header.get(name).is_some() {
            &mut assertion.header
        } else {
            &mut assertion.claims
        };
        part[name] = value;
        let refused = assert_with(&simulator, &assertion.text()).await;
        assert_eq!(
            (refused.status, &refused.json()["error_codes"][0]),
            (401, &json!(number)),
            "{name}"
        );
    }
    let whole = Assertion::new(&simulator).text();
    let (signed, _) = whole.rsplit_once('.').unwrap();
    for junk in [
        "",
        "x",
        "a.b.c",
        &format!("{signed}.AAAA"),
        &format!("{signed}.!"),
    ] {
        assert_eq!(assert_with(&simulator, junk).await.status, 401, "{junk}");
    }
    let without = plain().await;
    let refused = assert_with(&without, &Assertion::new(&without).text()).await;
    assert_eq!(refused.status, 401);
    let error = Simulator::builder()
        .certificate("no PEM")
        .start()
        .await
        .err();
    assert!(error.unwrap().to_string().contains("certificate"));
}

#[tokio::test]
async fn a_workload_signs_in_with_a_federated_token() {
    let simulator = plain().await;
    let granted = assert_with(&simulator, simulator.federated_token())
        .await
        .json();
    assert_eq!(with(&simulator, &granted["access_token"]).await.status, 200);
}

#[tokio::test]
async fn machines_and_apps_get_tokens_without_a_secret() {
    let simulator = plain().await;
    let resource = "resource=https%3A%2F%2Fgraph.microsoft.com";
    let machine = format!("/metadata/identity/oauth2/token?api-version=2018-02-01&{resource}");
    let app = format!("/msi/token?api-version=2019-08-01&{resource}");
    let secret = simulator.app_identity_header();
    for (target, header) in [
        (&machine, ("Metadata", "true")),
        (&app, ("X-IDENTITY-HEADER", secret)),
    ] {
        let granted = send(&simulator, "GET", target, &[header], "").await.json();
        assert_eq!(granted["resource"], "https://graph.microsoft.com");
        assert!(
            granted["expires_on"]
                .as_str()
                .unwrap()
                .parse::<i64>()
                .is_ok()
        );
        assert_eq!(with(&simulator, &granted["access_token"]).await.status, 200);
    }
    let metadata = [("Metadata", "true")];
    for (target, headers, status) in [
        (machine.clone(), &[][..], 400),
        (machine.replace("2018", "2017"), &metadata[..], 400),
        (machine.replace(resource, ""), &metadata[..], 400),
        (format!("{machine}&client_id=other"), &metadata[..], 400),
        (app.clone(), &[][..], 401),
        (app, &[("X-IDENTITY-HEADER", "wrong")][..], 401),
    ] {
        let refused = send(&simulator, "GET", &target, headers, "").await;
        assert_eq!(refused.status, status, "{target}");
        assert!(refused.json()["error"].is_string());
    }
    let rule = FaultRule::new(Fault::EmptyError { status: 500 }).on("managedIdentity");
    simulator.faults().add(rule).unwrap();
    assert_eq!(
        send(&simulator, "GET", &machine, &metadata, "")
            .await
            .status,
        500
    );
}
