//! Permissions, and the complete sign-in.

use std::time::Duration;

use graph_incidents_simulator::{Profile, Simulator};
use serde_json::{Value, json};

use crate::support::{Reply, get, plain, send, started};

const PATCH: &str = "/beta/security/incidents/2972395";

async fn with_token(simulator: &Simulator, method: &str, token: &str) -> Reply {
    let authorization = format!("Bearer {token}");
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/json"),
    ];
    let body = if method == "GET" {
        ""
    } else {
        r#"{"summary":"x"}"#
    };
    send(simulator, method, PATCH, &headers, body).await
}

async fn form(simulator: &Simulator, url: &str, fields: &[(&str, &str)]) -> Reply {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let path = url.strip_prefix(&simulator.origin()).unwrap();
    send(
        simulator,
        "POST",
        path,
        &[("Content-Type", "application/x-www-form-urlencoded")],
        &body,
    )
    .await
}

#[tokio::test]
async fn without_a_valid_token_nothing_is_returned() {
    let simulator = plain().await;
    for header in [
        None,
        Some("Basic abc"),
        Some("Bearer"),
        Some("Bearer unknown"),
    ] {
        let headers: Vec<_> = header
            .map(|value| ("Authorization", value))
            .into_iter()
            .collect();
        let reply = send(&simulator, "GET", "/beta/security/incidents", &headers, "").await;
        assert_eq!(
            (reply.status, reply.error().0.as_str()),
            (401, "InvalidAuthenticationToken"),
            "{header:?}"
        );
        let demand = reply.header("www-authenticate").unwrap();
        assert!(demand.starts_with("Bearer realm=\"\", authorization_uri="));
        assert!(!demand.contains("claims"), "{demand}");
    }
}

#[tokio::test]
async fn missing_roles_and_scopes_are_named() {
    let simulator = plain().await;
    let reads = simulator.application_token(["SecurityIncident.Read.All"], None);
    assert_eq!(with_token(&simulator, "GET", &reads).await.status, 200);
    let refused = with_token(&simulator, "PATCH", &reads).await;
    assert_eq!((refused.status, refused.error()), (403, ("Forbidden".to_owned(), "Missing application roles. API required roles: SecurityIncident.ReadWrite.All, application roles: SecurityIncident.Read.All.".to_owned())));
    let person = simulator.user_token("adele@contoso.example", ["User.Read"], None);
    assert_eq!(with_token(&simulator, "GET", &person).await.status, 403);
    assert_eq!(simulator.ledger().write_count(), 0);
}

#[tokio::test]
async fn a_tenant_without_the_product_is_refused() {
    let simulator = plain().await;
    let mut profile = Profile::plain();
    profile.provisioned = false;
    simulator.set_profile(profile);
    let reply = get(&simulator, "/incidents").await;
    assert_eq!(
        (reply.status, reply.error().1.as_str()),
        (403, "Account is not provisioned.")
    );
}

#[tokio::test]
async fn client_credentials_get_a_token_that_expires() {
    let simulator = started(Simulator::builder().token_lifetime(Duration::from_secs(2))).await;
    let fields = |secret| {
        [
            ("grant_type", "client_credentials"),
            ("client_id", simulator.client_id()),
            ("client_secret", secret),
            ("scope", "https://graph.microsoft.com/.default"),
        ]
    };
    let wrong = form(&simulator, &simulator.token_url(), &fields("wrong")).await;
    assert_eq!(
        (wrong.status, wrong.json()["error"].as_str()),
        (401, Some("invalid_client"))
    );
    let granted = form(
        &simulator,
        &simulator.token_url(),
        &fields(simulator.client_secret()),
    )
    .await
    .json();
    assert_eq!(
        (&granted["token_type"], &granted["expires_in"]),
        (&json!("Bearer"), &json!(2))
    );
    let token = granted["access_token"].as_str().unwrap().to_owned();
    assert_eq!(with_token(&simulator, "PATCH", &token).await.status, 200);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(3)).await;
    tokio::time::resume();
    let expired = with_token(&simulator, "GET", &token).await;
    assert_eq!(
        (expired.status, expired.error().1.as_str()),
        (401, "the access token has expired")
    );
    simulator.revoke_tokens();
    assert_eq!(get(&simulator, "/incidents").await.status, 401);
}

#[tokio::test]
async fn a_device_waits_for_the_person_and_can_refresh_later() {
    let simulator = started(Simulator::builder().sign_in_after_polls(None)).await;
    let start = [
        ("client_id", simulator.client_id()),
        ("scope", "SecurityIncident.Read.All offline_access"),
    ];
    for approved in [false, true] {
        let device = form(&simulator, &simulator.device_code_url(), &start)
            .await
            .json();
        let code = device["device_code"].as_str().unwrap();
        let ask = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", simulator.client_id()),
            ("device_code", code),
        ];
        let pending = form(&simulator, &simulator.token_url(), &ask).await;
        assert_eq!(
            (pending.status, pending.json()["error"].as_str()),
            (400, Some("authorization_pending"))
        );
        assert!(simulator.decide_device_code(device["user_code"].as_str().unwrap(), approved));
        let decided = form(&simulator, &simulator.token_url(), &ask).await;
        if !approved {
            assert_eq!(decided.json()["error"], "authorization_declined");
            continue;
        }
        let granted = decided.json();
        let token = granted["access_token"].as_str().unwrap();
        assert_eq!(with_token(&simulator, "GET", token).await.status, 200);
        assert_eq!(with_token(&simulator, "PATCH", token).await.status, 403);
        let refresh = [
            ("grant_type", "refresh_token"),
            ("refresh_token", granted["refresh_token"].as_str().unwrap()),
        ];
        let renewed = form(&simulator, &simulator.token_url(), &refresh)
            .await
            .json();
        assert_eq!(
            with_token(&simulator, "GET", renewed["access_token"].as_str().unwrap())
                .await
                .status,
            200
        );
        let again = form(&simulator, &simulator.token_url(), &refresh)
            .await
            .json();
        assert_eq!(
            (&again["error"], &again["access_token"]),
            (&json!("invalid_grant"), &Value::Null)
        );
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_distinguished() {
    let simulator = plain().await;
    let reply = get(&simulator, "/secrets").await;
    assert_eq!(reply.status, 400);
    let authorization = format!("Bearer {}", simulator.token());
    let headers = [("Authorization", authorization.as_str())];
    let reply = send(&simulator, "DELETE", PATCH, &headers, "").await;
    assert_eq!(
        (reply.status, reply.header("allow")),
        (405, Some("GET, PATCH"))
    );
    let reply = send(&simulator, "GET", "/v2.0/security/incidents", &headers, "").await;
    assert_eq!(reply.status, 400);
    let reply = send(
        &simulator,
        "GET",
        "/beta/security/incidents/%ff%fe",
        &headers,
        "",
    )
    .await;
    assert_eq!(
        (reply.status, reply.error().1.contains("UTF-8")),
        (400, true)
    );
}
