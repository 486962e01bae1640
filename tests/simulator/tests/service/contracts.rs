//! Any contract: its entities are created, read, changed and deleted as its operations say.

use graph_incidents_simulator::{Builder, Fault, HandlerResponse, Simulator};
use serde_json::{Value, json};

use crate::support::{Reply, all_pages, ids, plain, send, started};

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
async fn bodies_are_held_against_the_schemas_of_the_contract() {
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
async fn filters_have_the_types_of_the_contract() {
    let simulator = started(library()).await;
    let all = shelf(&simulator).await;
    for (filter, found) in [
        ("pages gt 100 and pages le 300", vec![2, 3]),
        ("price ge 1.5 and price lt 4", vec![1, 2]),
        ("price eq 3", vec![2]),
        ("isLent eq true", vec![0, 2, 4]),
        ("binding eq 'HARD'", vec![0, 1]),
        ("isbn eq 00000003-0000-4000-8000-00000000000a", vec![3]),
        ("isbn in ('00000001-0000-4000-8000-00000000000A')", vec![1]),
        ("printedDateTime lt 2002-01-01", vec![0, 1]),
        ("startswith(title,'Vol') and endswith(title, '4')", vec![4]),
        ("not contains(title,'ume')", vec![]),
        ("publisher/city eq 'Gouda'", vec![3]),
        ("publisher/founded eq null", vec![0, 1, 2, 3, 4]),
    ] {
        let target = format!("/books?$filter={}", filter.replace(' ', "%20"));
        let page = get(&simulator, &target).await.json();
        let expected: Vec<&String> = found.iter().map(|index: &usize| &all[*index]).collect();
        assert_eq!(
            ids(page["value"].as_array().unwrap())
                .iter()
                .collect::<Vec<_>>(),
            expected,
            "{filter}"
        );
        let count = format!("/books/$count?$filter={}", filter.replace(' ', "%20"));
        let accepted = call(&simulator, "GET", &count, &[("Accept", "text/plain")], "").await;
        assert_eq!(accepted.text(), found.len().to_string());
    }
    for filter in [
        "pages eq 'x'",
        "pages eq 1.5",
        "price eq 'x'",
        "isbn eq 7",
        "isLent eq null2",
        "publisher eq 'x'",
        "tags eq 'x'",
        "startswith(pages,'1')",
        "startswith(title)",
        "publisher/street eq 'x'",
    ] {
        let target = format!("/books?$filter={}", filter.replace(' ', "%20"));
        assert_eq!(get(&simulator, &target).await.status, 400, "{filter}");
    }
}

#[tokio::test]
async fn lists_page_sort_select_search_and_count() {
    let simulator = started(library()).await;
    let all = shelf(&simulator).await;
    for order in ["", "&$orderby=title%20desc"] {
        let mut found = ids(&all_pages(&simulator, &format!("/beta/books?$top=2{order}")).await);
        if !order.is_empty() {
            found.reverse();
        }
        assert_eq!(found, all);
    }
    let page = get(
        &simulator,
        "/books?$search=volume%203&$count=true&$select=title",
    )
    .await
    .json();
    assert_eq!(page["@odata.count"], 1);
    assert_eq!(page["value"][0]["title"], "Volume 3");
    assert_eq!(page["value"][0].get("pages"), None);
    let large = get(&simulator, "/books?$top=1000").await;
    assert_eq!(
        (large.status, large.error().1.contains("'999'")),
        (400, true)
    );
    // What is deleted between two pages moves nothing.
    let first = get(&simulator, "/books?$top=2").await.json();
    call(&simulator, "DELETE", &format!("/books/{}", all[0]), &[], "").await;
    let link = first["@odata.nextLink"].as_str().unwrap();
    let rest = all_pages(
        &simulator,
        &link["http://simulator.test".len()..].replace("v1.0", "beta"),
    )
    .await;
    assert_eq!(ids(&rest), all[2..]);
}

#[tokio::test]
async fn what_stands_below_an_entity_is_listed_expanded_and_gone_with_it() {
    let simulator = started(library()).await;
    let all = shelf(&simulator).await;
    let loans = format!("/books/{}/loans", all[0]);
    let loan = call(&simulator, "POST", &loans, &[], r#"{"reader": "Ada"}"#).await;
    assert_eq!(loan.status, 201, "{}", loan.text());
    assert_eq!(
        get(&simulator, &loans).await.json()["value"][0]["reader"],
        "Ada"
    );
    let expanded = get(&simulator, "/books?$expand=loans&$select=title")
        .await
        .json();
    assert_eq!(expanded["value"][0]["loans"][0]["reader"], "Ada");
    assert_eq!(expanded["value"][1]["loans"], json!([]));
    assert_eq!(get(&simulator, "/books?$expand=pages").await.status, 400);
    assert_eq!(
        call(&simulator, "POST", "/books/none/loans", &[], "{}")
            .await
            .status,
        404
    );
    assert_eq!(get(&simulator, "/books/none/loans").await.status, 404);
    call(&simulator, "DELETE", &format!("/books/{}", all[0]), &[], "").await;
    assert!(simulator.entities(&loans).is_empty());
}

#[tokio::test]
async fn etags_guard_writes_and_spare_reads() {
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
async fn a_content_is_put_and_read_as_bytes() {
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
async fn a_delta_query_tells_what_changed_and_what_was_deleted() {
    let mut profile = graph_incidents_simulator::Profile::plain();
    profile.entity_page_size = 2;
    let simulator = started(library().profile(profile)).await;
    let all = shelf(&simulator).await;
    let round = async |start: String| {
        let mut items: Vec<Value> = Vec::new();
        let mut target = start;
        loop {
            let page = get(&simulator, &target).await.json();
            items.extend(page["value"].as_array().unwrap().iter().cloned());
            let link = page["@odata.nextLink"]
                .as_str()
                .or(page["@odata.deltaLink"].as_str())
                .unwrap();
            target = link["http://simulator.test/v1.0".len()..].to_owned();
            if page["@odata.deltaLink"].is_string() {
                return (items, target);
            }
        }
    };
    let (items, link) = round("/books/delta?$select=title".to_owned()).await;
    assert_eq!(ids(&items), all);
    assert!(link.contains("$select=title"), "{link}");
    let (nothing, link) = round(link).await;
    assert!(nothing.is_empty());
    call(
        &simulator,
        "PATCH",
        &format!("/books/{}", all[1]),
        &[],
        r#"{"pages": 9}"#,
    )
    .await;
    call(&simulator, "DELETE", &format!("/books/{}", all[2]), &[], "").await;
    let new = create(&simulator, json!({"title": "new"})).await;
    let (items, _) = round(link).await;
    assert_eq!(ids(&items), [&all[1], &all[2], new["id"].as_str().unwrap()]);
    assert_eq!(items[1]["@removed"]["reason"], "deleted");
    for (token, status) in [("x", 400), ("older-7", 410)] {
        let target = format!("/books/delta?$deltatoken={token}");
        assert_eq!(get(&simulator, &target).await.status, status);
    }
}

#[tokio::test]
async fn an_action_is_a_501_until_a_handler_carries_it_out() {
    let simulator = started(library()).await;
    let reply = call(&simulator, "POST", "/books/7/lend", &[], "{}").await;
    let (code, message) = reply.error();
    assert_eq!((reply.status, code.as_str()), (501, "NotImplemented"));
    assert!(message.contains("'lendBook'"), "{message}");
    let handled = library().handler("lendBook", |request| {
        if request.body["reader"].is_null() {
            return HandlerResponse::error(409, "NoReader", "nobody lends it");
        }
        HandlerResponse::json(
            200,
            json!({"id": request.parameters[0], "by": request.body["reader"]}),
        )
        .header("x-shelf", "3")
    });
    let simulator = started(handled).await;
    let reply = call(
        &simulator,
        "POST",
        "/books/7/lend",
        &[],
        r#"{"reader": "Ada"}"#,
    )
    .await;
    assert_eq!(
        (reply.json(), reply.header("x-shelf")),
        (json!({"id": "7", "by": "Ada"}), Some("3"))
    );
    let refused = call(&simulator, "POST", "/books/7/lend", &[], "{}").await;
    assert_eq!(refused.error().0, "NoReader");
}

#[tokio::test]
async fn a_thing_of_which_there_is_one_is_put_and_read() {
    let simulator = started(library()).await;
    assert_eq!(get(&simulator, "/settings").await.status, 404);
    let put = call(&simulator, "PUT", "/settings", &[], r#"{"language": "nl"}"#).await;
    assert_eq!(put.status, 201);
    assert_eq!(get(&simulator, "/settings").await.json()["language"], "nl");
}

#[tokio::test]
async fn made_entities_fit_the_schemas_and_are_the_same_for_a_seed() {
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
async fn entities_outlast_a_restart_with_their_contents_and_etags() {
    let folder = tempfile::tempdir().unwrap();
    let build = || {
        library()
            .token("t")
            .entities(2)
            .state(folder.path().join("state"))
    };
    let first = started(build()).await;
    let book = create(&first, json!({"title": "kept"})).await;
    let target = format!("/books/{}", book["id"].as_str().unwrap());
    call(
        &first,
        "PUT",
        &format!("{target}/content"),
        &[("Content-Type", "image/png")],
        "\0\u{7f}",
    )
    .await;
    assert_eq!(
        call(&first, "DELETE", "/books/1", &[], "").await.status,
        204
    );
    let before = get(&first, &target).await.json();
    let list = first.entities("/books");
    first.stop().await;
    let second = started(build()).await;
    assert_eq!(get(&second, &target).await.json(), before);
    assert_eq!(
        get(&second, &format!("{target}/content")).await.text(),
        "\0\u{7f}"
    );
    assert_eq!(second.entities("/books"), list);
    assert_eq!(get(&second, "/books/1").await.status, 404);
}

#[tokio::test]
async fn faults_strike_entities_too() {
    let simulator = started(library()).await;
    let book = create(&simulator, json!({"title": "before"})).await;
    let target = format!("/books/{}", book["id"].as_str().unwrap());
    call(&simulator, "PATCH", &target, &[], r#"{"title": "after"}"#).await;
    simulator.faults().script([
        vec![Fault::StaleRead],
        vec![Fault::UnknownProperties],
        vec![Fault::LinkCycle],
    ]);
    assert_eq!(get(&simulator, &target).await.json()["title"], "before");
    assert!(get(&simulator, &target).await.json()["notYetDescribed"].is_object());
    let page = get(&simulator, "/books").await.json();
    assert_eq!(page["@odata.nextLink"], "http://simulator.test/v1.0/books");
}

#[tokio::test]
async fn what_is_no_contract_and_who_handles_nothing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contract.json");
    let start = async || {
        Simulator::builder()
            .contract(&file)
            .start()
            .await
            .err()
            .unwrap()
            .to_string()
    };
    assert!(start().await.contains("contract.json"));
    for text in [
        "",
        "{}",
        r#"{"schemas": {}, "operations": [{"id": "x", "method": "G T", "path": "/x", "success": {}}]}"#,
    ] {
        std::fs::write(&file, text).unwrap();
        assert!(
            start().await.contains("contract.json is not a contract"),
            "{text}"
        );
    }
    let handled = library().handler("lendBooks", |_| HandlerResponse::no_content());
    let error = handled.start().await.err().unwrap().to_string();
    assert!(
        error.contains("'lendBooks'") && error.contains("lendBook,"),
        "{error}"
    );
    // The contract of incidents has no such collection.
    let simulator = plain().await;
    assert_eq!(get(&simulator, "/books").await.status, 400);
}

#[tokio::test]
async fn data_that_the_contract_has_no_place_for_is_refused() {
    let simulator = started(library()).await;
    let headers = [("Content-Type", "application/json")];
    let put = send(
        &simulator,
        "POST",
        "/admin/entities/magazines",
        &headers,
        r#"{"id": "1"}"#,
    )
    .await;
    assert_eq!(
        (put.status, put.text().contains("'/magazines'")),
        (400, true)
    );
    let error = library().incidents(5).start().await.err().unwrap();
    assert!(error.to_string().contains("no incidents"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let first = started(library().state(&state)).await;
    assert!(first.put_entity("/books", json!({"id": "1"})));
    first.stop().await;
    let error = Simulator::builder()
        .state(&state)
        .start()
        .await
        .err()
        .unwrap();
    assert!(
        error.to_string().contains("entities of '/books'"),
        "{error}"
    );
}
