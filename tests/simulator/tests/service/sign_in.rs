//! The endpoints that hand out tokens: their faults, assertions, managed identities, and what ends a sign-in.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use graph_incidents_simulator::{Fault, FaultRule, RetryAfter, Simulator};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use serde_json::{Value, json};

use crate::support::{Reply, exchange, plain, reply, request, send, started};

const CERTIFICATE: &str = include_str!("keys/cert.pem");
const KEY: &[u8] = include_bytes!("keys/key.der");

async fn form(simulator: &Simulator, url: &str, fields: &[(&str, &str)]) -> std::io::Result<Reply> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let path = url.strip_prefix(&simulator.origin()).unwrap();
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let bytes = exchange(simulator.address(), &request("POST", path, &headers, &body)).await?;
    Ok(reply(&bytes))
}

/// A token for the application's secret, with further fields.
async fn token(simulator: &Simulator, more: &[(&str, &str)]) -> std::io::Result<Reply> {
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", simulator.client_id()),
        ("client_secret", simulator.client_secret()),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    fields.extend(more);
    form(simulator, &simulator.token_url(), &fields).await
}

async fn with(simulator: &Simulator, token: &Value) -> Reply {
    let authorization = format!("Bearer {}", token.as_str().unwrap());
    let headers = [("Authorization", authorization.as_str())];
    let target = "/beta/security/incidents/2972395";
    send(simulator, "GET", target, &headers, "").await
}

#[tokio::test]
async fn the_token_endpoint_fails_on_demand() {
    let simulator = plain().await;
    let status = |status, retry_after| Fault::Status {
        status,
        retry_after,
        retry_after_form: RetryAfter::Seconds,
        applied: false,
    };
    let faults = [
        status(503, None),
        status(429, Some(2)),
        Fault::EmptySuccess,
        Fault::ExpiresInText,
        Fault::HtmlError { status: 502 },
        Fault::ResetAfter,
    ];
    for fault in &faults {
        let rule = FaultRule::new(fault.clone()).on("token").times(1);
        let id = simulator.faults().add(rule).unwrap();
        let response = token(&simulator, &[]).await;
        match fault {
            Fault::ResetAfter => {
                let kind = response.unwrap_err().kind();
                assert_eq!(kind, std::io::ErrorKind::ConnectionReset);
            }
            Fault::Status { status, .. } => {
                let reply = response.unwrap();
                assert_eq!(reply.status, *status);
                assert_eq!(reply.json()["error"], "temporarily_unavailable");
                assert_eq!(reply.json()["error_codes"], json!([90_033]));
                let wait = (*status == 429).then_some("2");
                assert_eq!(reply.header("retry-after"), wait);
            }
            Fault::EmptySuccess => {
                let reply = response.unwrap();
                assert_eq!((reply.status, reply.body.len()), (200, 0));
            }
            Fault::ExpiresInText => {
                assert_eq!(response.unwrap().json()["expires_in"], "3599");
            }
            _ => assert_eq!(response.unwrap().status, 502),
        }
        assert!(simulator.faults().remove(id));
    }
    assert_eq!(
        token(&simulator, &[]).await.unwrap().json()["expires_in"],
        3_599
    );
    let struck: Vec<Vec<&str>> = simulator
        .ledger()
        .sign_ins()
        .into_iter()
        .map(|entry| entry.faults)
        .collect();
    assert_eq!(struck.len(), 7);
    assert_eq!(struck[3], ["expiresInText"]);
    assert_eq!(simulator.ledger().request_count(), 0);
}

#[tokio::test]
async fn the_ledger_shows_sign_ins_without_their_secrets() {
    let simulator = plain().await;
    token(&simulator, &[]).await.unwrap();
    let entry = &simulator.ledger().sign_ins()[0];
    assert_eq!(entry.operation.as_deref(), Some("token"));
    assert!(entry.body.contains("client_credentials"), "{}", entry.body);
    assert!(!entry.body.contains(simulator.client_secret()));
}

#[tokio::test]
async fn a_slow_token_endpoint_is_slow() {
    let simulator = plain().await;
    let rule = FaultRule::new(Fault::Latency {
        milliseconds: 30,
        jitter_milliseconds: 0,
    });
    simulator.faults().add(rule.on("token")).unwrap();
    let before = std::time::Instant::now();
    assert_eq!(token(&simulator, &[]).await.unwrap().status, 200);
    assert!(before.elapsed() >= Duration::from_millis(30));
}

#[tokio::test]
async fn a_device_is_told_to_slow_down_and_that_its_code_has_expired() {
    let builder = Simulator::builder().device_code_lifetime(Duration::from_secs(60));
    let simulator = started(builder.sign_in_after_polls(None)).await;
    let start = [
        ("client_id", simulator.client_id()),
        ("scope", "offline_access"),
    ];
    let device = form(&simulator, &simulator.device_code_url(), &start)
        .await
        .unwrap()
        .json();
    assert_eq!(device["expires_in"], 60);
    let error = Fault::TokenError {
        error: "slow_down".to_owned(),
    };
    simulator
        .faults()
        .add(FaultRule::new(error).times(1))
        .unwrap();
    let poll = async || {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", simulator.client_id()),
            ("device_code", device["device_code"].as_str().unwrap()),
        ];
        let reply = form(&simulator, &simulator.token_url(), &fields).await;
        let reply = reply.unwrap();
        assert_eq!(reply.status, 400);
        reply.json()["error"].clone()
    };
    assert_eq!(poll().await, "slow_down");
    assert_eq!(poll().await, "authorization_pending");
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    tokio::time::resume();
    assert_eq!(poll().await, "expired_token");
    assert_eq!(poll().await, "bad_verification_code");
}

#[tokio::test]
async fn refresh_tokens_end() {
    let builder = Simulator::builder().refresh_token_lifetime(Duration::from_secs(60));
    let simulator = started(builder.sign_in_after_polls(Some(0))).await;
    let refreshed = async |wait: u64, revoke: bool| {
        let start = [
            ("client_id", simulator.client_id()),
            ("scope", "offline_access"),
        ];
        let device = form(&simulator, &simulator.device_code_url(), &start).await;
        let device = device.unwrap().json();
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", device["device_code"].as_str().unwrap()),
        ];
        let granted = form(&simulator, &simulator.token_url(), &fields).await;
        let granted = granted.unwrap().json();
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(wait)).await;
        tokio::time::resume();
        if revoke {
            simulator.revoke_refresh_tokens();
        }
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", granted["refresh_token"].as_str().unwrap()),
        ];
        let reply = form(&simulator, &simulator.token_url(), &fields).await;
        let body = reply.unwrap().json();
        (body["error"].clone(), body["error_codes"][0].clone())
    };
    assert_eq!(refreshed(59, false).await.0, Value::Null);
    assert_eq!(
        refreshed(61, false).await,
        (json!("invalid_grant"), json!(700_082))
    );
    assert_eq!(
        refreshed(0, true).await,
        (json!("invalid_grant"), json!(70_000))
    );
}

#[tokio::test]
async fn a_claims_challenge_is_met_by_a_token_that_was_issued_with_the_claims() {
    let simulator = plain().await;
    let first = token(&simulator, &[]).await.unwrap().json()["access_token"].clone();
    simulator
        .faults()
        .add(FaultRule::new(Fault::ClaimsChallenge { claims: None }))
        .unwrap();
    let challenged = with(&simulator, &first).await;
    assert_eq!(
        (challenged.status, challenged.error().0.as_str()),
        (401, "InvalidAuthenticationToken")
    );
    let demand = challenged.header("www-authenticate").unwrap();
    for part in [
        "Bearer realm=\"\"",
        "authorization_uri=\"http",
        "client_id=\"00000003-0000-0000-c000-000000000000\"",
        "error=\"insufficient_claims\"",
    ] {
        assert!(demand.contains(part), "{demand}");
    }
    let claims = demand
        .split("claims=\"")
        .last()
        .unwrap()
        .trim_end_matches('"');
    let claims = String::from_utf8(STANDARD.decode(claims).unwrap()).unwrap();
    let plain_again = token(&simulator, &[]).await.unwrap().json()["access_token"].clone();
    assert_eq!(with(&simulator, &plain_again).await.status, 401);
    let met = token(&simulator, &[("claims", &claims)])
        .await
        .unwrap()
        .json();
    assert_eq!(with(&simulator, &met["access_token"]).await.status, 200);
    let junk = token(&simulator, &[("claims", "nbf")]).await.unwrap();
    assert_eq!(
        (junk.status, &junk.json()["error"]),
        (400, &json!("invalid_request"))
    );
}

#[tokio::test]
async fn a_role_that_was_granted_shows_in_the_next_token_only() {
    let builder = Simulator::builder().permissions(["User.Read.All"]);
    let simulator = started(builder).await;
    let stale = token(&simulator, &[]).await.unwrap().json()["access_token"].clone();
    assert_eq!(with(&simulator, &stale).await.status, 403);
    simulator.set_permissions(["SecurityIncident.Read.All"]);
    assert_eq!(with(&simulator, &stale).await.status, 403);
    let fresh = token(&simulator, &[]).await.unwrap().json()["access_token"].clone();
    assert_eq!(with(&simulator, &fresh).await.status, 200);
}

#[tokio::test]
async fn a_revoked_token_is_told_from_an_unknown_one() {
    let simulator = plain().await;
    let own = json!(simulator.token());
    simulator.revoke_tokens();
    let revoked = with(&simulator, &own).await;
    assert_eq!(
        (revoked.status, revoked.error().1.as_str()),
        (401, "the access token was revoked")
    );
    let unknown = with(&simulator, &json!("x")).await;
    assert_eq!(unknown.error().1, "the access token is not known here");
}

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
async fn a_certificate_signs_in_and_each_assertion_is_worth_one_token() {
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
async fn assertions_that_are_wrong_are_refused_with_the_reason() {
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
async fn a_federated_token_signs_a_workload_in() {
    let simulator = plain().await;
    let granted = assert_with(&simulator, simulator.federated_token())
        .await
        .json();
    assert_eq!(with(&simulator, &granted["access_token"]).await.status, 200);
}

#[tokio::test]
async fn a_machine_and_an_app_get_tokens_without_a_secret() {
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
