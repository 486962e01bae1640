//! Alerts, evidence and hunting.

use serde_json::Value;

use super::program::{Bench, finish};

/// The alerts of the tenant, as a list shows them.
async fn alerts(bench: &Bench) -> Vec<Value> {
    let run = bench
        .run(&["alerts", "list", "--all", "--format", "json"])
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_listed_with_the_requested_filters() {
    let bench = Bench::with(30).await;
    let all = alerts(&bench).await;
    assert!(all.len() > 3);
    let high = bench
        .run(&[
            "alerts",
            "list",
            "--severity",
            "high",
            "--json",
            "id,severity",
        ])
        .await;
    let high: Vec<Value> = serde_json::from_str(&high.out).unwrap();
    let expected = all
        .iter()
        .filter(|alert| alert["severity"] == "high")
        .count();
    assert_eq!(high.len(), expected.min(50));
    let id = all[0]["id"].as_str().unwrap();
    let shown = bench.run(&["alerts", "show", id]).await;
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains(id), "{}", shown.out);
    assert_eq!(
        bench.run(&["alerts", "show", "no-such-alert"]).await.code,
        4
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_alerts_has_the_requested_number_and_says_if_there_are_more() {
    let bench = Bench::with(60).await;
    let all = alerts(&bench).await;
    // More than a page, so that the second one is read too.
    assert!(all.len() > 60, "{}", all.len());
    let list = async |more: &[&str]| {
        let run = bench.run(&[&["alerts", "list"][..], more].concat()).await;
        assert_eq!(run.code, 0, "{more:?}: {}", run.err);
        run
    };
    for count in [1, 3, 60, all.len()] {
        let top = count.to_string();
        let json = list(&["--top", &top, "--format", "json"]).await;
        let shown: Vec<Value> = serde_json::from_str(&json.out).unwrap();
        assert_eq!(shown, all[..count], "{count}");
        assert_eq!(json.err, "");
        // No page is larger than needed, and none smaller.
        let requests = bench.simulator.ledger().requests();
        let target = &requests.last().unwrap().target;
        let page = format!("top={}", count.min(50));
        assert!(target.contains(&page), "{target}");
        let lines = list(&["--top", &top, "--format", "jsonl"]).await;
        assert_eq!(lines.out.lines().count(), count);
        let table = list(&["--top", &top]).await;
        assert_eq!(table.out.lines().count(), count + 1, "{}", table.out);
        let hint = format!("{count} shown; for more, use --top COUNT or --all\n");
        let has_more = count < all.len();
        assert_eq!(table.err, if has_more { hint } else { String::new() });
    }
    let default = list(&["--format", "jsonl"]).await;
    assert_eq!(default.out.lines().count(), 50);
    let table = list(&["--all"]).await;
    assert_eq!(
        (table.out.lines().count(), table.err.as_str()),
        (all.len() + 1, "")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_changed_commented_and_moved() {
    let bench = Bench::with(10).await;
    let all = alerts(&bench).await;
    let ids: Vec<&str> = all
        .iter()
        .map(|alert| alert["id"].as_str().unwrap())
        .collect();
    let preview = bench
        .run(&[
            "alerts",
            "update",
            ids[0],
            "--status",
            "resolved",
            "--dry-run",
        ])
        .await;
    assert!(
        preview.out.starts_with("PATCH http"),
        "{}{}",
        preview.out,
        preview.err
    );
    assert!(
        preview.out.contains("+ status: \"resolved\""),
        "{}",
        preview.out
    );
    assert_eq!(bench.simulator.ledger().write_count(), 0);

    let mut update = bench.command(&[
        "alerts",
        "update",
        ids[0],
        "--status",
        "resolved",
        "--assigned-to",
        "me",
        "--format",
        "json",
    ]);
    update.env("INCIDENTS_ME", "triage@contoso.example");
    let run = finish(update, String::new()).await;
    assert_eq!(run.code, 0, "{}", run.err);
    let alert: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        (&alert["status"], &alert["assignedTo"]),
        (&"resolved".into(), &"triage@contoso.example".into())
    );

    let unasked = bench
        .run(&["alerts", "update", ids[0], ids[1], "--status", "new"])
        .await;
    assert_eq!(unasked.code, 2, "{}", unasked.err);
    let asked = bench
        .run(&[
            "alerts", "update", ids[0], ids[1], "--status", "new", "--yes",
        ])
        .await;
    assert_eq!(asked.code, 0, "{}", asked.err);
    let comment = bench
        .run(&["alerts", "comment", ids[1], "--text", "seen"])
        .await;
    assert_eq!(comment.code, 0, "{}", comment.err);

    let target = bench.simulator.incident_ids()[0].clone();
    let moved = bench
        .run(&["alerts", "move", ids[0], "--to", &target])
        .await;
    assert_eq!(moved.code, 0, "{}", moved.err);
    assert_eq!(moved.out, format!("moved to {target}\n"));
    let nothing = bench.run(&["alerts", "update", ids[0]]).await;
    assert_eq!(nothing.code, 2, "{}", nothing.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_flat_rows_of_the_requested_kinds() {
    let bench = Bench::with(10).await;
    let run = bench
        .run(&[
            "evidence",
            "2972395",
            "--type",
            "host,user",
            "--format",
            "json",
        ])
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    let rows: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(row["type"] == "host" || row["type"] == "user", "{row}");
        assert_eq!(row["incidentId"], "2972395");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_an_argument_a_file_or_standard_input() {
    let bench = Bench::with(3).await;
    let query = "AlertInfo | take 2";
    std::fs::write(bench.folder.path().join("query.kql"), query).unwrap();
    let more = ["--format", "json", "--timespan", "2020-01-01/2030-01-01"];
    let runs = [
        bench.run(&[&["hunt", query][..], &more].concat()).await,
        bench
            .run(&[&["hunt", "-f", "query.kql"][..], &more].concat())
            .await,
        bench
            .run_with(&[&["hunt", "-"][..], &more].concat(), query)
            .await,
    ];
    for run in &runs {
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(run.out, runs[0].out);
    }
    let rows: Vec<Value> = serde_json::from_str(&runs[0].out).unwrap();
    assert!(!rows.is_empty(), "{}", runs[0].out);
    for arguments in [
        &["hunt", " "][..],
        &["hunt"],
        &["hunt", "-f", "no-such-file"],
    ] {
        assert_eq!(bench.run(arguments).await.code, 2, "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn me_is_the_account_of_the_profile() {
    let bench = Bench::with(10).await;
    let mine = ["list", "--assigned-to", "me", "--json", "id,assignedTo"];
    let nobody = bench.run(&mine).await;
    assert_eq!(nobody.code, 2, "{}", nobody.err);
    let mut command = bench.command(&mine);
    command.env("INCIDENTS_ME", "KaiC@contoso.com");
    let run = finish(command, String::new()).await;
    assert_eq!(run.code, 0, "{}", run.err);
    let found: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    assert!(!found.is_empty());
    assert!(
        found
            .iter()
            .all(|incident| incident["assignedTo"] == "KaiC@contoso.com"),
        "{found:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_a_query_is_shown_with_its_line() {
    let bench = Bench::with(1).await;
    let query = "AlertInfo\n  | were Title == 'x'";
    let run = bench.run_with(&["hunt", "-"], query).await;
    assert_eq!(run.code, 1);
    let help = "help: look at line 2, column 5: | were Title == 'x'";
    assert!(run.err.contains(help), "{}", run.err);
}
