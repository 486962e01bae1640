//! The README's first program prints what the README shows.

use graph_incidents::Client;
use graph_incidents::types::{AlertClassification, AlertDetermination, IncidentUpdate};
use graph_incidents_simulator::Simulator;

const README: &str = include_str!("../../../README.md");

#[tokio::test]
async fn the_first_program_prints_the_output_below_it() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .build()
        .unwrap();
    let update = IncidentUpdate::new()
        .classification(AlertClassification::TruePositive)
        .determination(AlertDetermination::MultiStagedAttack)
        .custom_tags(["Demo"])
        .clear_assigned_to();
    let incident = client.update_incident("2972395", &update).await.unwrap();
    let printed = format!(
        "{}: {}, {:?}",
        incident.id,
        incident.classification.unwrap(),
        incident.custom_tags.unwrap()
    );
    assert!(
        README.contains(&format!("```text\n{printed}\n```")),
        "the README does not show: {printed}"
    );

    let shown = README
        .split_once("with the body `")
        .unwrap()
        .1
        .split('`')
        .next()
        .unwrap();
    assert_eq!(
        shown.replace('\n', ""),
        serde_json::to_string(&update).unwrap()
    );
    assert_eq!(simulator.ledger().writes().len(), 1);
}

#[tokio::test]
async fn the_first_error_for_each_missing_thing_is_listed() {
    use graph_incidents::auth::{AzureCli, Chain, Variables};
    use graph_incidents::{Cloud, RetryPolicy};

    let shown = |text: &str| {
        let listed = README.split("| missing | first error |").nth(1).unwrap();
        assert!(listed.contains(text), "the README does not list: {text}");
    };
    let error = Client::builder().build().unwrap_err().to_string();
    assert_eq!(
        error,
        "a client needs a token: call `token` or `token_source`"
    );
    shown(&error);

    let simulator = Simulator::builder()
        .permissions([""; 0])
        .start()
        .await
        .unwrap();
    let token = simulator.application_token([""; 0], None);
    let client = Client::builder()
        .base_url(simulator.base_url())
        .retry(RetryPolicy::none());
    let error = client
        .token(token)
        .build()
        .unwrap()
        .list_incidents()
        .await
        .unwrap_err();
    for part in [
        "403 Forbidden: Missing application roles. ",
        "(grant one of: SecurityIncident.Read.All, ",
    ] {
        assert!(error.to_string().contains(part), "{error}");
        shown(part);
    }

    let nobody: Variables = [("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1")]
        .into_iter()
        .collect();
    let chain =
        Chain::with_variables_and_cli(&nobody, Cloud::Global, AzureCli::new().command("/no/az"));
    let client = Client::builder()
        .base_url(simulator.base_url())
        .retry(RetryPolicy::none());
    let error = client
        .token_source(chain)
        .build()
        .unwrap()
        .list_incidents()
        .await
        .unwrap_err();
    let part = "failed to acquire a token: no credential is available: environment: neither AZURE_CLIENT_SECRET nor ";
    assert!(error.to_string().contains(part), "{error}");
    shown(part);
}
