//! Tenants of any size, tenants from a file, and changes that the service makes by itself.

use std::time::Duration;

use graph_incidents_simulator::Simulator;
use serde_json::{Value, json};

use crate::support::{all_pages, get, ids, patch, plain, started};

#[tokio::test]
async fn a_generated_tenant_is_listed_filtered_and_written_like_any_other() {
    let simulator = started(Simulator::builder().incidents(2_000).seed(3)).await;
    assert_eq!(get(&simulator, "/incidents/$count").await.text(), "2001");
    let all = all_pages(&simulator, "/incidents").await;
    assert_eq!(ids(&all), simulator.incident_ids());
    let active = all_pages(&simulator, "/incidents?$filter=status%20eq%20'active'").await;
    let expected: Vec<Value> = all
        .iter()
        .filter(|incident| incident["status"] == "active")
        .cloned()
        .collect();
    assert_eq!(active, expected);
    let id = "3000123";
    let alerts = simulator.alerts(id).unwrap();
    let before = simulator.incident(id).unwrap();
    let after = patch(&simulator, id, json!({"summary": "written"}))
        .await
        .json();
    assert_eq!(
        (&after["summary"], &after["displayName"]),
        (&json!("written"), &before["displayName"])
    );
    assert_eq!(simulator.alerts(id).unwrap(), alerts);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_tenant() {
    let build = || Simulator::builder().incidents(100).seed(9);
    let (one, other) = (started(build()).await, started(build()).await);
    for id in one.incident_ids() {
        assert_eq!(one.incident(&id), other.incident(&id));
        assert_eq!(one.alerts(&id), other.alerts(&id));
    }
}

#[tokio::test]
async fn a_tenant_can_be_loaded_from_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let incident = json!({"id": "1", "status": "active", "createdDateTime": "2026-01-01T00:00:00Z", "alerts": [{"id": "a", "title": "x"}]});
    std::fs::write(file.path(), json!({"value": [incident]}).to_string()).unwrap();
    let simulator = started(Simulator::builder().from_file(file.path())).await;
    assert_eq!(simulator.incident_ids(), ["1"]);
    assert_eq!(
        get(&simulator, "/incidents/1/alerts").await.json()["value"],
        json!([{"id": "a", "title": "x"}])
    );
    let error = Simulator::builder()
        .from_file("/no/such/file")
        .start()
        .await
        .err()
        .unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}

#[tokio::test]
async fn the_service_changes_incidents_by_itself() {
    let simulator = started(
        Simulator::builder()
            .scheduled(
                Duration::from_millis(1),
                "2972395",
                json!({"status": "resolved", "resolvingComment": "by itself"}),
            )
            .changes_every(Duration::from_millis(1)),
    )
    .await;
    while simulator.ledger().write_count() < 5 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let writes = simulator.ledger().writes();
    assert!(writes.iter().all(|write| write.operation == "service"));
    let own = writes.iter().find(|write| {
        write.incident == "2972395" && write.change["resolvingComment"] == "by itself"
    });
    assert!(own.is_some(), "{writes:?}");
}

#[tokio::test]
async fn responses_are_compressed_if_the_client_accepts_it() {
    use std::io::Read;
    let simulator = plain().await;
    let authorization = format!("Bearer {}", simulator.token());
    let plain = get(&simulator, "/incidents").await;
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Accept-Encoding", "deflate, gzip"),
    ];
    let packed =
        crate::support::send(&simulator, "GET", "/beta/security/incidents", &headers, "").await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() < plain.body.len() / 2);
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed.body.as_slice())
        .read_to_end(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, plain.body);
}

/// The pages of a list do not depend on whether an index is walked or candidates are sorted.
#[tokio::test]
async fn rare_values_at_the_end_of_an_order_are_found() {
    let simulator = started(Simulator::builder().incidents(3_000).seed(5)).await;
    // So far from the start that a walk along an index takes long.
    let oldest_first = all_pages(&simulator, "/incidents?$orderby=createdDateTime%20asc").await;
    let newest: Vec<String> = ids(&oldest_first).split_off(oldest_first.len() - 9);
    for id in &newest {
        patch(&simulator, id, json!({"assignedTo": "far@contoso.example"})).await;
    }
    let query =
        "$top=4&$filter=assignedTo%20eq%20'far@contoso.example'&$orderby=createdDateTime%20asc";
    let found = all_pages(&simulator, &format!("/incidents?{query}")).await;
    assert_eq!(ids(&found), newest);
    for order in [
        "lastUpdateDateTime%20asc",
        "createdDateTime%20desc",
        "lastUpdateDateTime%20desc",
    ] {
        let all = all_pages(&simulator, &format!("/incidents?$orderby={order}")).await;
        for status in ["active", "resolved", "inProgress", "redirected"] {
            let query = format!("$top=7&$filter=status%20eq%20'{status}'&$orderby={order}");
            let found = all_pages(&simulator, &format!("/incidents?{query}")).await;
            let has_status = |incident: &&Value| incident["status"] == status;
            let expected: Vec<Value> = all.iter().filter(has_status).cloned().collect();
            assert_eq!(ids(&found), ids(&expected), "{status} by {order}");
        }
    }
}
