//! Sign-in is retried after transient failures and read leniently, and a person is asked only as a last resort.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use graph_incidents::auth::{self, AccessToken, ClientCredentials, DeviceCode, TokenSource as _};
use graph_incidents::{Client, RetryPolicy};
use graph_incidents_simulator::{Fault, FaultRule, RetryAfter, Simulator};

use super::scripted::{Scripted, response, token};
use super::{REFERENCE, client, status, swift};

fn credentials(simulator: &Simulator) -> ClientCredentials {
    ClientCredentials::new(
        simulator.tenant_id(),
        simulator.client_id(),
        simulator.client_secret(),
    )
    .unwrap()
    .authority(simulator.origin())
}

/// The transient failures of the token endpoint.
fn passing() -> Vec<Fault> {
    let throttled = Fault::Status {
        status: 429,
        retry_after: Some(0),
        retry_after_form: RetryAfter::Seconds,
        applied: false,
    };
    let server_error = Fault::TokenError {
        error: "temporarily_unavailable".to_owned(),
    };
    vec![
        status(503),
        status(500),
        throttled,
        server_error,
        Fault::HtmlError { status: 502 },
        Fault::EmptySuccess,
        Fault::ErrorInSuccess { applied: false },
        Fault::TruncatedBody { fraction: 0.5 },
        Fault::ResetBefore,
        Fault::ResetAfter,
    ]
}

#[tokio::test]
async fn a_sign_in_that_fails_transiently_is_repeated_like_a_read() {
    for fault in passing() {
        let simulator = Simulator::builder().start().await.unwrap();
        let rule = FaultRule::new(fault.clone()).on("token").times(2);
        simulator.faults().add(rule).unwrap();
        let client = client(&simulator)
            .token_source(credentials(&simulator))
            .build()
            .unwrap();
        let result = client.get_incident(REFERENCE).await;
        result.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(simulator.ledger().sign_ins().len(), 3, "{fault:?}");
    }
}

#[tokio::test]
async fn a_sign_in_ends_as_the_retry_policy_says_and_reports_its_attempts() {
    let simulator = Simulator::builder().start().await.unwrap();
    let rule = FaultRule::new(status(503)).on("token");
    simulator.faults().add(rule).unwrap();
    for (policy, attempts) in [(swift().attempts(3), 3), (RetryPolicy::none(), 1)] {
        let before = simulator.ledger().sign_ins().len();
        let client = client(&simulator)
            .token_source(credentials(&simulator))
            .retry(policy)
            .build()
            .unwrap();
        let error = client.get_incident(REFERENCE).await.unwrap_err();
        assert!(error.is_unauthenticated(), "{error}");
        assert_eq!(error.status(), None, "it is not the service's status");
        assert_eq!(simulator.ledger().sign_ins().len() - before, attempts);
        let shown = error.to_string();
        assert!(
            shown.starts_with(&format!(
                "get_incident {REFERENCE}: failed to acquire a token: identity provider: 503 "
            )),
            "{shown}"
        );
        assert_eq!(shown.contains("after 3 attempts"), attempts == 3, "{shown}");
        assert_eq!(shown.contains("attempts)"), attempts > 1, "{shown}");
    }
}

#[tokio::test]
async fn a_refused_sign_in_is_not_repeated() {
    for error in ["invalid_client", "invalid_grant", "unauthorized_client"] {
        let simulator = Simulator::builder().start().await.unwrap();
        let fault = Fault::TokenError {
            error: error.to_owned(),
        };
        simulator
            .faults()
            .add(FaultRule::new(fault).on("token"))
            .unwrap();
        let client = client(&simulator)
            .token_source(credentials(&simulator))
            .build()
            .unwrap();
        let failed = client.get_incident(REFERENCE).await.unwrap_err();
        assert_eq!(failed.code(), Some(error), "{failed}");
        assert_eq!(simulator.ledger().sign_ins().len(), 1, "{failed}");
    }
}

#[tokio::test]
async fn calls_that_wait_for_one_sign_in_share_its_failure() {
    let simulator = Simulator::builder().start().await.unwrap();
    let rule = FaultRule::new(status(503)).on("token");
    simulator.faults().add(rule).unwrap();
    let client = client(&simulator)
        .token_source(credentials(&simulator))
        .retry(swift().attempts(3))
        .build()
        .unwrap();
    let calls = (0..16).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.get_incident(REFERENCE).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(call.await.unwrap().unwrap_err().is_unauthenticated());
    }
    let asked = simulator.ledger().sign_ins().len();
    assert!(asked <= 6, "{asked} sign-ins for one failure");
}

#[tokio::test]
async fn token_responses_are_read_leniently() {
    for body in [
        r#"{"access_token":"t","expires_in":"3600","ext_expires_in":"3600","token_type":"BEARER","x":{"y":[]}}"#,
        r#"{"access_token":"t","expires_in":3600.0,"token_type":"bearer","scope":null}"#,
        "\u{feff}\n {\"access_token\":\"t\"}\n",
    ] {
        let server = Scripted::new(move |request| match request.starts_with("POST") {
            true => response(200, "", body),
            false => response(200, "", r#"{"value": []}"#),
        })
        .await;
        let source = ClientCredentials::new("contoso", "id", "secret")
            .unwrap()
            .authority(&server.origin);
        let client = to(&server).token_source(source).build().unwrap();
        client
            .list_incidents()
            .await
            .unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(server.count("authorization: Bearer t\r\n"), 1, "{body}");
    }
}

fn to(server: &Scripted) -> graph_incidents::ClientBuilder {
    Client::builder()
        .base_url(format!("{}/beta", server.origin))
        .token("t")
        .retry(swift())
}

#[tokio::test]
async fn an_expired_token_is_never_sent() {
    for body in [
        r#"{"access_token":"t","token_type":"Bearer","expires_in":0}"#,
        r#"{"access_token":"t","token_type":"Bearer","expires_in":"-1"}"#,
        r#"{"access_token":"t","token_type":"Bearer","expires_on":"12"}"#,
    ] {
        let server = Scripted::new(move |_| response(200, "", body)).await;
        let source = ClientCredentials::new("contoso", "id", "secret")
            .unwrap()
            .authority(&server.origin);
        let client = to(&server).token_source(source).build().unwrap();
        let error = client.list_incidents().await.unwrap_err();
        assert!(error.is_unauthenticated(), "{error}");
        assert!(error.to_string().contains("already expired"), "{error}");
        assert_eq!(server.count("GET "), 0, "the token was sent");
    }
    let server = Scripted::new(|_| response(200, "", r#"{"value": []}"#)).await;
    let source = auth::from_fn(|| async {
        Ok::<_, std::io::Error>(AccessToken::new("t").expires_in(Duration::ZERO))
    });
    let client = to(&server).token_source(source).build().unwrap();
    let error = client.list_incidents().await.unwrap_err();
    assert!(error.to_string().contains("already expired"), "{error}");
    assert_eq!(server.requests(), [""; 0]);
}

#[tokio::test]
async fn a_string_that_cannot_be_a_token_is_refused_before_sending() {
    for (text, reason) in [
        ("abc\n", "line break"),
        (" abc", "space"),
        ("Bearer abc", "`Bearer`"),
        ("", "empty"),
    ] {
        let error = Client::builder().token(text).build().unwrap_err();
        assert!(
            error.is_refused() && error.to_string().contains(reason),
            "{error}"
        );
        // One that a source makes is known only then.
        let server = Scripted::new(|_| response(200, "", r#"{"value": []}"#)).await;
        let source =
            auth::from_fn(move || async move { Ok::<_, std::io::Error>(AccessToken::new(text)) });
        let client = to(&server).token_source(source).build().unwrap();
        let error = client.list_incidents().await.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(server.requests(), [""; 0], "{text:?} was sent");
    }
}

/// A person who signs in at once, and how often the person was asked.
fn device(authority: &str) -> (Arc<AtomicUsize>, DeviceCode) {
    let prompts = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&prompts);
    let source = DeviceCode::new("contoso", "id", move |_| {
        count.fetch_add(1, Ordering::Relaxed);
    });
    (prompts, source.unwrap().authority(authority))
}

/// An identity provider of devices, which refuses refresh tokens with this.
async fn refusing_refresh(status: u16, body: &'static str) -> Scripted {
    Scripted::new(move |request| {
        if request.contains("/devicecode") {
            let code = r#"{"device_code":"d","user_code":"u","verification_uri":"https://x.example","expires_in":900,"interval":0}"#;
            response(200, "", code)
        } else if request.contains("grant_type=refresh_token") {
            response(status, "", body)
        } else {
            response(
                200,
                "",
                r#"{"access_token":"t","token_type":"Bearer","expires_in":3600,"refresh_token":"r"}"#,
            )
        }
    })
    .await
}

#[tokio::test]
async fn a_person_is_asked_again_only_if_the_refresh_token_is_refused() {
    for (code, asks) in [
        ("invalid_grant", true),
        ("interaction_required", true),
        ("login_required", true),
        ("consent_required", true),
        ("temporarily_unavailable", false),
        ("invalid_client", false),
        ("invalid_request", false),
    ] {
        let body = format!(r#"{{"error":"{code}","error_description":"no"}}"#);
        let server = refusing_refresh(400, body.leak()).await;
        let (prompts, source) = device(&server.origin);
        source.sign_in().await.unwrap();
        assert_eq!(prompts.load(Ordering::Relaxed), 1);
        source.token().await.unwrap();
        let renewed = source.token().await;
        assert_eq!(renewed.is_ok(), asks, "{code}");
        assert_eq!(prompts.load(Ordering::Relaxed) == 2, asks, "{code}");
    }
    let server = refusing_refresh(503, "").await;
    let (prompts, source) = device(&server.origin);
    source.sign_in().await.unwrap();
    source.token().await.unwrap();
    source.token().await.unwrap_err();
    assert_eq!(
        prompts.load(Ordering::Relaxed),
        1,
        "503 is no reason to ask"
    );
}

/// Signs in with this device code response, while every poll gets an error.
async fn polled(code: &'static str, error: &'static str) -> (Duration, usize, String) {
    let server = Scripted::new(move |request| match request.contains("/devicecode") {
        true => response(200, "", code),
        false => response(400, "", &format!(r#"{{"error":"{error}"}}"#)),
    })
    .await;
    let (_, source) = device(&server.origin);
    let started = Instant::now();
    let failed = source.sign_in().await.unwrap_err();
    (
        started.elapsed(),
        server.count("/token "),
        failed.to_string(),
    )
}

#[tokio::test]
async fn a_device_code_s_interval_is_bounded_by_its_lifetime() {
    for (code, error) in [
        (
            r#"{"device_code":"d","user_code":"u","verification_uri":"https://x.example","expires_in":2,"interval":18446744073709551615}"#,
            "slow_down",
        ),
        (
            r#"{"device_code":"d","user_code":"u","verification_url":"https://x.example","expires_in":"2","interval":1000000}"#,
            "authorization_pending",
        ),
    ] {
        let (took, polls, shown) = polled(code, error).await;
        assert!(shown.contains("expired after 2 s"), "{shown}");
        assert!(took < Duration::from_secs(10), "{took:?}");
        assert!((1..=2).contains(&polls), "{polls} polls");
    }
    // An interval of 0 is a second.
    let (took, polls, _) = polled(
        r#"{"device_code":"d","user_code":"u","verification_uri":"https://x.example","expires_in":2,"interval":0}"#,
        "authorization_pending",
    )
    .await;
    assert!(
        took >= Duration::from_secs(2) && polls <= 3,
        "{took:?}, {polls} polls"
    );
    // The person's decision is final.
    let (_, polls, shown) = polled(
        r#"{"device_code":"d","user_code":"u","verification_uri":"https://x.example","expires_in":900,"interval":1}"#,
        "authorization_declined",
    )
    .await;
    assert_eq!(polls, 1);
    assert!(shown.contains("authorization_declined"), "{shown}");
}

#[tokio::test]
async fn a_person_can_sign_in_while_the_endpoint_fails_temporarily() {
    let polls = AtomicUsize::new(0);
    let server = Scripted::new(move |request| {
        if request.contains("/devicecode") {
            let code = r#"{"device_code":"d","user_code":"u","verification_uri":"https://x.example","expires_in":900,"interval":1}"#;
            return response(200, "", code);
        }
        match (request.contains("/token "), polls.load(Ordering::Relaxed)) {
            // More failures than one poll repeats.
            (true, 0..4) => {
                polls.fetch_add(1, Ordering::Relaxed);
                response(503, "", "")
            }
            (true, _) => token("t"),
            (false, _) => response(200, "", r#"{"value":[]}"#),
        }
    })
    .await;
    let (_, source) = device(&server.origin);
    let client = to(&server).token_source(source).retry(swift().attempts(3));
    client.build().unwrap().list_incidents().await.unwrap();
    assert_eq!(server.count("/token "), 5);
}

#[tokio::test]
async fn a_redirecting_endpoint_does_not_pass_the_secret_on() {
    let stranger = Scripted::new(|_| token("t")).await;
    let location = format!("location: {}/token\r\n", stranger.origin);
    let server = Scripted::new(move |_| response(307, &location, "")).await;
    let source = ClientCredentials::new("contoso", "id", "secret")
        .unwrap()
        .authority(&server.origin);
    let error = to(&server)
        .token_source(source)
        .build()
        .unwrap()
        .list_incidents()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("redirects"), "{error}");
    assert_eq!(stranger.requests(), [""; 0]);
}
