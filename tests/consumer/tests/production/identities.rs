//! Managed identities: a missing one is skipped, and a refused one is an error.

use graph_incidents::auth::{Absent, ManagedIdentity, TokenSource, Variables};
use graph_incidents::{Client, Error};

use super::scripted::{Scripted, response, token};
use super::swift;

/// The identity of an app, with its endpoint there.
fn of_app(origin: &str) -> ManagedIdentity {
    let endpoint = format!("{origin}/msi");
    let variables = [
        ("IDENTITY_ENDPOINT", endpoint.as_str()),
        ("IDENTITY_HEADER", "h"),
    ];
    let variables: Variables = variables.into_iter().collect();
    ManagedIdentity::of(&variables, None)
}

fn of_machine(origin: &str) -> [ManagedIdentity; 2] {
    let identities = [
        ManagedIdentity::system_assigned(),
        ManagedIdentity::user_assigned("id"),
    ];
    identities.map(|identity| identity.machine_endpoint(origin))
}

/// Whether a source is unavailable; any other error ends a chain.
async fn is_absent(source: &ManagedIdentity) -> bool {
    let error = source.token().await.unwrap_err();
    error.downcast_ref::<Absent>().is_some()
}

#[tokio::test]
async fn an_endpoint_distinguishes_missing_and_refused_identities() {
    let body = |code: &str| format!(r#"{{"error":"{code}","error_description":"no"}}"#);
    for (status, body, of_its_own, that_is_named) in [
        (400, body("invalid_request"), true, false),
        (404, String::new(), true, true),
        (
            200,
            "<html>sign in to the network</html>".to_owned(),
            true,
            true,
        ),
        (403, body("access_denied"), false, false),
        (404, body("not_found"), false, false),
        (503, String::new(), false, false),
    ] {
        let shown = body.clone();
        let server = Scripted::new(move |_| response(status, "", &body)).await;
        let [system, user] = of_machine(&server.origin);
        assert_eq!(is_absent(&system).await, of_its_own, "{status} {shown}");
        assert_eq!(is_absent(&user).await, that_is_named, "{status} {shown}");
        // An app has an identity, so every failure is an error.
        assert!(
            !is_absent(&of_app(&server.origin)).await,
            "{status} {shown}"
        );
    }
}

#[tokio::test]
async fn a_silent_machine_endpoint_is_not_in_azure_and_a_silent_app_endpoint_is_unreachable() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let [machine, _] = of_machine(&origin);
    let error = machine.token().await.unwrap_err();
    assert!(error.downcast_ref::<Absent>().is_some(), "{error}");
    assert!(
        error.to_string().contains("not a machine in Azure"),
        "{error}"
    );
    let error = of_app(&origin).token().await.unwrap_err();
    let error = error.downcast_ref::<Error>().unwrap();
    assert_eq!(error.io_kind(), Some(std::io::ErrorKind::ConnectionRefused));
}

#[tokio::test]
async fn a_restarting_endpoint_is_called_again() {
    for (status, asked) in [(404, 3), (410, 3), (403, 1)] {
        let body = r#"{"error":"x","error_description":"no"}"#;
        let server = Scripted::new(move |_| response(status, "", body)).await;
        let [machine, _] = of_machine(&server.origin);
        let client = Client::builder().base_url(format!("{}/beta", server.origin));
        let client = client.token_source(machine).retry(swift().attempts(3));
        let error = client.build().unwrap().list_incidents().await.unwrap_err();
        assert!(error.is_unauthenticated(), "{error}");
        assert_eq!(server.count("/metadata/"), asked, "{status}");
    }
}

#[tokio::test]
async fn the_header_of_an_app_is_not_sent_without_encryption() {
    let variables = [
        ("IDENTITY_ENDPOINT", "http://192.0.2.1/msi"),
        ("IDENTITY_HEADER", "seeded-header"),
    ];
    let variables: Variables = variables.into_iter().collect();
    let error = ManagedIdentity::of(&variables, None)
        .token()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("unencrypted"), "{error}");
    assert!(!format!("{error:?}").contains("seeded-header"), "{error:?}");
}

/// The proxy of an environment can only be set from outside, so the test starts itself with one.
#[tokio::test]
async fn managed_identity_endpoints_ignore_the_proxy_of_the_environment() {
    const NAME: &str = "identities::managed_identity_endpoints_ignore_the_proxy_of_the_environment";
    if let Ok(origin) = std::env::var("MACHINE_OF_THE_TEST") {
        let [machine, _] = of_machine(&origin);
        machine.token().await.unwrap();
        return println!("a token was granted");
    }
    let machine = Scripted::new(|_| token("own")).await;
    let proxy = Scripted::new(|_| token("stolen")).await;
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", NAME, "--nocapture"]);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        again.env(name, &proxy.origin);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        again.env_remove(name);
    }
    again.env("MACHINE_OF_THE_TEST", &machine.origin);
    let ran = tokio::task::spawn_blocking(move || again.output());
    let written = ran.await.unwrap().unwrap().stdout;
    let written = String::from_utf8_lossy(&written);
    assert!(written.contains("a token was granted"), "{written}");
    assert_eq!(machine.count("/metadata/"), 1);
    assert_eq!(proxy.requests(), [""; 0]);
}
