//! Services that ignore the order that the watcher requests.

use std::time::Duration;

use serde_json::json;

use super::raw::{RawServer, json as raw_json};
use super::watch::{changes, ids, to};

/// A service that returns these incidents in their order, two per page, whatever is requested.
async fn unfiltered(times: Vec<(&'static str, String)>) -> RawServer {
    RawServer::saying(move |_, request| {
        let skip = request.split("$skip=").nth(1).unwrap_or("0");
        let digits: String = skip.chars().take_while(char::is_ascii_digit).collect();
        let skip: usize = digits.parse().unwrap();
        let items = times.iter().skip(skip).take(2);
        let items: Vec<_> = items
            .map(|(id, time)| json!({"id": id, "lastUpdateDateTime": time}))
            .collect();
        let next =
            (skip + 2 < times.len()).then(|| format!("SELF/security/incidents?$skip={}", skip + 2));
        raw_json(200, &json!({"value": items, "@odata.nextLink": next}))
    })
    .await
}

#[tokio::test]
async fn every_incident_is_seen_if_the_service_ignores_the_order() {
    let orders: [&[u32]; 3] = [
        &[3, 1, 9, 2, 8, 4, 7, 5, 6],
        &[9, 8, 7, 6, 5, 4, 3, 2, 1],
        &[1, 9, 2, 3, 4, 5, 6, 7, 8],
    ];
    for order in orders {
        let names = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let time = |day: &u32| format!("2026-01-0{day}T00:00:00Z");
        let times = order.iter().map(|day| (names[*day as usize], time(day)));
        let server = unfiltered(times.collect()).await;
        let mut watcher = to(&server)
            .watch()
            .since("2026-01-01T00:00:00Z".parse().unwrap())
            .every(Duration::from_millis(5));
        let seen = changes(&mut watcher).await;
        let mut ids = ids(&seen);
        ids.sort_unstable();
        assert_eq!(ids, names[1..], "{order:?}");
    }
}

/// A service that filters by time and returns the rest in its own order, two per page. An incident is named by its day,
/// and by its position among those of the same day.
async fn filtered(days: &'static [u32]) -> RawServer {
    RawServer::saying(move |_, request| {
        let after = |name: &str| request.split(name).nth(1);
        let from = after("ge%202026-01-0").or(after("ge+2026-01-0"));
        let from: u32 = from.map_or(0, |day| day[..1].parse().unwrap());
        let skip = after("$skip=").unwrap_or("0");
        let digits: String = skip.chars().take_while(char::is_ascii_digit).collect();
        let skip: usize = digits.parse().unwrap();
        let all = days.iter().enumerate().filter(|(_, day)| **day >= from);
        let item = |(place, day): (usize, &u32)| {
            let same = days[..place].iter().filter(|other| *other == day).count();
            let id = format!("{day}{}", "'".repeat(same));
            json!({"id": id, "lastUpdateDateTime": format!("2026-01-0{day}T00:00:00Z")})
        };
        let items: Vec<_> = all.clone().skip(skip).take(2).map(item).collect();
        let link = format!(
            "SELF/security/incidents?$filter=x%20ge%202026-01-0{from}&$skip={}",
            skip + 2
        );
        let next = (skip + 2 < all.count()).then_some(link);
        raw_json(200, &json!({"value": items, "@odata.nextLink": next}))
    })
    .await
}

#[tokio::test]
async fn a_page_sorted_by_chance_does_not_prove_the_order() {
    let server = filtered(&[1, 5, 9, 2, 3, 4]).await;
    let watcher = to(&server).watch().every(Duration::from_millis(5));
    let mut watcher = watcher.since("2026-01-01T00:00:00Z".parse().unwrap());
    let seen = changes(&mut watcher).await;
    let mut ids = ids(&seen);
    ids.sort_unstable();
    assert_eq!(ids, ["1", "2", "3", "4", "5", "9"]);

    let server = filtered(&[5, 1, 9, 2]).await;
    let mut watcher = to(&server).watch().every(Duration::from_secs(60));
    let _ = tokio::time::timeout(Duration::from_millis(300), watcher.next()).await;
    let boundary = watcher.cursor().boundary().unwrap();
    assert_eq!(boundary.to_rfc3339(), "2026-01-09T00:00:00+00:00");
}

#[tokio::test]
async fn a_page_with_one_time_does_not_prove_the_order() {
    let server = filtered(&[5, 5, 2, 1]).await;
    let watcher = to(&server).watch().every(Duration::from_millis(5));
    let mut watcher = watcher.since("2026-01-01T00:00:00Z".parse().unwrap());
    let seen = changes(&mut watcher).await;
    let mut ids = ids(&seen);
    ids.sort_unstable();
    assert_eq!(ids, ["1", "2", "5", "5'"]);
}

#[tokio::test]
async fn a_watcher_starts_with_the_latest_time_even_without_order() {
    let orders: [&[u32]; 5] = [
        &[1, 3, 2, 1],
        &[1, 2, 3, 1],
        &[3, 1, 3, 2],
        &[3, 1, 2, 3],
        &[2, 2, 1, 3],
    ];
    for order in orders {
        let server = filtered(order).await;
        let mut watcher = to(&server).watch().every(Duration::from_secs(60));
        // Earlier incidents are read, and none of them is a change.
        let seen = changes(&mut watcher).await;
        assert!(seen.is_empty(), "{order:?}: {:?}", ids(&seen));
        let boundary = watcher.cursor().boundary().unwrap();
        assert_eq!(
            boundary.to_rfc3339(),
            "2026-01-03T00:00:00+00:00",
            "{order:?}"
        );
    }
}
