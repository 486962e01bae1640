//! Hunting: typed rows, literals that cannot change a query, errors with their position, timespans.

use std::collections::BTreeMap;
use std::time::Duration;

use graph_incidents::hunting::{Cell, ColumnType, Position, Timespan, kql};
use graph_incidents::types::HuntingQueryRequest;
use graph_incidents::{DateTime, Utc, Uuid};
use graph_incidents_simulator::{HuntingResult, Profile, Simulator};
use serde::Deserialize;
use serde_json::{Value, json};

use super::raw::{RawServer, json as raw_json};
use super::{client, connected, sent};

/// The time of the reference data.
fn then() -> Timespan {
    let time = |text: &str| text.parse().unwrap();
    Timespan::between(time("2021-01-01T00:00:00Z")..time("2022-01-01T00:00:00Z"))
}

/// A result with every type of column, recorded under a query.
fn everything() -> HuntingResult {
    let columns = [
        ("Timestamp", "DateTime"),
        ("Device", "String"),
        ("Bytes", "Int64"),
        ("Port", "Int32"),
        ("Score", "Double"),
        ("IsAdmin", "SByte"),
        ("Id", "Guid"),
        ("IsSigned", "Boolean"),
        ("Fields", "Object"),
        ("Later", "Decimal"),
    ];
    let mut result = HuntingResult::new("everything");
    for (name, kind) in columns {
        result = result.column(name, kind);
    }
    result
        .row([
            json!("2026-08-03T07:41:58.6433333Z"),
            json!("née"),
            json!(9_007_199_254_740_993_i64),
            json!(-1),
            json!(0.5),
            json!(1),
            json!("0d0c6c8e-5e0e-4a39-9a56-0f3f1a7a4c11"),
            json!(true),
            json!(r#"{"a":[1,{"b":null}]}"#),
            json!("12.5"),
        ])
        .row([
            json!("2026-08-03T07:41:58"),
            json!(""),
            json!("9223372036854775807"),
            Value::Null,
            json!("NaN"),
            json!(0),
            Value::Null,
            json!(0),
            json!({"a": []}),
            json!(7),
        ])
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Everything {
    timestamp: DateTime<Utc>,
    device: String,
    bytes: i64,
    port: Option<i32>,
    score: f64,
    is_admin: bool,
    id: Option<Uuid>,
    is_signed: bool,
    fields: BTreeMap<String, Value>,
    later: Value,
}

#[tokio::test]
async fn rows_are_deserialized_into_a_struct_with_the_types_of_their_columns() {
    let (simulator, client) = connected().await;
    simulator.record_hunting(everything());
    let found = client.hunt("everything").await.unwrap();
    let rows: Vec<Everything> = found.rows().unwrap();
    assert_eq!(rows[0].timestamp.timestamp_subsec_nanos(), 643_333_300);
    assert_eq!(rows[0].device, "née");
    assert_eq!(
        (rows[0].bytes, rows[1].bytes),
        (9_007_199_254_740_993, i64::MAX)
    );
    assert_eq!((rows[0].port, rows[1].port), (Some(-1), None));
    assert!((rows[0].score - 0.5).abs() < f64::EPSILON && rows[1].score.is_nan());
    assert!(rows[0].is_admin && !rows[1].is_admin && rows[0].is_signed && !rows[1].is_signed);
    assert!(rows[0].id.is_some() && rows[1].id.is_none());
    assert_eq!(rows[0].fields["a"], json!([1, {"b": null}]));
    assert_eq!(rows[1].fields["a"], json!([]));
    assert_eq!(
        (&rows[0].later, &rows[1].later),
        (&json!("12.5"), &json!(7))
    );
    let maps: Vec<BTreeMap<String, Value>> = found.rows().unwrap();
    assert_eq!(maps[0]["IsAdmin"], true);
    assert_eq!(maps[0]["Bytes"], 9_007_199_254_740_993_i64);
    // A field that is a number gets the number.
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Numbers {
        is_admin: u8,
    }
    assert_eq!(found.rows::<Numbers>().unwrap()[0].is_admin, 1);
}

#[tokio::test]
async fn columns_are_in_order_and_unknown_types_are_kept() {
    let (simulator, client) = connected().await;
    simulator.record_hunting(everything());
    let found = client.hunt("everything").await.unwrap();
    let names: Vec<&str> = found
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "Timestamp",
            "Device",
            "Bytes",
            "Port",
            "Score",
            "IsAdmin",
            "Id",
            "IsSigned",
            "Fields",
            "Later"
        ]
    );
    assert_eq!(
        found.columns()[9].kind,
        ColumnType::Other("Decimal".to_owned())
    );
    let row = found.iter().next().unwrap();
    let cells: Vec<Cell<'_>> = row.cells().map(|(_, cell)| cell).collect();
    assert!(matches!(cells[0], Cell::Time(_)));
    assert_eq!(cells[1], Cell::Text("née"));
    assert_eq!(cells[5], Cell::Boolean(true));
    assert!(matches!(cells[6], Cell::Guid(_)));
    assert_eq!(cells[9], Cell::Other(&json!("12.5")));
    assert_eq!(row.get("Nothing"), None);
    assert_eq!(found.iter().nth(1).unwrap().get("Port"), Some(Cell::Null));
}

#[tokio::test]
async fn both_spellings_of_the_schema_are_read_and_rows_keep_everything() {
    let mut profile = Profile::plain();
    profile.older_names = true;
    let simulator = Simulator::builder().profile(profile).start().await.unwrap();
    let client = client(&simulator).build().unwrap();
    let mut result = HuntingResult::new("old")
        .column("A", "Int64")
        .row([1.into()]);
    result.results[0].insert("A@odata.type".to_owned(), json!("#Int64"));
    result.results[0].insert("B".to_owned(), json!("more"));
    simulator.record_hunting(result);
    let found = client.hunt("old").await.unwrap();
    assert_eq!(found.columns()[0].kind, ColumnType::Int64);
    assert_eq!(found.columns()[1].name, "B");
    let row = found.iter().next().unwrap();
    assert_eq!(row.get("B"), Some(Cell::Other(&json!("more"))));
    assert_eq!(row.raw()["A@odata.type"], "#Int64");
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_kept_and_named_when_it_is_needed() {
    let (simulator, client) = connected().await;
    let result = HuntingResult::new("invalid")
        .column("N", "Int64")
        .row([1.into()])
        .row(["many".into()]);
    simulator.record_hunting(result);
    let found = client.hunt("invalid").await.unwrap();
    assert_eq!(
        found.iter().nth(1).unwrap().get("N"),
        Some(Cell::Other(&json!("many")))
    );
    #[derive(Debug, Deserialize)]
    struct Counted {
        #[serde(rename = "N")]
        _count: i64,
    }
    let error = found.rows::<Counted>().unwrap_err();
    assert!(error.is_decode());
    assert!(
        error
            .to_string()
            .contains("row 2 does not fit: column `N`: "),
        "{error}"
    );
    // A response with invalid rows is an error, not an empty result.
    for body in [
        json!({"results": "none", "schema": []}),
        json!({"schema": [{"type": "String"}], "results": []}),
    ] {
        let server = RawServer::saying(move |_, _| raw_json(200, &body)).await;
        let client = graph_incidents::Client::builder()
            .base_url(&server.url)
            .token("t")
            .build()
            .unwrap();
        assert!(client.hunt("x").await.unwrap_err().is_decode());
    }
}

/// Random strings of characters that could end a literal.
fn hostile(count: usize) -> Vec<String> {
    let parts = [
        "\"",
        "'",
        "\\",
        "\\\"",
        "\n",
        "\r",
        "\t",
        "\0",
        "\u{85}",
        "\u{2028}",
        "`",
        "```",
        "//",
        "/*",
        "|",
        ";",
        ")",
        "(",
        "@\"",
        "h\"",
        " or \"x\" == \"x",
        "é",
        "漢",
        "😀",
        "a",
        "Z",
        "0",
        " ",
        "\\u0022",
        "\\x22",
        "%22",
        "{",
        "}",
        "\u{7f}",
        "\u{feff}",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let mut text = || {
        let length = random(12);
        (0..length).map(|_| parts[random(parts.len())]).collect()
    };
    (0..count).map(|_| text()).collect()
}

#[tokio::test]
async fn no_string_can_change_the_query_that_contains_it() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = client(&simulator).build().unwrap();
    let titles = hostile(400);
    let alerts = titles.iter().enumerate().map(|(number, title)| {
        json!({"id": format!("da7_{number}"), "title": title, "createdDateTime": "2021-05-05T00:00:00Z"})
    });
    simulator.insert(json!({"id": "7"}), alerts.collect());
    for title in &titles {
        let mut wanted: Vec<String> = (0..titles.len())
            .filter(|number| titles[*number] == *title)
            .map(|number| format!("da7_{number}"))
            .collect();
        wanted.sort_unstable();
        for condition in [
            format!("Title == {}", kql::text(title)),
            format!("Title in ({}, \"\u{1}\")", kql::text(title)),
            format!("Title in {}", kql::texts([title])),
        ] {
            let query = format!("AlertInfo | where {condition} | project AlertId");
            let found = client.hunt(&*query).within(then()).await;
            let found = found.unwrap_or_else(|error| panic!("{query}: {error}"));
            let rows = found.rows::<BTreeMap<String, String>>().unwrap();
            let mut ids: Vec<String> = rows
                .into_iter()
                .map(|mut row| row.remove("AlertId").unwrap())
                .collect();
            ids.sort_unstable();
            assert_eq!(ids, wanted, "{query}");
        }
    }
}

#[tokio::test]
async fn an_error_has_the_engine_s_message_and_position() {
    let (simulator, client) = connected().await;
    let error = client
        .hunt("AlertInfo\n| where Titel == 'x'")
        .await
        .unwrap_err();
    assert!(error.is_bad_request());
    assert_eq!(error.attempts(), 1);
    let place = Position::of(&error).unwrap();
    assert_eq!((place.line, place.column), (2, 9));
    assert!(
        error.to_string().starts_with("run_hunting_query: 400 "),
        "{error}"
    );
    assert!(error.message().contains("no column named 'Titel'"));
    assert_eq!(
        Position::of(&client.get_alert("da404_1").await.unwrap_err()),
        None
    );
    let before = sent(&simulator);
    let error = client.hunt(" \n").await.unwrap_err();
    assert!(error.is_refused());
    let time = |text: &str| text.parse().unwrap();
    let backwards = Timespan::between(time("2026-01-02T00:00:00Z")..time("2026-01-01T00:00:00Z"));
    assert!(
        client
            .hunt("AlertInfo")
            .within(backwards)
            .await
            .unwrap_err()
            .is_refused()
    );
    assert_eq!(sent(&simulator), before);
}

#[tokio::test]
async fn a_timespan_is_sent_in_the_service_s_format() {
    let (_simulator, client) = connected().await;
    let count = async |span: Timespan| {
        let found = client.hunt("AlertInfo | count").within(span).await.unwrap();
        found.rows::<BTreeMap<String, i64>>().unwrap()[0]["Count"]
    };
    let start: DateTime<Utc> = "2021-08-13T08:43:35Z".parse().unwrap();
    let all = count(then()).await;
    assert!(all > 100);
    assert_eq!(count(Timespan::since(start)).await, all);
    assert_eq!(
        count(Timespan::after(start, Duration::from_secs(1))).await,
        all
    );
    assert_eq!(
        count(Timespan::before(start, Duration::from_millis(1_500))).await,
        0
    );
    assert_eq!(count(Timespan::days(30)).await, 0);
    let body = HuntingQueryRequest::new("AlertInfo | count").timespan(then());
    let raw = client.run_hunting_query(&body).await.unwrap();
    assert_eq!(raw.results()[0]["Count"], all);
}
