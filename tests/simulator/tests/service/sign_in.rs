//! The token endpoints: their faults, and how a sign-in ends.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use graph_incidents_simulator::{Fault, FaultRule, RetryAfter, Simulator};
use serde_json::{Value, json};

use crate::support::{Reply, exchange, plain, reply, request, send, started};

pub(crate) async fn form(
    simulator: &Simulator,
    url: &str,
    fields: &[(&str, &str)],
) -> std::io::Result<Reply> {
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

pub(crate) async fn with(simulator: &Simulator, token: &Value) -> Reply {
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
async fn a_device_is_told_to_slow_down_or_that_its_code_has_expired() {
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
async fn refresh_tokens_expire() {
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
async fn a_claims_challenge_is_satisfied_by_a_token_with_the_claims() {
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
async fn a_granted_role_is_only_in_the_next_token() {
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
async fn revoked_and_unknown_tokens_are_distinguished() {
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
