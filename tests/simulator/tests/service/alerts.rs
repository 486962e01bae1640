//! The tenant's alerts: lists, updates, comments, and moves between incidents.

use serde_json::{Value, json};

use graph_incidents_simulator::{Fault, FaultRule, Simulator};

use crate::support::{all_pages, attempt, get, ids, plain, post, send, started};

const MOVE: &str = "/alerts_v2/microsoft.graph.security.moveAlerts";
const ALERT: &str = "da02972395637659_1";
const OTHER: &str = "da02972395637659_2";

async fn update(simulator: &Simulator, id: &str, body: Value) -> crate::support::Reply {
    let target = format!("/alerts_v2/{id}");
    attempt(simulator, "PATCH", &target, body).await.unwrap()
}

#[tokio::test]
async fn every_alert_of_every_incident_is_listed_once_newest_first() {
    for builder in [Simulator::builder(), Simulator::builder().incidents(150)] {
        let simulator = started(builder).await;
        let listed = all_pages(&simulator, "/alerts_v2?$top=40").await;
        let mut expected: Vec<Value> = Vec::new();
        for incident in simulator.incident_ids() {
            expected.extend(simulator.alerts(&incident).unwrap());
        }
        let (mut found, mut wanted) = (ids(&listed), ids(&expected));
        let times: Vec<&str> = listed
            .iter()
            .map(|alert| alert["createdDateTime"].as_str().unwrap())
            .collect();
        assert!(times.is_sorted_by(|one, next| one >= next));
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted);
        for id in found.iter().step_by(17) {
            let read = get(&simulator, &format!("/alerts_v2/{id}")).await;
            assert_eq!(read.json()["id"], **id);
        }
    }
}

#[tokio::test]
async fn lists_filter_sort_select_and_count_like_those_of_incidents() {
    let simulator = started(Simulator::builder().incidents(200).seed(3)).await;
    let all = all_pages(&simulator, "/alerts_v2").await;
    let filter = "severity eq 'high' and status ne 'resolved'".replace(' ', "%20");
    let target = format!("/alerts_v2?$filter={filter}&$count=true&$top=5&$select=id,severity");
    let first = get(&simulator, &target).await.json();
    let matching = all
        .iter()
        .filter(|alert| alert["severity"] == "high" && alert["status"] != "resolved");
    assert_eq!(first["@odata.count"], matching.count());
    assert_eq!(first["value"][0].as_object().unwrap().len(), 2);
    let ordered = all_pages(&simulator, "/alerts_v2?$orderby=lastUpdateDateTime&$top=33").await;
    assert_eq!(ordered.len(), all.len());
    let times: Vec<&str> = ordered
        .iter()
        .map(|alert| alert["lastUpdateDateTime"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted());
    for (target, status) in [
        ("/alerts_v2?$expand=evidence", 400),
        ("/alerts_v2?$search=x", 400),
        ("/alerts_v2?$top=0", 400),
        ("/alerts_v2?$filter=colour%20eq%20'x'", 400),
        ("/alerts_v2/da404_1", 404),
    ] {
        assert_eq!(get(&simulator, target).await.status, status, "{target}");
    }
}

#[tokio::test]
async fn a_page_continues_at_its_position_while_alerts_change() {
    let simulator = plain().await;
    let first = get(&simulator, "/alerts_v2?$orderby=lastUpdateDateTime&$top=10").await;
    let first = first.json();
    let seen = ids(first["value"].as_array().unwrap());
    // The first ones move to the end.
    for id in &seen {
        update(&simulator, id, json!({"status": "inProgress"})).await;
    }
    let link = first["@odata.nextLink"].as_str().unwrap();
    let link = link.strip_prefix("http://simulator.test").unwrap();
    let rest = ids(&all_pages(&simulator, link).await);
    let all = ids(&all_pages(&simulator, "/alerts_v2").await);
    assert!(all.iter().all(|id| seen.contains(id) || rest.contains(id)));
    let named = all_pages(&simulator, "/alerts_v2?$orderby=severity,id&$top=7").await;
    let (mut named, mut all) = (ids(&named), all);
    named.sort();
    all.sort();
    assert_eq!(named, all);
}

#[tokio::test]
async fn pages_in_any_order_are_full_until_the_last_which_has_no_link() {
    let simulator = started(Simulator::builder().incidents(40).seed(3)).await;
    let rank = |alert: &Value| {
        let text = |name: &str| alert[name].as_str().unwrap().to_owned();
        (text("severity"), text("id"))
    };
    let mut expected = all_pages(&simulator, "/alerts_v2").await;
    expected.sort_by(|one, next| {
        let (one, next) = (rank(one), rank(next));
        next.0.cmp(&one.0).then(one.1.cmp(&next.1))
    });
    let expected = ids(&expected);
    let ordered = "/alerts_v2?$orderby=severity%20desc,id";
    // With a page that is exactly the last one, too.
    for (skip, top) in [(0, 7), (3, 7), (expected.len() % 5, 5), (expected.len(), 5)] {
        let mut next = Some(format!("{ordered}&$top={top}&$skip={skip}"));
        let mut pages: Vec<Vec<String>> = Vec::new();
        while let Some(target) = next {
            let page = get(&simulator, &target).await.json();
            pages.push(ids(page["value"].as_array().unwrap()));
            let link = page["@odata.nextLink"].as_str();
            next = link.map(|link| link.replace("http://simulator.test", ""));
        }
        assert_eq!(pages.concat(), expected[skip..], "{skip} {top}");
        let wanted = (expected.len() - skip).div_ceil(top).max(1);
        assert_eq!(pages.len(), wanted, "{skip} {top}");
        for page in &pages[..pages.len() - 1] {
            assert_eq!(page.len(), top, "{skip} {top}");
        }
    }
}

#[tokio::test]
async fn an_update_changes_its_four_properties_and_not_the_incident() {
    let simulator = plain().await;
    let (before, incident) = (
        simulator.alert(ALERT).unwrap(),
        simulator.incident("2972395"),
    );
    let body = json!({
        "status": "Resolved", "classification": "truePositive", "determination": "malware", "assignedTo": "a@b.example",
    });
    let reply = update(&simulator, ALERT, body.clone()).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let after = reply.json();
    assert_eq!(after["status"], "resolved");
    assert_eq!(after["determination"], "malware");
    assert_eq!(after["resolvedDateTime"], after["lastUpdateDateTime"]);
    assert!(after["lastUpdateDateTime"].as_str() > before["lastUpdateDateTime"].as_str());
    assert_eq!(
        simulator.alert(ALERT).unwrap()["evidence"],
        before["evidence"]
    );
    assert_eq!(simulator.incident("2972395"), incident);
    let cleared = update(&simulator, ALERT, json!({"assignedTo": null}))
        .await
        .json();
    assert_eq!(
        (&cleared["assignedTo"], &cleared["status"]),
        (&Value::Null, &json!("resolved"))
    );
    let through = get(&simulator, &format!("/incidents/2972395/alerts/{ALERT}")).await;
    assert_eq!(through.json()["status"], "resolved");
    let writes = simulator.ledger().writes();
    assert_eq!(writes[0].operation, "updateAlert");
    assert_eq!(
        (writes[0].alert.as_deref(), writes[0].incident.as_str()),
        (Some(ALERT), "2972395")
    );
    assert_eq!(writes.len(), 2);
}

#[tokio::test]
async fn properties_that_are_not_writable_are_refused_and_nothing_changes() {
    let simulator = plain().await;
    let before = simulator.alert(ALERT);
    for (body, word) in [
        (json!({}), "nothing"),
        (json!({"severity": "high"}), "read-only"),
        (json!({"customTags": ["x"]}), "customTags"),
        (json!({"comments": []}), "read-only"),
        (json!({"status": "redirected"}), "redirected"),
        (json!({"status": null}), "null"),
    ] {
        let reply = update(&simulator, ALERT, body.clone()).await;
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.error().1.contains(word), "{body}: {}", reply.text());
    }
    assert_eq!(
        update(&simulator, "da404_1", json!({"status": "new"}))
            .await
            .status,
        404
    );
    assert_eq!(simulator.alert(ALERT), before);
    assert_eq!(simulator.ledger().write_count(), 0);
}

#[tokio::test]
async fn comments_are_appended_and_all_are_returned() {
    let simulator = plain().await;
    let target = format!("/alerts_v2/{ALERT}/comments");
    for (count, text) in ["one", "two"].into_iter().enumerate() {
        let body = json!({"@odata.type": "microsoft.graph.security.alertComment", "comment": text});
        let reply = post(&simulator, &target, body).await.json();
        assert_eq!(reply["value"].as_array().unwrap().len(), count + 1);
        assert_eq!(reply["value"][count]["comment"], text);
    }
    assert_eq!(
        simulator.alert(ALERT).unwrap()["comments"][1]["comment"],
        "two"
    );
    assert!(simulator.incident("2972395").unwrap()["comments"][1].is_null());
}

#[tokio::test]
async fn a_move_changes_both_incidents_and_the_alert() {
    let simulator = plain().await;
    let (source, target) = ("2972395", "2972300");
    let held = simulator.alerts(target).unwrap().len();
    let updated = |id: &str| simulator.incident(id).unwrap()["lastUpdateDateTime"].clone();
    let before = (updated(source), updated(target));
    let body = json!({"alertIds": [ALERT], "incidentId": target, "alertComment": "elsewhere", "newCorrelationReasons": "sameAsset, temporalProximity"});
    let reply = post(&simulator, MOVE, body).await;
    assert_eq!(reply.json()["targetIncidentId"], target, "{}", reply.text());
    assert_eq!(ids(&simulator.alerts(source).unwrap()), [OTHER]);
    assert_eq!(simulator.alerts(target).unwrap().len(), held + 1);
    let alert = simulator.alert(ALERT).unwrap();
    assert_eq!(alert["incidentId"], target);
    assert_eq!(alert["comments"][0]["comment"], "elsewhere");
    assert_ne!(updated(source), before.0);
    assert_ne!(updated(target), before.1);
    let writes = simulator.ledger().writes();
    let written: Vec<_> = writes
        .iter()
        .map(|one| (one.incident.as_str(), one.alert.as_deref()))
        .collect();
    assert_eq!(
        written,
        [(target, Some(ALERT)), (source, None), (target, None)]
    );
    // It is already there, so nothing is written.
    let body = json!({"alertIds": [ALERT], "incidentId": target});
    assert_eq!(
        post(&simulator, "/alerts_v2/moveAlerts", body).await.status,
        200
    );
    assert_eq!(simulator.ledger().write_count(), 3);
}

#[tokio::test]
async fn null_opens_a_new_incident_and_an_incident_without_alerts_stays() {
    let simulator = started(Simulator::builder().incidents(20)).await;
    let source = simulator
        .incident_ids()
        .into_iter()
        .find(|id| !simulator.alerts(id).unwrap().is_empty());
    let source = source.unwrap();
    let moved = ids(&simulator.alerts(&source).unwrap());
    let count = simulator.incident_count();
    let body = json!({"alertIds": moved, "incidentId": null});
    let opened = post(&simulator, MOVE, body).await.json()["targetIncidentId"].clone();
    let opened = opened.as_str().unwrap();
    assert_eq!(simulator.incident_count(), count + 1);
    assert_eq!(ids(&simulator.alerts(opened).unwrap()), moved);
    assert_eq!(simulator.alerts(&source), Some(Vec::new()));
    let incident = get(&simulator, &format!("/incidents/{opened}?$expand=alerts"))
        .await
        .json();
    assert_eq!(incident["status"], "active");
    assert_eq!(ids(incident["alerts"].as_array().unwrap()), moved);
    let again = post(
        &simulator,
        MOVE,
        json!({"alertIds": moved, "incidentId": null}),
    )
    .await
    .json();
    assert_ne!(again["targetIncidentId"], opened);
}

#[tokio::test]
async fn a_refused_move_moves_nothing() {
    let simulator = plain().await;
    let merge = "/incidents/microsoft.graph.security.mergeIncidents";
    let merged = json!({"incidentIds": ["2972300", "2972293"]});
    let target = post(&simulator, merge, merged).await.json()["targetIncidentId"].clone();
    let redirected = if target == "2972300" {
        "2972293"
    } else {
        "2972300"
    };
    let before = simulator.ledger().write_count();
    for (body, status) in [
        (json!({"alertIds": [ALERT]}), 400),
        (json!({"alertIds": [], "incidentId": null}), 400),
        (json!({"incidentId": null}), 400),
        (
            json!({"alertIds": [ALERT, "da404_1"], "incidentId": null}),
            404,
        ),
        (json!({"alertIds": [ALERT], "incidentId": "404"}), 404),
        (json!({"alertIds": [ALERT], "incidentId": redirected}), 400),
        (
            json!({"alertIds": [ALERT], "incidentId": null, "newCorrelationReasons": "hunch"}),
            400,
        ),
    ] {
        assert_eq!(
            post(&simulator, MOVE, body.clone()).await.status,
            status,
            "{body}"
        );
    }
    assert_eq!(simulator.ledger().write_count(), before);
    assert_eq!(simulator.alert(ALERT).unwrap()["incidentId"], "2972395");
}

#[tokio::test]
async fn moving_needs_the_permission_to_write_incidents_too() {
    let simulator = plain().await;
    let body = json!({"alertIds": [ALERT], "incidentId": null}).to_string();
    for (roles, status) in [
        (vec!["SecurityAlert.ReadWrite.All"], 403),
        (vec!["SecurityIncident.ReadWrite.All"], 403),
        (
            vec![
                "SecurityAlert.ReadWrite.All",
                "SecurityIncident.ReadWrite.All",
            ],
            200,
        ),
    ] {
        let token = format!(
            "Bearer {}",
            simulator.application_token(roles.clone(), None)
        );
        let headers = [
            ("Authorization", token.as_str()),
            ("Content-Type", "application/json"),
        ];
        let target = format!("/beta/security{MOVE}");
        let reply = send(&simulator, "POST", &target, &headers, &body).await;
        assert_eq!(reply.status, status, "{roles:?}");
    }
}

#[tokio::test]
async fn written_alerts_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let builder = || Simulator::builder().incidents(30).seed(5).state(&path);
    let simulator = started(builder()).await;
    let first = all_pages(&simulator, "/alerts_v2").await;
    let (one, other) = (
        first[0]["id"].as_str().unwrap(),
        first[9]["id"].as_str().unwrap(),
    );
    update(&simulator, one, json!({"assignedTo": "kept"})).await;
    let opened = post(
        &simulator,
        MOVE,
        json!({"alertIds": [other], "incidentId": null}),
    )
    .await
    .json();
    let opened = opened["targetIncidentId"].as_str().unwrap().to_owned();
    let expected = (simulator.alert(one), simulator.alert(other));
    simulator.stop().await;
    let simulator = started(builder()).await;
    assert_eq!((simulator.alert(one), simulator.alert(other)), expected);
    assert_eq!(ids(&simulator.alerts(&opened).unwrap()), [other]);
    assert_eq!(all_pages(&simulator, "/alerts_v2").await.len(), first.len());
}

#[tokio::test]
async fn faults_affect_alerts_and_reads_can_lag() {
    let simulator = plain().await;
    update(&simulator, ALERT, json!({"assignedTo": "new"})).await;
    let stale = FaultRule::new(Fault::StaleRead).on("getAlert").times(1);
    simulator.faults().add(stale).unwrap();
    let target = format!("/alerts_v2/{ALERT}");
    assert!(get(&simulator, &target).await.json()["assignedTo"].is_null());
    assert_eq!(get(&simulator, &target).await.json()["assignedTo"], "new");
    let lagging = FaultRule::new(Fault::LaggingIndex)
        .on("listAlerts")
        .times(1);
    simulator.faults().add(lagging).unwrap();
    let filtered = "/alerts_v2?$filter=assignedTo%20eq%20'new'";
    assert!(all_pages(&simulator, filtered).await.is_empty());
    assert_eq!(ids(&all_pages(&simulator, filtered).await), [ALERT]);
}
