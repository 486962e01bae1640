//! Lists of entities of any contract: conditions, pages, contained entities, and changes.

use serde_json::{Value, json};

use crate::support::{all_pages, ids, started};

use super::{call, create, get, library, shelf};

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
    // A deletion between two pages moves nothing.
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
async fn contained_entities_are_listed_expanded_and_deleted_with_their_parent() {
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
async fn a_delta_query_reports_changes_and_deletions() {
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
