//! Any contract: its operations create, read, update and delete entities.

mod lists;
mod whole;

use graph_incidents_simulator::{Builder, Simulator};
use serde_json::{Value, json};

use crate::support::{Reply, send, started};

const CONTRACT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/service/data/library.json"
);

fn library() -> Builder {
    Simulator::builder().contract(CONTRACT)
}

async fn call(
    simulator: &Simulator,
    method: &str,
    target: &str,
    more: &[(&str, &str)],
    body: &str,
) -> Reply {
    let authorization = format!("Bearer {}", simulator.token());
    let mut headers = vec![("Authorization", authorization.as_str())];
    if !more.iter().any(|(name, _)| *name == "Content-Type") {
        headers.push(("Content-Type", "application/json"));
    }
    headers.extend(more);
    send(simulator, method, &format!("/v1.0{target}"), &headers, body).await
}

async fn get(simulator: &Simulator, target: &str) -> Reply {
    call(simulator, "GET", target, &[], "").await
}

async fn create(simulator: &Simulator, body: Value) -> Value {
    let reply = call(simulator, "POST", "/books", &[], &body.to_string()).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()
}

/// Five books, and their ids.
async fn shelf(simulator: &Simulator) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..5 {
        let book = create(
            simulator,
            json!({
                "title": format!("Volume {number}"),
                "pages": 100 * number,
                "price": 1.5 * f64::from(number),
                "isLent": number % 2 == 0,
                "binding": if number < 2 { "Hard" } else { "soft" },
                "isbn": format!("0000000{number}-0000-4000-8000-00000000000A"),
                "printedDateTime": format!("200{number}-01-01T00:00:00Z"),
                "publisher": {"city": if number == 3 { "Gouda" } else { "Leiden" }},
            }),
        )
        .await;
        ids.push(book["id"].as_str().unwrap().to_owned());
    }
    ids
}

#[tokio::test]
async fn an_entity_is_created_read_changed_replaced_and_deleted() {
    let simulator = started(library()).await;
    let created = create(&simulator, json!({"title": "One", "binding": "HARD"})).await;
    assert_eq!(created["binding"], "hard");
    let target = format!("/books/{}", created["id"].as_str().unwrap());
    let read = get(&simulator, &target).await;
    assert_eq!(read.json(), created);
    assert_eq!(read.header("etag"), created["@odata.etag"].as_str());
    let changed = call(&simulator, "PATCH", &target, &[], r#"{"pages": 7}"#)
        .await
        .json();
    assert_eq!(
        (&changed["title"], &changed["pages"]),
        (&json!("One"), &json!(7))
    );
    assert_ne!(changed["@odata.etag"], created["@odata.etag"]);
    assert!(changed["lastModifiedDateTime"].is_string());
    let replaced = call(&simulator, "PUT", &target, &[], r#"{"title": "Two"}"#)
        .await
        .json();
    assert_eq!(
        (&replaced["title"], replaced.get("pages")),
        (&json!("Two"), None)
    );
    assert_eq!(replaced["id"], created["id"]);
    assert_eq!(
        call(&simulator, "DELETE", &target, &[], "").await.status,
        204
    );
    assert_eq!(get(&simulator, &target).await.status, 404);
    assert_eq!(
        call(&simulator, "DELETE", &target, &[], "").await.status,
        404
    );
    let operations: Vec<String> = simulator
        .ledger()
        .writes()
        .into_iter()
        .map(|write| write.operation)
        .collect();
    assert_eq!(
        operations,
        ["createBook", "updateBook", "replaceBook", "deleteBook"]
    );
}

#[tokio::test]
async fn bodies_are_checked_against_the_schemas_of_the_contract() {
    let simulator = started(library()).await;
    for (body, word) in [
        (json!({"pages": 1}), "title"),
        (json!({"title": 1}), "'1'"),
        (json!({"title": "x", "binding": "paper"}), "'paper'"),
        (json!({"title": "x", "colour": "red"}), "colour"),
        (
            json!({"title": "x", "pages": 5_000_000_000_i64}),
            "Edm.Int32",
        ),
        (json!({"title": "x", "id": "1"}), "read-only"),
    ] {
        let reply = call(&simulator, "POST", "/books", &[], &body.to_string()).await;
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.error().1.contains(word), "{}", reply.text());
    }
    assert_eq!(get(&simulator, "/books").await.json()["value"], json!([]));
}

#[tokio::test]
async fn etags_guard_writes_but_not_reads() {
    let simulator = started(library()).await;
    let book = create(&simulator, json!({"title": "One"})).await;
    let target = format!("/books/{}", book["id"].as_str().unwrap());
    let etag = book["@odata.etag"].as_str().unwrap();
    let unchanged = call(&simulator, "GET", &target, &[("If-None-Match", etag)], "").await;
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
    for (method, given, status) in [
        ("PATCH", "W/\"999\"", 412),
        ("PATCH", etag, 200),
        ("PATCH", etag, 412),
        ("DELETE", etag, 412),
        ("DELETE", "*", 204),
    ] {
        let reply = call(
            &simulator,
            method,
            &target,
            &[("If-Match", given)],
            r#"{"pages": 1}"#,
        )
        .await;
        assert_eq!(reply.status, status, "{method} {given}");
    }
}

#[tokio::test]
async fn content_is_stored_and_read_as_bytes() {
    let simulator = started(library()).await;
    let put = call(
        &simulator,
        "PUT",
        "/books/new/content",
        &[("Content-Type", "image/png")],
        "\u{89}PNG",
    )
    .await;
    assert_eq!((put.status, &put.json()["size"]), (201, &json!(5)));
    let read = get(&simulator, "/books/new/content").await;
    assert_eq!(
        (read.header("content-type"), read.text().as_str()),
        (Some("image/png"), "\u{89}PNG")
    );
    let bare = create(&simulator, json!({"title": "bare"})).await;
    let target = format!("/books/{}/content", bare["id"].as_str().unwrap());
    assert_eq!(get(&simulator, &target).await.status, 404);
}

#[tokio::test]
async fn a_singleton_is_replaced_and_read() {
    let simulator = started(library()).await;
    assert_eq!(get(&simulator, "/settings").await.status, 404);
    let put = call(&simulator, "PUT", "/settings", &[], r#"{"language": "nl"}"#).await;
    assert_eq!(put.status, 201);
    assert_eq!(get(&simulator, "/settings").await.json()["language"], "nl");
}

#[tokio::test]
async fn generated_entities_fit_the_schemas_and_follow_the_seed() {
    let build = || library().entities(20).seed(3);
    let (one, same) = (started(build()).await, started(build()).await);
    assert_eq!(one.entities("/books"), same.entities("/books"));
    assert_eq!(one.entities("/books").len(), 20);
    let bindings: Vec<Value> = one
        .entities("/books")
        .iter()
        .map(|book| book["binding"].clone())
        .collect();
    assert!(bindings.contains(&json!("hard")) && bindings.contains(&json!("soft")));
    assert!(one.put_entity("/books", json!({"id": "mine"})));
    assert!(!one.put_entity("/books", json!({"title": "no id"})));
    assert!(!one.put_entity("/magazines", json!({"id": "1"})));
    let headers = [("Content-Type", "application/json")];
    let put = send(
        &one,
        "POST",
        "/admin/entities/books",
        &headers,
        r#"{"id": "too"}"#,
    )
    .await;
    assert_eq!(put.status, 200);
    let read = send(&one, "GET", "/admin/entities/books", &[], "")
        .await
        .json();
    assert_eq!(read["entities"].as_array().unwrap().len(), 22);
}

#[tokio::test]
async fn v1_has_no_member_that_only_beta_has() {
    let text = std::fs::read_to_string(CONTRACT).unwrap();
    let mut contract: Value = serde_json::from_str(&text).unwrap();
    let members = contract["schemas"]["Binding"]["members"]
        .as_array_mut()
        .unwrap();
    let soft = members.iter_mut().find(|member| member["value"] == "soft");
    soft.unwrap()["betaOnly"] = json!(true);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contract.json");
    std::fs::write(&path, contract.to_string()).unwrap();
    let simulator = started(Simulator::builder().contract(&path)).await;
    let authorization = format!("Bearer {}", simulator.token());
    let at = async |version: &str, method: &str, target: &str, body: &str| {
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/json"),
        ];
        send(
            &simulator,
            method,
            &format!("/{version}{target}"),
            &headers,
            body,
        )
        .await
    };
    let soft = json!({"title": "Paper", "binding": "soft"}).to_string();
    let hard = json!({"title": "Board", "binding": "hard"}).to_string();
    let created = at("beta", "POST", "/books", &soft).await;
    assert_eq!(created.status, 201, "{}", created.text());
    assert_eq!(at("beta", "POST", "/books", &hard).await.status, 201);
    let refused = at("v1.0", "POST", "/books", &soft).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    for (version, shown) in [("beta", "soft"), ("v1.0", "unknownFutureValue")] {
        let page = at(version, "GET", "/books?$orderby=title%20desc", "")
            .await
            .json();
        let bindings = [&page["value"][0]["binding"], &page["value"][1]["binding"]];
        assert_eq!(
            bindings,
            [&json!(shown), &json!("hard")],
            "{version}: {page}"
        );
    }
}
