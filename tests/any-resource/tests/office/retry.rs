//! Writes are repeated after an ambiguous failure only if the description allows it.

use graph_client_any_resource::types::{UserReplacement, UserUpdate};
use graph_client_runtime::Effect;

use crate::scripted::{Scripted, response};

async fn failing_once() -> Scripted {
    Scripted::new(|number, _| match number {
        0 => response(503, "content-length: 0\r\n", ""),
        _ => response(200, "", r#"{"id":"1"}"#),
    })
    .await
}

#[tokio::test]
async fn a_write_is_repeated_only_if_it_is_marked() {
    let marked = failing_once().await;
    let update = UserUpdate::new().display_name("New");
    marked.client().update_user("1", &update).await.unwrap();
    assert_eq!(marked.requests().len(), 2);

    let unmarked = failing_once().await;
    let whole = UserReplacement::new().display_name("New");
    let error = unmarked
        .client()
        .replace_user("1", &whole)
        .await
        .unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(unmarked.requests().len(), 1);
}

#[tokio::test]
async fn a_write_with_a_version_is_not_repeated() {
    let marked = failing_once().await;
    let update = UserUpdate::new().display_name("New");
    let error = marked
        .client()
        .update_user("1", &update)
        .if_match("\"1\"")
        .await
        .unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(marked.requests().len(), 1);
}
