//! Cursors: nothing is seen twice, and a saved cursor is restored as it was or refused.

use serde_json::json;

use super::*;

fn incident(id: &str, second: u32, summary: &str) -> Incident {
    serde_json::from_value(json!({
        "id": id,
        "createdDateTime": "2026-01-01T00:00:00Z",
        "lastUpdateDateTime": format!("2026-01-01T00:{:02}:{:02}.1234567Z", second / 60, second % 60),
        "summary": summary,
    }))
    .unwrap()
}

fn take(cursor: &mut Cursor, id: &str, second: u32, summary: &str) -> Option<Change> {
    let incident = incident(id, second, summary);
    let time = incident.last_update_date_time.unwrap();
    let change = cursor.take(incident, true);
    cursor.move_to(time, Duration::ZERO);
    change
}

#[test]
fn a_version_is_seen_once_even_from_before_the_boundary() {
    let mut cursor = Cursor::<Incident>::default();
    assert!(take(&mut cursor, "1", 1, "a").is_some());
    assert!(take(&mut cursor, "2", 1, "a").is_some());
    assert!(take(&mut cursor, "1", 1, "a").is_none());
    // Another version with the same time is another version.
    assert!(take(&mut cursor, "2", 1, "b").is_some());
    assert!(take(&mut cursor, "3", 9, "a").is_some());
    // A lagging index returns items from before the boundary again.
    for _ in 0..3 {
        assert!(take(&mut cursor, "1", 1, "a").is_none());
        assert!(take(&mut cursor, "2", 1, "b").is_none());
    }
}

#[test]
fn a_change_has_the_earlier_state_and_the_properties_that_differ() {
    let mut cursor = Cursor::<Incident>::default();
    assert!(take(&mut cursor, "1", 1, "a").unwrap().is_new());
    let change = take(&mut cursor, "1", 2, "b").unwrap();
    assert_eq!(change.kind, ChangeKind::Changed);
    assert_eq!(change.properties, ["lastUpdateDateTime", "summary"]);
    assert_eq!(change.before.unwrap().summary.as_deref(), Some("a"));
    assert_eq!(change.after.summary.as_deref(), Some("b"));
}

#[test]
fn of_two_versions_with_the_same_time_the_last_is_remembered() {
    let mut cursor = Cursor::<Incident>::default();
    take(&mut cursor, "1", 1, "a");
    take(&mut cursor, "1", 1, "b");
    let change = take(&mut cursor, "1", 2, "c").unwrap();
    assert_eq!(change.before.unwrap().summary.as_deref(), Some("b"));
}

#[test]
fn an_item_created_after_everything_forgotten_is_new() {
    let mut cursor = Cursor::<Incident>::default();
    cursor.remember(1);
    for (id, second) in [("1", 1), ("2", 2)] {
        take(&mut cursor, id, second, "a");
    }
    let mut later = incident("3", 3, "a");
    later.created_date_time = Some("2026-01-01T00:00:01Z".parse().unwrap());
    assert!(cursor.take(later, true).unwrap().is_new());
    let mut before = incident("4", 3, "a");
    before.created_date_time = Some("2025-12-31T00:00:00Z".parse().unwrap());
    assert!(!cursor.take(before, true).unwrap().is_new());
}

#[test]
fn an_incident_from_before_the_watcher_is_not_new() {
    let mut cursor = Cursor::<Incident>::default();
    cursor.begin_at("2026-01-01T00:00:00.5Z".parse().unwrap());
    let change = take(&mut cursor, "1", 1, "a").unwrap();
    assert_eq!(
        (change.kind, change.is_new()),
        (ChangeKind::Unremembered, false)
    );
    assert_eq!(
        take(&mut cursor, "1", 2, "b").unwrap().kind,
        ChangeKind::Changed
    );
}

#[test]
fn an_older_version_does_not_replace_a_newer_one() {
    let mut cursor = Cursor::<Incident>::default();
    take(&mut cursor, "1", 5, "new");
    assert!(take(&mut cursor, "1", 3, "old").is_some());
    let change = take(&mut cursor, "1", 6, "newer").unwrap();
    assert_eq!(change.before.unwrap().summary.as_deref(), Some("new"));
}

#[test]
fn a_cursor_can_be_saved_and_restored() {
    let mut cursor = Cursor::<Incident>::default();
    take(&mut cursor, "1", 1, "a");
    take(&mut cursor, "2", 1, "b");
    let mut read: Cursor = cursor.to_string().parse().unwrap();
    assert_eq!(read, cursor);
    let json = serde_json::to_string(&cursor).unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor);
    assert!(take(&mut read, "1", 1, "a").is_none());
    let change = take(&mut read, "2", 3, "c").unwrap();
    assert_eq!(change.before.unwrap().summary.as_deref(), Some("b"));
}

#[test]
fn a_damaged_cursor_and_one_of_another_version_are_errors() {
    let mut cursor = Cursor::<Incident>::default();
    take(&mut cursor, "1", 1, "a");
    let text = cursor.to_string();
    for place in 0..text.len() {
        let mut damaged = text.clone().into_bytes();
        damaged[place] = if damaged[place] == b'7' { b'8' } else { b'7' };
        let damaged = String::from_utf8(damaged).unwrap();
        assert!(damaged.parse::<Cursor>().is_err(), "{place}: {damaged}");
        assert!(text[..place].parse::<Cursor>().is_err(), "{place}");
    }
    assert!("{}".parse::<Cursor>().is_err());
    let newer = text.replace("\"version\":2", "\"version\":3");
    let error = newer.parse::<Cursor>().unwrap_err().to_string();
    assert!(error.contains("version 3"), "{error}");
}

#[test]
fn memory_is_bounded_and_the_oldest_is_forgotten_first() {
    let mut cursor = Cursor::<Incident>::default();
    cursor.remember(2);
    for (id, second) in [("1", 1), ("2", 2), ("3", 3)] {
        take(&mut cursor, id, second, "a");
    }
    assert_eq!(
        take(&mut cursor, "1", 4, "b").unwrap().kind,
        ChangeKind::Unremembered
    );
    assert_eq!(
        take(&mut cursor, "3", 5, "b").unwrap().kind,
        ChangeKind::Changed
    );
}

#[test]
fn a_cursor_stays_small_whatever_it_has_seen() {
    let mut cursor = Cursor::<Incident>::default();
    let long = "x".repeat(3_000);
    for second in 0..3_000 {
        take(&mut cursor, &(second % 1_500).to_string(), second, &long);
    }
    let length = cursor.to_string().len();
    assert!(length < 320 << 10, "{length}");
    // The last versions are known, the first are not.
    assert!(take(&mut cursor, "1499", 2_999, &long).is_none());
    assert!(take(&mut cursor, "0", 0, &long).is_some());
}

#[test]
fn a_saved_cursor_keeps_its_bound_and_that_it_forgot() {
    let mut cursor = Cursor::<Incident>::default();
    cursor.remember(2);
    for (id, second) in [("1", 1), ("2", 2), ("3", 3)] {
        take(&mut cursor, id, second, "a");
    }
    let mut read: Cursor = cursor.to_string().parse().unwrap();
    assert_eq!(read, cursor);
    // It was created when a forgotten item was, so it may have been seen before.
    let change = take(&mut read, "4", 4, "a").unwrap();
    assert_eq!(change.kind, ChangeKind::Unremembered);
    assert_eq!(
        take(&mut read, "2", 5, "b").unwrap().kind,
        ChangeKind::Unremembered
    );
}

#[test]
fn a_boundary_moves_back_only_to_an_earlier_time() {
    let at = |second: i64| DateTime::from_timestamp(second, 0);
    let mut cursor = Cursor::<Incident>::default();
    assert!(!cursor.move_back(at(5)), "there is nothing to move");
    cursor.begin_at(at(5).unwrap());
    for time in [None, at(5), at(6)] {
        assert!(!cursor.move_back(time), "{time:?}");
        assert_eq!(cursor.boundary(), at(5));
    }
    assert!(cursor.move_back(at(4)));
    assert_eq!(cursor.boundary(), at(4));
}

#[test]
fn versions_are_forgotten_only_beyond_their_bound() {
    let mut seen = Seen::default();
    let most = seen::MOST as u64;
    assert!((0..most).all(|hash| seen.push((hash, 0))));
    assert!((0..most).all(|hash| !seen.push((hash, 0))));
    // The first makes room for one more.
    assert!(seen.push((most, 0)) && !seen.push((1, 0)));
    assert!(seen.push((0, 0)) && seen.push((1, 0)));
}

#[test]
fn the_last_versions_from_before_the_boundary_are_kept() {
    let mut seen = Seen::default();
    let (kept, before) = (seen::LAGGING as u64, seen::LAGGING as u64 + 10);
    // A version from the boundary's own time and one from a later time were yielded first.
    assert!(seen.push((before, 1_000_000)) && seen.push((before + 1, 2_000_000)));
    assert!((0..before).all(|hash| seen.push((hash, 999_999))));
    seen.pass(DateTime::from_timestamp(1, 0).unwrap());
    let left: Vec<u64> = seen.iter().map(|(hash, _)| *hash).collect();
    let last: Vec<u64> = [before, before + 1]
        .into_iter()
        .chain(before - kept..before)
        .collect();
    assert_eq!(left, last);
    assert!(!seen.push((before - 1, 0)) && seen.push((0, 0)));
}
