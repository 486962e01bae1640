//! Machine-readable formats follow the schemas that the program prints.

use graph_incidents_simulator::{Fault, FaultRule, Simulator};
use serde_json::Value;

use super::program::{Bench, Run};

async fn schema(bench: &Bench, name: &str) -> jsonschema::Validator {
    let run = bench.run(&["schema", name]).await;
    assert_eq!(run.code, 0, "{name}: {}", run.err);
    let schema: Value = serde_json::from_str(&run.out).unwrap();
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The records of a run: one document, a list, or one a line.
fn records(run: &Run) -> Vec<Value> {
    match serde_json::from_str(&run.out) {
        Ok(Value::Array(items)) => items,
        Ok(one) => vec![one],
        Err(_) => run
            .out
            .lines()
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
            })
            .collect(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_machine_format_follows_its_schema() {
    let bench = Bench::with(20).await;
    let alert = {
        let run = bench
            .run(&["show", "2972395", "--alerts", "--json", "alerts"])
            .await;
        records(&run)[0]["alerts"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    for (name, arguments) in [
        ("incident", &["list", "--format", "json"][..]),
        ("incident", &["list", "--format", "jsonl"]),
        ("incident", &["show", "2972395", "--format", "json"]),
        ("incident", &["export"]),
        ("alert", &["alerts", "list", "--format", "json"]),
        ("alert", &["alerts", "show", &alert, "--format", "json"]),
        ("indicator", &["evidence", "2972395", "--format", "json"]),
        ("finding", &["doctor", "--format", "json"]),
        ("setting", &["--config", "--format", "json"]),
        (
            "change",
            &[
                "watch",
                "--since",
                "2020-01-01",
                "--every",
                "1",
                "--count",
                "3",
                "--format",
                "jsonl",
            ],
        ),
    ] {
        let schema = schema(&bench, name).await;
        let run = bench.run(arguments).await;
        let found = records(&run);
        assert!(!found.is_empty(), "{arguments:?}: {}", run.err);
        for record in found {
            let errors: Vec<String> = schema
                .iter_errors(&record)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{arguments:?}: {errors:#?}\n{record:#}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_record_is_refused() {
    let bench = Bench::with(1).await;
    let finding = schema(&bench, "finding").await;
    assert!(!finding.is_valid(&serde_json::json!({"check": "x", "result": "fine", "detail": "y"})));
    let change = schema(&bench, "change").await;
    assert!(!change.is_valid(
        &serde_json::json!({"id": "1", "isNew": true, "properties": [], "before": 7, "after": {}})
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn raw_prints_the_service_s_response() {
    let bench = Bench::with(120).await;
    let one = bench.run(&["show", "2972395", "--raw"]).await;
    assert_eq!(one.code, 0, "{}", one.err);
    let incident: Value = serde_json::from_str(&one.out).unwrap();
    assert_eq!(incident["id"], "2972395");
    assert!(incident["@odata.context"].is_string(), "{incident:#}");
    // One line a page, with its links.
    let first = bench.run(&["list", "--raw"]).await;
    assert_eq!(first.out.lines().count(), 1, "{}", first.err);
    let all = bench.run(&["list", "--raw", "--all"]).await;
    assert_eq!(all.code, 0, "{}", all.err);
    let pages: Vec<Value> = all
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(pages.len() > 2 && pages[0]["@odata.nextLink"].is_string());
    let count: usize = pages
        .iter()
        .map(|page| page["value"].as_array().unwrap().len())
        .sum();
    assert_eq!(count, bench.simulator.incident_count());
    for refused in [
        &["update", "1", "--status", "active", "--raw"][..],
        &["list", "--raw", "--format", "json"],
        &["show", "..", "--raw"],
        &["list", "--raw", "--tag", "x"],
    ] {
        let run = bench.run(refused).await;
        assert_eq!(run.code, 2, "{refused:?}: {}", run.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn raw_pages_end_with_an_error_if_the_list_is_incomplete() {
    for (fault, message) in [
        (Fault::LinkCycle, "cycle"),
        (Fault::ErrorAfterItems { items: 1 }, "error"),
        (
            Fault::CrossOriginLink {
                origin: "https://elsewhere.example".to_owned(),
            },
            "another host",
        ),
    ] {
        let simulator = Simulator::builder().fault(FaultRule::new(fault.clone()));
        let bench = Bench::of(simulator.start().await.unwrap());
        let run = bench.run(&["list", "--raw", "--all"]).await;
        assert_ne!(run.code, 0, "{fault:?}: {}", run.err);
        assert!(run.err.contains(message), "{fault:?}: {}", run.err);
        assert!(!run.out.is_empty(), "{fault:?}");
    }
    let mark = FaultRule::new(Fault::ByteOrderMark);
    let simulator = Simulator::builder().fault(mark).start().await.unwrap();
    let bench = Bench::of(simulator);
    let run = bench.run(&["list", "--raw", "--all"]).await;
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.lines().count() > 1, "{}", run.out);
}
