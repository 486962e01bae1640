//! Output for scripts: stable formats, selected properties, schemas.

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
async fn selected_properties_and_no_others_are_shown() {
    let bench = Bench::with(5).await;
    let run = bench
        .run(&[
            "show",
            "2972395",
            "--json",
            "id,assignedTo,redirectIncidentId",
        ])
        .await;
    let shown: Value = serde_json::from_str(&run.out).unwrap();
    let expected = serde_json::json!({"id": "2972395", "assignedTo": "KaiC@contoso.com", "redirectIncidentId": null});
    assert_eq!(shown, expected);
    let table = bench
        .run(&["show", "2972395", "--columns", "severity,id"])
        .await;
    let words: Vec<&str> = table.out.split_whitespace().collect();
    assert_eq!(words, ["severity", "medium", "id", "2972395"]);
    let csv = ["list", "--columns", "id,tenantId", "--format", "csv"];
    let csv = bench.run(&csv).await;
    assert!(csv.out.starts_with("id,tenantId\n"), "{}", csv.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_names_the_properties_are_listed_and_unknown_ones_are_refused() {
    let bench = Bench::with(1).await;
    for (arguments, name) in [
        (&["list", "--json"][..], "displayName"),
        (&["list", "--json", "--open"], "displayName"),
        (&["list", "--json", "id,titel"], "displayName"),
        (&["list", "--columns", "titel"], "displayName"),
        (&["update", "1", "--add-tag", "x", "--json"], "displayName"),
        (&["alerts", "list", "--json"], "serviceSource"),
        (&["evidence", "1", "--json"], "alertId"),
        (&["watch", "--json"], "properties"),
        (&["doctor", "--json"], "detail"),
        (&["--config", "--json"], "from"),
    ] {
        let run = bench.run(arguments).await;
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        let line = format!("\n  {name}\n");
        assert!(run.err.contains(&line), "{arguments:?}: {}", run.err);
    }
    let columns = bench
        .run(&["hunt", "AlertInfo | take 1", "--json", "Titel"])
        .await;
    assert_eq!(columns.code, 2, "{}", columns.err);
    assert!(columns.err.contains("\n  AlertId\n"), "{}", columns.err);
    assert_eq!(bench.simulator.ledger().write_count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_format_that_a_command_cannot_write_is_refused() {
    let bench = Bench::with(3).await;
    for arguments in [
        &["comment", "1", "--text", "x", "--format", "json"][..],
        &["merge", "1", "2", "--yes", "--format", "csv"],
        &["alerts", "move", "a", "--to-new", "--json", "id"],
        &["watch", "--format", "csv"],
        &["watch", "--format", "yaml"],
        &["export", "--format", "yaml"],
        &["api", "GET", "/security/incidents", "--format", "csv"],
        &["api", "GET", "/security/incidents", "--json", "id"],
        &["doctor", "--raw"],
        &["--config", "--raw"],
        &["schema", "incident", "--format", "yaml"],
        &[
            "update",
            "1",
            "2",
            "--add-tag",
            "x",
            "--yes",
            "--format",
            "json",
        ],
        &["list", "--raw", "--top", "51"],
        &["list", "--columns", "id", "--format", "jsonl"],
        &["list", "--unsafe-csv"],
        &["export", "--columns", "id"],
        &["export", "--format", "table"],
        &["show", "1", "--alerts", "--json", "id"],
        &["show", "1", "--evidence", "--format", "csv"],
        &["show", "1", "--comments", "--json", "id,alerts"],
        &["show", "1", "--raw", "--follow"],
        &[
            "api",
            "GET",
            "/security/incidents",
            "--paginate",
            "--format",
            "csv",
        ],
        &["api", "GET", "/security/incidents", "--paginate", "--raw"],
        &[
            "list",
            "--simulator",
            "--base-url",
            "http://127.0.0.1:1/beta",
        ],
        &["list", "--simulator", "--ca-file", "proxy.pem"],
    ] {
        let run = bench.run(arguments).await;
        assert_eq!(run.code, 2, "{arguments:?}: {}{}", run.out, run.err);
        assert_eq!(run.out, "", "{arguments:?}");
    }
    assert_eq!(bench.simulator.ledger().write_count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_cut_says_so_in_every_format() {
    let bench = Bench::with(51).await;
    for format in ["table", "json", "jsonl", "yaml", "csv"] {
        let cut = bench.run(&["list", "--format", format]).await;
        assert_eq!(cut.code, 0, "{}", cut.err);
        assert!(
            cut.err.contains("50 shown; for more"),
            "{format}: {}",
            cut.err
        );
        let whole = bench.run(&["list", "--all", "--format", format]).await;
        assert_eq!(whole.err, "", "{format}");
    }
    // Who names a number knows it.
    let chosen = ["list", "--top", "3", "--format", "jsonl"];
    assert_eq!(bench.run(&chosen).await.err, "");
    let alerts = ["alerts", "list", "--format", "jsonl"];
    let cut = bench.run(&alerts).await;
    assert!(cut.err.contains("50 shown; for more"), "{}", cut.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_print_one_record_per_line() {
    let bench = Bench::with(5).await;
    let ids = bench.simulator.incident_ids();
    let arguments = [
        "assign",
        &ids[0],
        &ids[1],
        "--to",
        "x@contoso.example",
        "--yes",
        "--format",
        "jsonl",
    ];
    let run = bench.run(&arguments).await;
    assert_eq!(run.code, 0, "{}", run.err);
    let lines: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines
            .iter()
            .all(|line| line["assignedTo"] == "x@contoso.example")
    );
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
async fn any_path_can_be_requested_and_paged() {
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
async fn each_method_is_sent_with_its_path_its_query_and_its_body() {
    let bench = Bench::with(3).await;
    std::fs::write(bench.folder.path().join("body.json"), r#"{"summary": "x"}"#).unwrap();
    let base = bench.simulator.base_url().to_owned();
    for method in ["GET", "POST", "PATCH", "PUT", "DELETE"] {
        for written in [method.to_owned(), method.to_lowercase()] {
            let arguments = [
                "api",
                &written,
                "/security/x",
                "--query",
                "$top=1",
                "--query",
                "a=b=c",
                "--input",
                "body.json",
                "--dry-run",
            ];
            let run = bench.run(&arguments).await;
            assert_eq!(run.code, 0, "{written}: {}", run.err);
            let (first, body) = run.out.split_once('\n').unwrap();
            assert!(
                first.starts_with(&format!("{method} {base}/security/x?")),
                "{first}"
            );
            assert!(first.ends_with("top=1&a=b%3Dc"), "{first}");
            let body: Value = serde_json::from_str(body).unwrap();
            assert_eq!(body, serde_json::json!({"summary": "x"}), "{written}");
        }
    }
    assert_eq!(bench.simulator.ledger().requests().len(), 0);
    let path = "/security/incidents/2972395";
    let patch = ["api", "PATCH", path, "--input", "-"];
    let run = bench.run_with(&patch, r#"{"summary": "manually"}"#).await;
    assert_eq!(run.code, 0, "{}", run.err);
    let returned: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(returned["summary"], "manually");
    let comment = format!("{path}/comments");
    let post = ["api", "POST", &comment, "--input", "-"];
    let kind = "#microsoft.graph.security.alertComment";
    let body = serde_json::json!({"@odata.type": kind, "comment": "seen"});
    let run = bench.run_with(&post, &body.to_string()).await;
    assert_eq!(run.code, 0, "{}", run.err);
    let incident = bench.simulator.incident("2972395").unwrap();
    assert_eq!(incident["summary"], "manually");
    assert!(
        incident["comments"].to_string().contains("\"seen\""),
        "{incident}"
    );
    for (method, status) in [("PUT", "405"), ("DELETE", "405")] {
        let run = bench.run(&["api", method, path]).await;
        assert!(
            run.code != 0 && run.err.contains(status),
            "{method}: {}",
            run.err
        );
    }
    let methods: Vec<String> = bench
        .simulator
        .ledger()
        .requests()
        .iter()
        .map(|request| request.method.clone())
        .collect();
    assert_eq!(methods, ["PATCH", "POST", "PUT", "DELETE"]);
    for arguments in [
        &["api", "HEAD", "/security/x"][..],
        &["api", "GET", "/security/x", "--query", "top"],
        &["api", "POST", "/security/x", "--paginate"],
        &["api", "POST", "/security/x", "--input", "no-such-file"],
        &["api", "POST", "/security/x", "--input", "config.toml"],
    ] {
        assert_eq!(bench.run(arguments).await.code, 2, "{arguments:?}");
    }
    assert_eq!(bench.simulator.ledger().requests().len(), 4);
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
