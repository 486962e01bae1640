//! An identifier is one path segment, whatever it contains.

use graph_incidents::types::{IncidentCommentCreate, IncidentUpdate};

use super::{connected, sent};

#[tokio::test]
async fn no_identifier_escapes_its_segment() {
    let (simulator, client) = connected().await;
    let update = IncidentUpdate::new().summary("a");
    let comment = IncidentCommentCreate::new("a");
    for id in [
        "", ".", "..", "%2e%2e", "%2E", ".%2e", "a\nb", "a\0b", "%00",
    ] {
        assert!(
            client.get_incident(id).await.unwrap_err().is_refused(),
            "{id:?}"
        );
        assert!(
            client
                .update_incident(id, &update)
                .await
                .unwrap_err()
                .is_refused(),
            "{id:?}"
        );
        assert!(
            client
                .create_incident_comment(id, &comment)
                .await
                .unwrap_err()
                .is_refused(),
            "{id:?}"
        );
        assert!(
            client
                .list_incident_alerts(id)
                .await
                .unwrap_err()
                .is_refused(),
            "{id:?}"
        );
        assert!(
            client
                .get_incident_alert("1", id)
                .await
                .unwrap_err()
                .is_refused(),
            "{id:?}"
        );
    }
    assert_eq!(sent(&simulator), 0, "a refused identifier was sent");

    for (id, target) in [
        ("a/b?c", "/beta/security/incidents/a%2Fb%3Fc"),
        (r"a\b", "/beta/security/incidents/a%5Cb"),
        ("../x", "/beta/security/incidents/..%2Fx"),
        ("%2f", "/beta/security/incidents/%252f"),
        ("a#b", "/beta/security/incidents/a%23b"),
    ] {
        let error = client.get_incident(id).await.unwrap_err();
        assert!(error.is_not_found(), "{id:?}: {error}");
        assert_eq!(simulator.ledger().requests().pop().unwrap().target, target);
    }
}
