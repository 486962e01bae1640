//! The simulator with any contract: actions and handlers, restarts, faults, and errors at the start.

use graph_incidents_simulator::{Fault, HandlerResponse, Simulator};
use serde_json::json;

use crate::support::{plain, send, started};

use super::{call, create, get, library};

#[tokio::test]
async fn an_action_is_a_501_until_a_handler_implements_it() {
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
async fn entities_survive_a_restart_with_their_contents_and_etags() {
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
async fn faults_affect_entities_too() {
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
async fn invalid_contracts_and_unknown_handlers_are_reported() {
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
async fn data_without_a_place_in_the_contract_is_refused() {
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
