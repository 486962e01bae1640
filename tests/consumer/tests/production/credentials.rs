//! Credentials without other crates, each against the simulator's endpoints, and chains of them.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use graph_incidents::auth::{
    Absent, AzureCli, Chain, ClientCredentials, DeviceCode, ManagedIdentity, TokenSource, Variables,
};
use graph_incidents::{Cloud, Error};
use graph_incidents_simulator::Simulator;

use super::scripted::{Scripted, response, token};
use super::{REFERENCE, client};

async fn works(simulator: &Simulator, source: impl TokenSource + 'static) -> Result<(), Error> {
    let client = client(simulator).token_source(source).build()?;
    client.get_incident(REFERENCE).await.map(drop)
}

/// A certificate with its RSA key, both as PEM.
fn certificate() -> (String, String) {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let parameters = rcgen::CertificateParams::new(vec!["app.contoso.example".to_owned()]).unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

/// A file that only this process uses.
fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("graph-incidents-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn an_application_signs_in_with_its_certificate() {
    let (certificate, key) = certificate();
    let simulator = Simulator::builder()
        .certificate(certificate.clone())
        .start()
        .await
        .unwrap();
    let with = |pem: &str| {
        ClientCredentials::from_certificate(
            simulator.tenant_id(),
            simulator.client_id(),
            pem.as_bytes(),
        )
        .map(|source| source.authority(simulator.origin()))
    };
    let source = with(&format!("{certificate}{key}")).unwrap();
    let shown = format!("{source:?}");
    assert!(shown.contains(simulator.client_id()), "{shown}");
    assert!(!shown.contains("PRIVATE"), "{shown}");
    // Each assertion works for one sign-in.
    source.token().await.unwrap();
    works(&simulator, source).await.unwrap();
    for (pem, reason) in [
        (String::new(), "no PEM certificate"),
        (certificate.clone(), "no PEM private key"),
        (
            format!("{certificate}{}", self::certificate().1),
            "does not belong to the first certificate",
        ),
        (
            format!(
                "{certificate}-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
            ),
            "encrypted",
        ),
    ] {
        let error = with(&pem).unwrap_err();
        assert!(
            error.is_refused() && error.to_string().contains(reason),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_workload_signs_in_with_a_federated_token() {
    let simulator = Simulator::builder().start().await.unwrap();
    let path = file("federated", &format!("{}\n", simulator.federated_token()));
    let source =
        ClientCredentials::from_token_file(simulator.tenant_id(), simulator.client_id(), &path)
            .unwrap()
            .authority(simulator.origin());
    works(&simulator, source).await.unwrap();
    let missing = ClientCredentials::from_token_file(
        simulator.tenant_id(),
        simulator.client_id(),
        "/no/such/file",
    )
    .unwrap()
    .authority(simulator.origin());
    let error = works(&simulator, missing).await.unwrap_err();
    assert!(error.to_string().contains("/no/such/file"), "{error}");
    assert_eq!(error.io_kind(), Some(std::io::ErrorKind::NotFound));
    std::fs::remove_file(path).unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_federated_token_without_an_end_is_an_error() {
    let simulator = Simulator::builder().start().await.unwrap();
    let source = ClientCredentials::from_token_file("tenant", "client", "/dev/zero");
    let source = source.unwrap().authority(simulator.origin());
    let error = works(&simulator, source).await.unwrap_err();
    assert_eq!(error.io_kind(), Some(std::io::ErrorKind::FileTooLarge));
}

#[tokio::test]
async fn machines_and_apps_sign_in_with_their_managed_identity() {
    let simulator = Simulator::builder().start().await.unwrap();
    let machine = || ManagedIdentity::system_assigned().machine_endpoint(simulator.origin());
    works(&simulator, machine()).await.unwrap();
    let app = |header: &str, id: Option<&str>| {
        let variables: Variables = [
            ("IDENTITY_ENDPOINT", simulator.app_identity_url().as_str()),
            ("IDENTITY_HEADER", header),
        ]
        .into_iter()
        .collect();
        ManagedIdentity::of(&variables, id.map(str::to_owned))
    };
    works(&simulator, app(simulator.app_identity_header(), None))
        .await
        .unwrap();
    works(
        &simulator,
        app(simulator.app_identity_header(), Some(simulator.client_id())),
    )
    .await
    .unwrap();
    let error = works(&simulator, app("no such header", None))
        .await
        .unwrap_err();
    assert!(error.is_unauthenticated(), "{error}");
    assert!(!error.to_string().contains("no such header"), "{error}");
    let error = works(
        &simulator,
        app(simulator.app_identity_header(), Some("other")),
    )
    .await;
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("Identity not found")
    );
}

#[tokio::test]
async fn managed_identity_endpoints_are_called_without_proxy_and_redirects() {
    let proxy = Scripted::new(|_| token("stolen")).await;
    let simulator = Simulator::builder().start().await.unwrap();
    let machine = ManagedIdentity::system_assigned().machine_endpoint(simulator.origin());
    let client = client(&simulator)
        .proxy(&proxy.origin)
        .token_source(machine)
        .build()
        .unwrap();
    let error = client.get_incident(REFERENCE).await;
    // The call went to the proxy, and the sign-in did not.
    assert!(error.is_err());
    assert_eq!(simulator.ledger().sign_ins().len(), 1);
    assert_eq!(proxy.count("/metadata/"), 0);
    assert_eq!(proxy.count("/security/incidents/"), proxy.requests().len());

    let location = format!(
        "location: {}/metadata/identity/oauth2/token\r\n",
        proxy.origin
    );
    let redirecting = Scripted::new(move |_| response(302, &location, "")).await;
    let machine = ManagedIdentity::system_assigned().machine_endpoint(&redirecting.origin);
    let error = machine.token().await.unwrap_err();
    assert!(error.to_string().contains("redirects"), "{error}");
    assert_eq!(proxy.count("/metadata/"), 0);
}

/// A command that prints this, in place of `az`.
fn command(name: &str, script: &str) -> PathBuf {
    let path = file(name, &format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path
}

#[tokio::test]
async fn the_token_of_the_azure_cli_is_used() {
    let simulator = Simulator::builder().start().await.unwrap();
    let token = simulator.token();
    let az = command(
        "az-good",
        &format!(
            r#"test "$*" = "account get-access-token --output json --scope https://graph.microsoft.com/.default --tenant contoso" || exit 9
echo '{{"accessToken":"{token}","expiresOn":"2099-01-01 00:00:00.000000","expires_on":4070908800,"tokenType":"Bearer"}}'"#
        ),
    );
    let source = AzureCli::new().command(&az).tenant("contoso");
    works(&simulator, source).await.unwrap();
    let signed_out = command(
        "az-out",
        "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
    );
    let error = AzureCli::new()
        .command(&signed_out)
        .token()
        .await
        .unwrap_err();
    assert!(error.downcast_ref::<Absent>().is_some(), "{error}");
    let refused = command(
        "az-no",
        "echo 'ERROR: AADSTS50079: run az login' >&2; exit 1",
    );
    let error = AzureCli::new().command(&refused).token().await.unwrap_err();
    assert!(error.downcast_ref::<Absent>().is_none(), "{error}");
    let error = AzureCli::new()
        .command("/no/such/az")
        .token()
        .await
        .unwrap_err();
    assert!(error.downcast_ref::<Absent>().is_some(), "{error}");
    // It is there, but cannot be run.
    let broken = file("az-broken", "");
    let error = AzureCli::new().command(&broken).token().await.unwrap_err();
    assert!(error.downcast_ref::<Absent>().is_none(), "{error}");
    let client = client(&simulator).token_source(AzureCli::new().tenant("a & b"));
    assert!(client.build().unwrap_err().is_refused());
    for path in [az, signed_out, refused, broken] {
        std::fs::remove_file(path).unwrap();
    }
}

/// A chain in which only the sources of the variables are available, and `az` has somebody else's token.
async fn chain(pairs: &[(&str, &str)], machine: &Scripted, az: &Path) -> Chain {
    let mut all = vec![("AZURE_POD_IDENTITY_AUTHORITY_HOST", machine.origin.as_str())];
    all.extend_from_slice(pairs);
    let variables: Variables = all.into_iter().collect();
    Chain::with_variables_and_cli(&variables, Cloud::Global, AzureCli::new().command(az))
}

#[tokio::test]
async fn a_chain_uses_the_first_available_source_and_reports_what_it_tried() {
    let nobody = Scripted::new(|_| response(404, "", "<html>no such page</html>")).await;
    let simulator = Simulator::builder().start().await.unwrap();
    let missing = Path::new("/no/such/az");
    let error = works(&simulator, chain(&[], &nobody, missing).await)
        .await
        .unwrap_err();
    let shown = error.message();
    for part in [
        "no credential is available",
        "environment: neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set",
        "workload identity: AZURE_FEDERATED_TOKEN_FILE is not set",
        "managed identity: ",
        "az: the command `/no/such/az` was not found",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    let origin = simulator.origin();
    let application = [
        ("AZURE_TENANT_ID", simulator.tenant_id()),
        ("AZURE_CLIENT_ID", simulator.client_id()),
        ("AZURE_AUTHORITY_HOST", origin.as_str()),
    ];
    let mut secret = application.to_vec();
    secret.push(("AZURE_CLIENT_SECRET", simulator.client_secret()));
    works(&simulator, chain(&secret, &nobody, missing).await)
        .await
        .unwrap();
    let path = file("chain-federated", simulator.federated_token());
    let mut workload = application.to_vec();
    workload.push(("AZURE_FEDERATED_TOKEN_FILE", path.to_str().unwrap()));
    works(&simulator, chain(&workload, &nobody, missing).await)
        .await
        .unwrap();
    std::fs::remove_file(path).unwrap();
    let machine = [("AZURE_POD_IDENTITY_AUTHORITY_HOST", origin.as_str())];
    works(&simulator, chain(&machine, &nobody, missing).await)
        .await
        .unwrap();
    let token = simulator.token();
    let az = command(
        "chain-az",
        &format!(r#"echo '{{"accessToken":"{token}"}}'"#),
    );
    works(&simulator, chain(&[], &nobody, &az).await)
        .await
        .unwrap();
    std::fs::remove_file(az).unwrap();
}

#[tokio::test]
async fn a_wrong_secret_never_falls_back_to_somebody_else_s_login() {
    let nobody = Scripted::new(|_| response(404, "", "")).await;
    let simulator = Simulator::builder().start().await.unwrap();
    let token = simulator.token();
    let az = command(
        "chain-other",
        &format!(r#"echo '{{"accessToken":"{token}"}}'"#),
    );
    let origin = simulator.origin();
    let application = [
        ("AZURE_TENANT_ID", simulator.tenant_id()),
        ("AZURE_CLIENT_ID", simulator.client_id()),
        ("AZURE_AUTHORITY_HOST", origin.as_str()),
    ];
    for (wrong, expected) in [
        (
            ("AZURE_CLIENT_SECRET", "no such secret"),
            "environment: identity provider: 401 invalid_client",
        ),
        (
            ("AZURE_CLIENT_CERTIFICATE_PATH", "/no/such.pem"),
            "failed to read /no/such.pem",
        ),
        (
            ("AZURE_FEDERATED_TOKEN_FILE", "/no/such"),
            "federated token file /no/such",
        ),
    ] {
        let mut pairs = application.to_vec();
        pairs.push(wrong);
        let error = works(&simulator, chain(&pairs, &nobody, &az).await)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!error.to_string().contains("no such secret"), "{error}");
    }
    // An incomplete configuration is not skipped.
    let half = [("AZURE_CLIENT_SECRET", "s"), ("AZURE_CLIENT_ID", "id")];
    let error = works(&simulator, chain(&half, &nobody, &az).await)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("AZURE_TENANT_ID is not"),
        "{error}"
    );
    assert_eq!(simulator.ledger().requests().len(), 0);
    std::fs::remove_file(az).unwrap();
}

#[tokio::test]
async fn a_person_is_asked_only_if_the_chain_says_so() {
    let nobody = Scripted::new(|_| response(404, "", "")).await;
    let simulator = Simulator::builder()
        .device_code_interval(0)
        .sign_in_after_polls(Some(1))
        .start()
        .await
        .unwrap();
    let person = DeviceCode::new(simulator.tenant_id(), simulator.client_id(), |_| {})
        .unwrap()
        .authority(simulator.origin());
    let chain = chain(&[], &nobody, Path::new("/no/such/az")).await;
    works(&simulator, chain.or_device_code(person))
        .await
        .unwrap();
}
