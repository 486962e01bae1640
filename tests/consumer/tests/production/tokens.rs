//! Tokens are cached, renewed once and in time, sent to one host only, and never shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use graph_incidents::auth::{self, AccessToken, ClientCredentials, DeviceCode};
use graph_incidents::{Client, RetryPolicy};
use graph_incidents_simulator::{Fault, Simulator};

use super::raw::RawServer;
use super::{REFERENCE, client, connected, sent};

/// A slow source that counts its calls.
fn counting(
    simulator: &Simulator,
    lifetime: Option<Duration>,
) -> (Arc<AtomicUsize>, impl auth::TokenSource + use<>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let (count, token) = (Arc::clone(&asked), simulator.token().to_owned());
    let source = auth::from_fn(move || {
        count.fetch_add(1, Ordering::Relaxed);
        let token = AccessToken::new(token.clone());
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok::<_, std::io::Error>(match lifetime {
                Some(lifetime) => token.expires_in(lifetime),
                None => token,
            })
        }
    });
    (asked, source)
}

#[tokio::test]
async fn one_token_serves_many_concurrent_calls() {
    let (simulator, _) = connected().await;
    let (asked, source) = counting(&simulator, Some(Duration::from_secs(3_600)));
    let client = client(&simulator).token_source(source).build().unwrap();
    let calls = (0..32).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.get_incident(REFERENCE).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires_and_nobody_waits() {
    let (simulator, _) = connected().await;
    // Sixty seconds are less than the margin, and more than a request takes.
    let (asked, source) = counting(&simulator, Some(Duration::from_secs(60)));
    let client = client(&simulator).token_source(source).build().unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    client.get_incident(REFERENCE).await.unwrap();
    assert_eq!(
        asked.load(Ordering::Relaxed),
        1,
        "a token with most of its life left was renewed"
    );
    // An expired one is not sent.
    let (asked, source) = counting(&simulator, Some(Duration::ZERO));
    let client = super::client(&simulator)
        .token_source(source)
        .build()
        .unwrap();
    let before = sent(&simulator);
    client.get_incident(REFERENCE).await.unwrap_err();
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert_eq!(sent(&simulator), before);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let (simulator, _) = connected().await;
    let credentials = credentials(&simulator);
    let client = client(&simulator)
        .token_source(credentials)
        .build()
        .unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    simulator.revoke_tokens();
    client.get_incident(REFERENCE).await.unwrap();
    let statuses: Vec<u16> = simulator
        .ledger()
        .requests()
        .into_iter()
        .filter(|request| request.target.contains("incidents"))
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [200, 401, 200]);
}

#[tokio::test]
async fn one_renewal_serves_all_calls_whose_token_was_refused() {
    let simulator = Arc::new(Simulator::builder().start().await.unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let (issuer, count) = (Arc::clone(&simulator), Arc::clone(&asked));
    let source = auth::from_fn(move || {
        count.fetch_add(1, Ordering::Relaxed);
        let token = issuer.application_token(["SecurityIncident.Read.All"], None);
        async move { Ok::<_, std::io::Error>(AccessToken::new(token)) }
    });
    let client = client(&simulator).token_source(source).build().unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    simulator.revoke_tokens();
    let calls = (0..16).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.get_incident(REFERENCE).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_refused_fixed_token_is_sent_once() {
    let (simulator, _) = connected().await;
    let client = client(&simulator).token("wrong").build().unwrap();
    let error = client.get_incident(REFERENCE).await.unwrap_err();
    assert!(error.is_unauthenticated(), "{error}");
    assert_eq!(sent(&simulator), 1);
    assert!(!format!("{error} {error:?}").contains("wrong"));
}

fn credentials(simulator: &Simulator) -> ClientCredentials {
    ClientCredentials::new(
        simulator.tenant_id(),
        simulator.client_id(),
        simulator.client_secret(),
    )
    .unwrap()
    .authority(simulator.origin())
}

#[tokio::test]
async fn an_application_signs_in_with_its_secret() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = client(&simulator)
        .token_source(credentials(&simulator))
        .build()
        .unwrap();
    client.get_incident(REFERENCE).await.unwrap();

    let wrong = ClientCredentials::new(
        simulator.tenant_id(),
        simulator.client_id(),
        "no such secret",
    )
    .unwrap()
    .authority(simulator.origin());
    let client = super::client(&simulator)
        .token_source(wrong)
        .build()
        .unwrap();
    let error = client.get_incident(REFERENCE).await.unwrap_err();
    assert!(error.is_unauthenticated(), "{error}");
    assert!(error.message().contains("invalid_client"), "{error}");
    assert!(!format!("{error} {error:?}").contains("no such secret"));
}

#[tokio::test]
async fn a_person_signs_in_with_a_device_code_and_stays_signed_in() {
    let simulator = Simulator::builder()
        .device_code_interval(0)
        .sign_in_after_polls(Some(1))
        .token_lifetime(Duration::from_secs(1))
        .start()
        .await
        .unwrap();
    let prompts = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&prompts);
    let source = DeviceCode::new(
        simulator.tenant_id(),
        simulator.client_id(),
        move |prompt| {
            assert!(!prompt.code.is_empty());
            assert!(prompt.url.starts_with("http"), "{}", prompt.url);
            count.fetch_add(1, Ordering::Relaxed);
        },
    )
    .unwrap()
    .authority(simulator.origin());
    source.sign_in().await.unwrap();
    let client = client(&simulator).token_source(source).build().unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    client.get_incident(REFERENCE).await.unwrap();
    assert_eq!(
        prompts.load(Ordering::Relaxed),
        1,
        "the refresh token was not used"
    );
}

#[tokio::test]
async fn a_token_is_sent_only_to_the_configured_host() {
    let stranger = RawServer::responding_with("200 OK", "", "{}").await;
    // A redirect is an error and is not followed.
    let redirecting = RawServer::responding_with(
        "302 Found",
        &format!("location: {}/security/incidents\r\n", stranger.url),
        "",
    )
    .await;
    let client = Client::builder()
        .base_url(&redirecting.url)
        .token("secret")
        .build()
        .unwrap();
    let error = client.list_incidents().await.unwrap_err();
    assert!(error.is_cross_origin(), "{error}");
    assert_eq!(error.status(), Some(302));
    // Neither is a link.
    let body = format!(
        r#"{{"value": [], "@odata.nextLink": "{}/security/incidents?$skip=1"}}"#,
        stranger.url
    );
    let linking = RawServer::responding_with("200 OK", "", &body).await;
    let client = Client::builder()
        .base_url(&linking.url)
        .token("secret")
        .build()
        .unwrap();
    let mut pages = client.list_incidents().pages();
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.unwrap().unwrap_err().is_cross_origin());
    assert!(pages.next().await.is_none());
    assert_eq!(stranger.requests(), [""; 0], "the token left the host");

    let (simulator, client) = connected().await;
    let origin = stranger.url.trim_end_matches("/beta").to_owned();
    simulator
        .faults()
        .script([vec![Fault::CrossOriginLink { origin }]]);
    let mut items = client.list_incidents().top(5).items();
    let error = loop {
        if let Err(error) = items.next().await.unwrap() {
            break error;
        }
    };
    assert!(error.is_cross_origin(), "{error}");
    assert_eq!(stranger.requests(), [""; 0]);
}

#[tokio::test]
async fn an_http_client_that_follows_redirects_is_detected() {
    let stranger = RawServer::responding_with("200 OK", "", "{}").await;
    let redirecting = RawServer::responding_with(
        "302 Found",
        &format!(
            "location: {}/x\r\n",
            stranger.url.replace("127.0.0.1", "localhost")
        ),
        "",
    )
    .await;
    let client = Client::builder()
        .base_url(&redirecting.url)
        .token("secret")
        .http_client(reqwest_client())
        .build()
        .unwrap();
    let error = client.list_incidents().await.unwrap_err();
    assert!(error.is_cross_origin(), "{error}");
    assert!(
        stranger
            .requests()
            .iter()
            .all(|request| !request.contains("secret")),
        "{:?}",
        stranger.requests()
    );
}

/// A user's own HTTP client, with its own TLS.
fn reqwest_client() -> reqwest::Client {
    reqwest::Client::builder()
        .tls_certs_only([])
        .build()
        .unwrap()
}

#[tokio::test]
async fn secrets_are_not_in_debug_output() {
    let (simulator, _) = connected().await;
    let client = client(&simulator)
        .token("top secret")
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let request = client.get_incident(REFERENCE);
    let shown = format!(
        "{client:?} {request:?} {:?} {:?}",
        client.core(),
        AccessToken::new("top secret")
    );
    assert!(!shown.contains("top secret"), "{shown}");
    assert!(!format!("{:?}", Client::builder().token("top secret")).contains("top secret"));
}

#[tokio::test]
async fn requests_have_a_user_agent_an_id_and_prefer_all_members() {
    let server = RawServer::responding_with("200 OK", "", r#"{"value": []}"#).await;
    let builder = || Client::builder().base_url(&server.url).token("secret");
    builder()
        .user_agent_suffix("triage/1.2")
        .build()
        .unwrap()
        .list_incidents()
        .await
        .unwrap();
    builder()
        .unknown_enum_members(false)
        .build()
        .unwrap()
        .list_incidents()
        .await
        .unwrap();
    let requests: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.to_lowercase())
        .collect();
    assert!(requests[0].contains("authorization: bearer secret\r\n"));
    assert!(
        requests[0].contains("user-agent: graph-incidents/"),
        "{}",
        requests[0]
    );
    assert!(requests[0].contains(" triage/1.2\r\n"));
    assert!(requests[0].contains("prefer: include-unknown-enum-members\r\n"));
    assert!(requests[0].contains("client-request-id: "));
    assert!(requests[0].contains("accept-encoding: gzip"));
    assert!(!requests[1].contains("prefer:"));
    let bad = builder().user_agent_suffix("a\nb").build().unwrap_err();
    assert!(bad.is_refused(), "{bad}");
}
