//! Texts that an attacker wrote never control a terminal, a spreadsheet or a shell.

use graph_incidents_simulator::{HuntingResult, Simulator};
use serde_json::json;

use super::program::Bench;

const TITLE: &str = "=cmd|'/c calc'!A1 \u{1b}[2J\u{202e}gpj.exe\u{7} $(touch owned)";

async fn bench() -> Bench {
    let bench = Bench::with(1).await;
    let incident = json!({
        "id": "666",
        "displayName": TITLE,
        "status": "active",
        "severity": "high",
        "createdDateTime": "2026-01-01T00:00:00Z",
        "lastUpdateDateTime": "2026-09-01T00:00:00Z",
    });
    assert!(bench.simulator.insert(incident, Vec::new()));
    bench
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_and_errors_show_control_characters_and_do_not_obey_them() {
    let bench = bench().await;
    for arguments in [
        &["list"][..],
        &["show", "666"],
        &["update", "666", "--title", "x", "--dry-run"],
    ] {
        let run = bench.run(arguments).await;
        assert_eq!(run.code, 0, "{}", run.err);
        for dangerous in ['\u{1b}', '\u{202e}', '\u{7}'] {
            assert!(!run.out.contains(dangerous), "{arguments:?}: {:?}", run.out);
        }
        assert!(
            run.out.contains("u{202e}gpj.exe"),
            "{arguments:?}: {}",
            run.out
        );
    }
    let run = bench.run(&["show", "\u{1b}[2J"]).await;
    assert!(!run.err.contains('\u{1b}'), "{:?}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_csv_cell_is_a_formula_only_if_requested() {
    let bench = bench().await;
    let guarded = bench.run(&["list", "--format", "csv"]).await.out;
    assert!(
        guarded.contains(",\"'=cmd") || guarded.contains(",'=cmd"),
        "{guarded}"
    );
    let plain = bench
        .run(&["list", "--format", "csv", "--unsafe-csv"])
        .await
        .out;
    assert!(
        plain.contains(",=cmd") || plain.contains(",\"=cmd"),
        "{plain}"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_the_change_as_json_and_no_shell_reads_it() {
    let bench = bench().await;
    let arguments = [
        "watch",
        "--since",
        "2026-08-31",
        "--every",
        "1",
        "--count",
        "1",
        "--exec",
        "tee",
        "change.json",
    ];
    let run = bench.run(&arguments).await;
    assert_eq!(run.code, 0, "{}", run.err);
    let text = std::fs::read_to_string(bench.folder.path().join("change.json")).unwrap();
    let change: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(change["after"]["displayName"], TITLE);
    assert!(!bench.folder.path().join("owned").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_column_is_no_formula_and_no_escape_sequence() {
    let bench = bench().await;
    let query = "AlertInfo | project x";
    let name = "=cmd|'/c calc'!A1\u{1b}[2J";
    let result = HuntingResult::new(query).column(name, "String");
    bench.simulator.record_hunting(result.row([json!("v")]));
    let csv = bench.run(&["hunt", query, "--format", "csv"]).await;
    assert_eq!(csv.code, 0, "{}", csv.err);
    assert!(
        csv.out.starts_with("'=cmd") || csv.out.starts_with("\"'=cmd"),
        "{}",
        csv.out
    );
    let table = bench.run(&["hunt", query]).await;
    assert!(!table.out.contains('\u{1b}'), "{:?}", table.out);
}

/// Characters that move a cursor, hide or reverse text, or look like others.
const HOSTILE: &str = "=x\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}gpj\u{200b}\u{e068}\r\n\tend";

/// An incident and an alert in which every displayed text is hostile.
fn hostile() -> (serde_json::Value, serde_json::Value) {
    let kind = |name: &str| format!("#microsoft.graph.security.{name}");
    let incident = json!({
        "id": "666",
        "displayName": HOSTILE,
        "status": HOSTILE,
        "severity": HOSTILE,
        "assignedTo": HOSTILE,
        "classification": HOSTILE,
        "determination": HOSTILE,
        "summary": HOSTILE,
        "lastModifiedBy": HOSTILE,
        "incidentWebUrl": HOSTILE,
        "redirectIncidentId": HOSTILE,
        "customTags": [HOSTILE],
        "systemTags": [HOSTILE],
        "comments": [{"comment": HOSTILE, "createdByDisplayName": HOSTILE, "createdDateTime": HOSTILE}],
        "createdDateTime": "2026-01-01T00:00:00Z",
        "lastUpdateDateTime": "2026-09-01T00:00:00Z",
    });
    let alert = json!({
        "@odata.type": kind("alert"),
        "id": "da666_1",
        "incidentId": "666",
        "title": HOSTILE,
        "category": HOSTILE,
        "serviceSource": HOSTILE,
        "severity": HOSTILE,
        "status": HOSTILE,
        "assignedTo": HOSTILE,
        "mitreTechniques": [HOSTILE],
        "alertWebUrl": HOSTILE,
        "createdDateTime": "2026-01-01T00:00:00Z",
        "lastUpdateDateTime": "2026-09-01T00:00:00Z",
        "evidence": [
            {"@odata.type": kind("processEvidence"), "verdict": HOSTILE, "processId": 1, "processCommandLine": HOSTILE,
             "imageFile": {"fileName": HOSTILE, "filePath": HOSTILE, "sha1": HOSTILE},
             "userAccount": {"accountName": HOSTILE, "domainName": HOSTILE}},
            {"@odata.type": kind("deviceEvidence"), "deviceDnsName": HOSTILE, "lastIpAddress": HOSTILE},
            {"@odata.type": kind("urlEvidence"), "url": HOSTILE},
            {"@odata.type": kind("mailboxEvidence"), "primaryAddress": HOSTILE},
        ],
    });
    (incident, alert)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_column_of_any_command_controls_the_terminal() {
    let bench = Bench::with(3).await;
    let (incident, alert) = hostile();
    assert!(bench.simulator.insert(incident, vec![alert]));
    let unusual = format!("666{HOSTILE}");
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["show", "666", "--alerts", "--evidence", "--comments"],
        vec![
            "update",
            "666",
            "--summary",
            HOSTILE,
            "--add-tag",
            HOSTILE,
            "--dry-run",
        ],
        vec!["assign", "666", "--to", HOSTILE, "--dry-run"],
        vec!["comment", "666", "--text", HOSTILE, "--dry-run"],
        vec!["merge", "666", "2972395", "--comment", HOSTILE, "--dry-run"],
        vec![
            "alerts",
            "update",
            "da666_1",
            "--status",
            "resolved",
            "--dry-run",
        ],
        vec![
            "alerts",
            "comment",
            "da666_1",
            "--text",
            HOSTILE,
            "--dry-run",
        ],
        vec!["alerts", "move", "da666_1", "--to", HOSTILE, "--dry-run"],
        vec!["alerts", "update", "da666_1", "--status", "resolved"],
        vec!["hunt", HOSTILE],
        vec!["api", "GET", "/security/incidents/666"],
        vec!["api", "GET", "/security/incidents", "--paginate"],
        vec![
            "watch",
            "--since",
            "2026-08-31",
            "--every",
            "1",
            "--count",
            "1",
        ],
        vec!["show", &unusual],
        vec!["list", "-v", "--assigned-to", HOSTILE],
        vec!["--config", "--tenant", HOSTILE],
        vec!["list", "--profile", HOSTILE],
    ];
    for format in ["table", "json", "jsonl"] {
        commands.extend([
            vec!["list", "--format", format],
            vec!["show", "666", "--format", format],
            vec!["alerts", "list", "--format", format],
            vec!["alerts", "show", "da666_1", "--format", format],
            vec!["evidence", "666", "--format", format],
            vec!["export", "--alerts", "--format", format],
        ]);
    }
    for arguments in commands {
        let run = bench.run(&arguments).await;
        for text in [&run.out, &run.err] {
            let acts = text
                .chars()
                .find(|character| *character != '\n' && is_dangerous(*character));
            assert_eq!(acts, None, "{arguments:?}: {text:?}");
        }
        assert!(
            !format!("{}{}", run.out, run.err).is_empty(),
            "{arguments:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_because_it_cannot_be_read_is_said() {
    let simulator = Simulator::builder().incidents(1).start().await.unwrap();
    let alert =
        json!({"id": "da1_1", "evidence": "secret", "createdDateTime": "2026-08-31T00:00:00Z"});
    let incident = json!({
        "id": "77", "customTags": "vip", "comments": 7,
        "createdDateTime": "2026-08-31T00:00:00Z", "lastUpdateDateTime": "2026-09-01T00:00:00Z",
    });
    assert!(simulator.insert(incident, vec![alert]));
    let bench = Bench::of(simulator);
    for (arguments, missing) in [
        (
            &["list", "--tag", "vip"][..],
            "incident 77 is left out: `customTags`: expected ",
        ),
        (
            &["export", "--tag", "vip"],
            "incident 77 is left out: `customTags`: expected ",
        ),
        (
            &["evidence", "77"],
            "alert da1_1 has evidence that is not shown: `evidence`: expected ",
        ),
        (
            &["show", "77", "--comments"],
            "incident 77 has comments that are not shown: `comments`: expected ",
        ),
    ] {
        let run = bench.run(arguments).await;
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(
            run.err.contains(missing),
            "{arguments:?}: {}{}",
            run.out,
            run.err
        );
    }
    let quiet = bench.run(&["list"]).await;
    assert_eq!(quiet.err, "");
}

fn is_dangerous(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202e}' | '\u{200b}' | '\u{e068}')
}
