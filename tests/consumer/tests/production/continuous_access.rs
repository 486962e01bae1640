//! Refused tokens: claims challenges reach the source, missing roles are checked again, and no renewal is endless.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use graph_incidents::auth::{self, AccessToken, ClientCredentials, TokenRequest, TokenSource};
use graph_incidents_simulator::{Fault, FaultRule, Simulator};

use super::scripted::{Scripted, response};
use super::{REFERENCE, client, swift};

/// `{"access_token":{"nbf":{"essential":true,"value":"1"}}}`
const CHALLENGE: &str = "www-authenticate: Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxIn19fQ==\"\r\n";
const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;

/// A source with another token each time, and the requests that it got.
fn remembering() -> (Arc<Mutex<Vec<TokenRequest>>>, impl TokenSource + use<>) {
    let requests: Arc<Mutex<Vec<TokenRequest>>> = Arc::default();
    let seen = Arc::clone(&requests);
    let source = auth::from_fn_with(move |request| {
        let mut seen = seen.lock().unwrap();
        seen.push(request);
        let token = AccessToken::new(format!("t{}", seen.len() - 1));
        async move { Ok::<_, std::io::Error>(token) }
    });
    (requests, source)
}

fn to(server: &Scripted) -> graph_incidents::ClientBuilder {
    graph_incidents::Client::builder()
        .base_url(format!("{}/beta", server.origin))
        .retry(swift())
}

#[tokio::test]
async fn a_claims_challenge_reaches_the_token_source_and_the_error() {
    let body = r#"{"error":{"code":"InvalidAuthenticationToken","message":"m"}}"#;
    let server = Scripted::new(move |_| response(401, CHALLENGE, body)).await;
    let (requests, source) = remembering();
    let client = to(&server).token_source(source).build().unwrap();
    let error = client.get_incident("1").await.unwrap_err();
    assert!(error.is_unauthenticated(), "{error}");
    assert_eq!(error.claims(), Some(CLAIMS));
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        (requests[0].claims(), requests[0].refused_with()),
        (None, None)
    );
    assert_eq!(requests[1].claims(), Some(CLAIMS));
    assert_eq!(requests[1].refused_with(), Some(401));
    assert!(requests[1].http_client().is_some());
}

#[tokio::test]
async fn a_token_that_is_refused_repeatedly_is_renewed_once() {
    for headers in ["", CHALLENGE] {
        let server = Scripted::new(move |_| response(401, headers, "")).await;
        let (requests, source) = remembering();
        let client = to(&server).token_source(source).build().unwrap();
        client.get_incident("1").await.unwrap_err();
        assert_eq!(requests.lock().unwrap().len(), 2);
        assert_eq!(server.requests().len(), 2);
    }
    // A challenge after a stale token is followed once too.
    let server = Scripted::new(|request| {
        let headers = if request.contains("Bearer t0") {
            ""
        } else {
            CHALLENGE
        };
        response(401, headers, "")
    })
    .await;
    let (requests, source) = remembering();
    let client = to(&server).token_source(source).build().unwrap();
    client.get_incident("1").await.unwrap_err();
    assert_eq!(requests.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_challenge_leads_to_a_sign_in_with_its_claims() {
    let simulator = Simulator::builder().start().await.unwrap();
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1766000000"}}}"#;
    let fault = Fault::ClaimsChallenge {
        claims: Some(claims.to_owned()),
    };
    simulator.faults().add(FaultRule::new(fault)).unwrap();
    let source = ClientCredentials::new(
        simulator.tenant_id(),
        simulator.client_id(),
        simulator.client_secret(),
    )
    .unwrap()
    .authority(simulator.origin())
    .continuous_access_evaluation(true);
    let client = client(&simulator).token_source(source).build().unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    let sign_ins = simulator.ledger().sign_ins();
    assert_eq!(sign_ins.len(), 2);
    assert!(sign_ins[0].body.contains("cp1"), "{}", sign_ins[0].body);
    for part in ["cp1", "1766000000"] {
        assert!(sign_ins[1].body.contains(part), "{}", sign_ins[1].body);
    }
}

#[tokio::test]
async fn the_capability_is_announced_only_if_it_is_enabled() {
    let simulator = Simulator::builder().start().await.unwrap();
    let source = ClientCredentials::new(
        simulator.tenant_id(),
        simulator.client_id(),
        simulator.client_secret(),
    )
    .unwrap()
    .authority(simulator.origin());
    source.token().await.unwrap();
    assert!(!simulator.ledger().sign_ins()[0].body.contains("claims"));
}

/// A service for which `t0` lacks the role.
async fn without_role_for_t0() -> Scripted {
    Scripted::new(|request| match request.contains("Bearer t0\r\n") {
        true => response(
            403,
            "",
            r#"{"error":{"code":"Forbidden","message":"Missing application roles. API required roles: SecurityIncident.Read.All, application roles: ."}}"#,
        ),
        false => response(200, "", r#"{"id":"1"}"#),
    })
    .await
}

#[tokio::test]
async fn a_cached_token_without_the_role_is_renewed_once_for_all_waiting_calls() {
    let server = without_role_for_t0().await;
    let (requests, source) = remembering();
    let client = to(&server).token_source(source).build().unwrap();
    // A token that was acquired for this call would have the role.
    let error = client.get_incident("1").await.unwrap_err();
    assert_eq!(error.missing_roles(), ["SecurityIncident.Read.All"]);
    assert_eq!(requests.lock().unwrap().len(), 1);
    let calls = (0..8).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.get_incident("1").await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].refused_with(), Some(403));
}

#[tokio::test]
async fn a_missing_role_renews_the_token_at_most_once_in_five_minutes() {
    let server = Scripted::new(|_| {
        response(
            403,
            "",
            r#"{"error":{"code":"Forbidden","message":"Missing application roles. API required roles: A, application roles: ."}}"#,
        )
    })
    .await;
    let (requests, source) = remembering();
    let client = to(&server).token_source(source).build().unwrap();
    for _ in 0..10 {
        let error = client.get_incident("1").await.unwrap_err();
        assert!(error.is_permission_denied(), "{error}");
    }
    assert_eq!(requests.lock().unwrap().len(), 2);
    assert_eq!(server.requests().len(), 11);
}

#[tokio::test]
async fn an_unprovisioned_tenant_or_a_failing_source_does_not_change_the_403() {
    let server = Scripted::new(|_| {
        response(
            403,
            "",
            r#"{"error":{"code":"Forbidden","message":"Account is not provisioned."}}"#,
        )
    })
    .await;
    let (requests, source) = remembering();
    let client = to(&server).token_source(source).build().unwrap();
    for _ in 0..3 {
        client.get_incident("1").await.unwrap_err();
    }
    assert_eq!(requests.lock().unwrap().len(), 1);

    let server = without_role_for_t0().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let source = auth::from_fn(move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        async move {
            match number {
                0 => Ok(AccessToken::new("t0")),
                _ => Err(std::io::Error::other("vault sealed")),
            }
        }
    });
    let client = to(&server).token_source(source).build().unwrap();
    for _ in 0..3 {
        let error = client.get_incident("1").await.unwrap_err();
        assert!(error.is_permission_denied(), "{error}");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}
