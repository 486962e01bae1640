//! What scripts read: stable formats, chosen properties, schemas.

use serde_json::Value;

use super::program::Bench;

#[tokio::test(flavor = "multi_thread")]
async fn every_format_has_the_same_incidents() {
    let bench = Bench::with(20).await;
    let list = |format: &'static str| ["list", "--top", "3", "--format", format];
    let json: Vec<Value> = serde_json::from_str(&bench.run(&list("json")).await.out).unwrap();
    let ids: Vec<&str> = json
        .iter()
        .map(|incident| incident["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(
        json[0]["createdDateTime"].as_str().unwrap().ends_with('Z'),
        "machine formats are UTC"
    );

    let lines = bench.run(&list("jsonl")).await.out;
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines, json);

    let yaml = bench.run(&list("yaml")).await.out;
    for id in &ids {
        assert!(yaml.contains(&format!("id: '{id}'")), "{yaml}");
    }

    let csv = bench.run(&list("csv")).await.out;
    let mut rows = csv.lines();
    assert_eq!(
        rows.next(),
        Some("id,severity,status,lastUpdateDateTime,assignedTo,displayName")
    );
    for (row, id) in rows.zip(&ids) {
        assert!(row.starts_with(&format!("{id},")), "{row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_properties_are_all_there_and_no_others() {
    let bench = Bench::with(5).await;
    let run = bench
        .run(&["show", "2972395", "--json", "id,assignedTo,noSuchProperty"])
        .await;
    let shown: Value = serde_json::from_str(&run.out).unwrap();
    let expected = serde_json::json!({"id": "2972395", "assignedTo": "KaiC@contoso.com", "noSuchProperty": null});
    assert_eq!(shown, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_every_incident_once() {
    let bench = Bench::with(130).await;
    let run = bench.run(&["export"]).await;
    assert_eq!(run.code, 0, "{}", run.err);
    let mut ids: Vec<String> = run
        .out
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert_eq!(count, bench.simulator.incident_count());
}

#[tokio::test(flavor = "multi_thread")]
async fn any_path_can_be_asked_for_and_paged() {
    let bench = Bench::with(70).await;
    let run = bench
        .run(&[
            "api",
            "GET",
            "/security/incidents",
            "--query",
            "$top=50",
            "--paginate",
        ])
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.out.lines().count(), bench.simulator.incident_count());
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_of_types_are_printed() {
    let bench = Bench::with(1).await;
    for name in [
        "incident",
        "incidentUpdate",
        "alert",
        "alertComment",
        "evidence",
    ] {
        let run = bench.run(&["schema", name]).await;
        let schema: Value = serde_json::from_str(&run.out).unwrap();
        assert!(schema.get("$schema").is_some(), "{name}: {schema}");
    }
}
