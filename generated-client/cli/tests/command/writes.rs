//! Writes: what they send, when they ask for confirmation, and how they end.

use graph_incidents_simulator::{Fault, FaultRule, Simulator};

use super::program::Bench;

#[tokio::test(flavor = "multi_thread")]
async fn each_write_changes_what_it_names() {
    let bench = Bench::with(10).await;
    let id = "2972395";
    let property = |name: &str| bench.simulator.incident(id).unwrap()[name].clone();
    for arguments in [
        &["assign", id, "--to", "triage@contoso.example"][..],
        &[
            "update",
            id,
            "--status",
            "inProgress",
            "--add-tag",
            "Demo",
            "--severity",
            "low",
        ],
        &["comment", id, "--text", "seen"],
    ] {
        let run = bench.run(arguments).await;
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
    }
    assert_eq!(property("assignedTo"), "triage@contoso.example");
    assert_eq!(property("customTags"), serde_json::json!(["Demo"]));
    assert_eq!(property("severity"), "low");
    let resolve = [
        "resolve",
        id,
        "--classification",
        "truePositive",
        "--determination",
        "phishing",
        "--comment",
        "contained",
    ];
    assert_eq!(bench.run(&resolve).await.code, 0);
    assert_eq!(property("status"), "resolved");
    assert_eq!(property("determination"), "phishing");
    assert_eq!(bench.run(&["assign", id, "--to", "nobody"]).await.code, 0);
    assert!(property("assignedTo").is_null());
    let run = bench.run(&["update", id, "--remove-tag", "Demo"]).await;
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(property("customTags"), serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_yes_a_mass_write_sends_nothing_if_nobody_can_be_asked() {
    let bench = Bench::with(10).await;
    let ids = bench.simulator.incident_ids();
    let run = bench
        .run(&["assign", &ids[0], &ids[1], "--to", "nobody"])
        .await;
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("needs --yes"), "{}", run.err);
    assert_eq!(bench.simulator.ledger().requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_can_be_piped_from_one_command_to_the_next() {
    let bench = Bench::with(10).await;
    let listed = bench.run(&["list", "--open", "--json", "id"]).await.out;
    let run = bench
        .run_with(&["update", "--add-tag", "night-shift", "--yes"], &listed)
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    let count = listed.matches("\"id\"").count();
    assert!(count > 1);
    assert!(
        run.err.contains(&format!("{count} done, 0 failed")),
        "{}",
        run.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_reported_and_the_remaining_ids_are_in_a_file() {
    let bench = Bench::with(10).await;
    let run = bench
        .run(&["assign", "2972395", "404404", "--to", "nobody", "--yes"])
        .await;
    assert_eq!(run.code, 1);
    assert!(run.err.contains("1 done, 1 failed"), "{}", run.err);
    let left =
        std::fs::read_to_string(bench.folder.path().join("incidents-remaining.txt")).unwrap();
    let ids: Vec<&str> = left.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(ids, ["404404"]);
    assert!(left.starts_with("# "), "the reason stands above: {left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_without_a_response_are_counted_as_perhaps_written() {
    let lost = FaultRule::new(Fault::ResetAfter).on("createIncidentComment");
    let simulator = Simulator::builder().incidents(5).fault(lost);
    let bench = Bench::of(simulator.start().await.unwrap());
    let ids = bench.simulator.incident_ids();
    let comment = ["comment", &ids[0], &ids[1], "--text", "seen", "--yes"];
    let run = bench.run(&comment).await;
    assert_eq!(run.code, 1, "{}", run.err);
    let summary = "\n0 done, 2 failed (2 of them may have been written)\n";
    assert!(run.err.contains(summary), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_remaining_ids_is_emptied_once_nothing_remains() {
    let bench = Bench::with(5).await;
    let ids = bench.simulator.incident_ids();
    let assign = [
        "assign",
        &ids[0],
        &ids[1],
        "--to",
        "x",
        "--yes",
        "--remaining",
        "left.txt",
    ];
    let left = bench.folder.path().join("left.txt");
    assert_eq!(bench.run(&assign).await.code, 0);
    assert!(!left.exists(), "there was nothing to write");
    std::fs::write(&left, "# of an earlier run\n404404\n").unwrap();
    let run = bench.run(&assign).await;
    assert_eq!((run.code, run.err.as_str()), (0, "2 done, 0 failed\n"));
    assert_eq!(std::fs::read_to_string(&left).unwrap(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mass_write_continues_if_its_output_is_closed() {
    use std::io::Write as _;
    use std::process::Stdio;
    let bench = Bench::with(40).await;
    let ids = bench.simulator.incident_ids();
    let mut command = bench.command(&["update", "--add-tag", "seen", "--yes"]);
    let input = ids.join("\n");
    let (code, err) = tokio::task::spawn_blocking(move || {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    })
    .await
    .unwrap();
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(err, format!("{} done, 0 failed\n", ids.len()));
    assert_eq!(bench.simulator.ledger().write_count(), ids.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn remaining_ids_are_printed_if_no_file_can_be_written() {
    let bench = Bench::with(3).await;
    let arguments = [
        "assign",
        "404404",
        "404405",
        "--to",
        "nobody",
        "--yes",
        "--remaining",
        "no/such/folder/left",
    ];
    let run = bench.run(&arguments).await;
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        run.err.contains("\n404404\n") && run.err.contains("\n404405\n"),
        "{}",
        run.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_does_not_fit_on_a_line_is_refused_before_sending() {
    let bench = Bench::with(3).await;
    for input in [
        r#"[{"id": "1\n2"}]"#,
        r#"["1 "]"#,
        r#"[""]"#,
        r#"["\u001b[2J"]"#,
    ] {
        let run = bench
            .run_with(&["assign", "--to", "nobody", "--yes"], input)
            .await;
        assert_eq!(run.code, 2, "{input}: {}", run.err);
        assert!(run.err.contains("is not a valid id"), "{}", run.err);
    }
    assert_eq!(bench.simulator.ledger().requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_cleared_added_and_removed_together_and_only_if_needed() {
    let bench = Bench::with(3).await;
    let id = "2972395";
    let tags = || bench.simulator.incident(id).unwrap()["customTags"].clone();
    let update =
        async |arguments: &[&str]| bench.run(&[&["update", id][..], arguments].concat()).await;
    update(&["--add-tag", "a", "--add-tag", "b"]).await;
    update(&["--clear", "tags", "--add-tag", "a"]).await;
    assert_eq!(tags(), serde_json::json!(["a"]));
    let writes = bench.simulator.ledger().write_count();
    for arguments in [
        &["--add-tag", "a"][..],
        &["--clear", "tags", "--add-tag", "a"],
        &["--remove-tag", "z"],
    ] {
        let run = update(arguments).await;
        assert_eq!(run.out, "2972395 has these tags already\n", "{}", run.err);
    }
    assert_eq!(bench.simulator.ledger().write_count(), writes);
    assert_eq!(update(&["--assigned-to", "nobody"]).await.code, 0);
    assert!(bench.simulator.incident(id).unwrap()["assignedTo"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn contradictory_options_are_refused_before_sending() {
    let bench = Bench::with(3).await;
    for arguments in [
        &["--clear", "summary", "--summary", "x"][..],
        &["--clear", "tags,assigned-to", "--assigned-to", "x"],
        &["--add-tag", "a", "--remove-tag", "a"],
        &["--status", "redirected"],
        &["--status", "unknownFutureValue"],
        &["--determination", "phising"],
        &["--summary", "x", "--remaining"],
    ] {
        let run = bench
            .run(&[&["update", "2972395"][..], arguments].concat())
            .await;
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
    }
    let run = bench
        .run_with(&["assign", "--to", "x", "--yes"], "id,severity\n1,high\n")
        .await;
    assert_eq!(run.code, 2, "{}", run.err);
    assert_eq!(bench.simulator.ledger().requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_writes_nothing_and_shows_the_request() {
    let bench = Bench::with(5).await;
    let alert = bench.run(&["alerts", "list", "--json", "id"]).await;
    let alerts: serde_json::Value = serde_json::from_str(&alert.out).unwrap();
    let alert = alerts[0]["id"].as_str().unwrap();
    let id = "2972395";
    let (method, unusual) = ("POST", "a/b?c");
    for (arguments, method, path, difference) in [
        (
            vec!["update", id, "--title", "x"],
            "PATCH",
            format!("/security/incidents/{id}"),
            "+ displayName: \"x\"",
        ),
        (
            vec![
                "resolve",
                id,
                "--classification",
                "truePositive",
                "--determination",
                "phishing",
            ],
            "PATCH",
            format!("/security/incidents/{id}"),
            "+ status: \"resolved\"",
        ),
        (
            vec!["assign", id, "--to", "x"],
            "PATCH",
            format!("/security/incidents/{id}"),
            "+ assignedTo: \"x\"",
        ),
        (
            vec!["comment", unusual, "--text", "x"],
            method,
            "/security/incidents/a%2Fb%3Fc/comments".to_owned(),
            "+ comments: \"x\"",
        ),
        (
            vec!["merge", id, "3000001"],
            method,
            "/mergeIncidents".to_owned(),
            "- status of 2972395: \"active\"",
        ),
        (
            vec!["alerts", "update", alert, "--assigned-to", "x"],
            "PATCH",
            format!("/security/alerts_v2/{alert}"),
            "+ assignedTo: \"x\"",
        ),
        (
            vec!["alerts", "comment", alert, "--text", "x"],
            method,
            format!("/security/alerts_v2/{alert}/comments"),
            "+ comments: \"x\"",
        ),
        (
            vec!["alerts", "move", alert, "--to-new"],
            method,
            "/moveAlerts".to_owned(),
            "a new incident",
        ),
        (
            vec!["api", "DELETE", "/security/x"],
            "DELETE",
            "/security/x".to_owned(),
            "",
        ),
    ] {
        let run = bench.run(&[&arguments[..], &["--dry-run"]].concat()).await;
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
        let first = run.out.lines().next().unwrap();
        assert!(first.starts_with(&format!("{method} http")), "{first}");
        assert!(first.replace(".security.", "/").ends_with(&path), "{first}");
        assert!(run.out.contains(difference), "{arguments:?}: {}", run.out);
    }
    assert_eq!(bench.simulator.ledger().write_count(), 0);
}
