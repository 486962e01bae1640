//! The stream delivers changes until they are acknowledged, trims none before, and sets unreadable ones aside.

use std::time::Duration;

use graph_incidents_fleet::store::Store;
use graph_incidents_fleet::{RedisReader, RedisStore, StoreError, StreamedChange};

use super::redis::Redis;
use super::support::{change, claim, held, write};

const LEASE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(50);

fn changes(count: usize) -> Vec<StreamedChange> {
    (0..count)
        .map(|number| change("t", &number.to_string(), "v"))
        .collect()
}

#[tokio::test]
async fn a_change_is_read_as_written_and_repeated_until_acknowledged() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::new(redis.link(), LEASE);
    let mut held = held("t", &claim(&store, "a", "t").await);
    let written = changes(3);
    write(&store, "a", &mut held, "c", &written).await.unwrap();
    let mut reader = RedisReader::new(redis.link(), "siem", "one").idle(SHORT);
    let read = reader.read(SHORT).await.unwrap();
    let seen: Vec<_> = read
        .iter()
        .map(|delivery| delivery.change.clone())
        .collect();
    assert_eq!(seen, written);
    reader.acknowledge(&read[0]).await.unwrap();
    tokio::time::sleep(SHORT * 2).await;
    // Another consumer of the group gets what the first did not acknowledge.
    let mut other = RedisReader::new(redis.link(), "siem", "two").idle(SHORT);
    let again = other.read(SHORT).await.unwrap();
    assert_eq!(
        again
            .iter()
            .map(|delivery| delivery.change.id.as_str())
            .collect::<Vec<_>>(),
        ["1", "2"]
    );
    assert_eq!(again[0].deliveries, 2);
    for delivery in &again {
        other.acknowledge(delivery).await.unwrap();
    }
    tokio::time::sleep(SHORT * 2).await;
    assert!(reader.read(SHORT).await.unwrap().is_empty());
    // Another group starts with the existing changes.
    let mut lake = RedisReader::new(redis.link(), "lake", "one");
    assert_eq!(lake.read(SHORT).await.unwrap().len(), 3);
}

#[tokio::test]
async fn at_its_bound_the_writer_stops_until_every_group_has_acknowledged() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::new(redis.link(), LEASE).most_unread(10);
    let mut held = held("t", &claim(&store, "a", "t").await);
    write(&store, "a", &mut held, "ten", &changes(10))
        .await
        .unwrap();
    let full = |result: Result<(), StoreError>| matches!(result, Err(StoreError::Full(reason)) if reason.contains("holds 10 changes"));
    assert!(
        full(write(&store, "a", &mut held, "x", &changes(1)).await),
        "nobody reads"
    );
    let (mut quick, mut slow) = (
        RedisReader::new(redis.link(), "quick", "1"),
        RedisReader::new(redis.link(), "slow", "1"),
    );
    for delivery in quick.read(SHORT).await.unwrap() {
        quick.acknowledge(&delivery).await.unwrap();
    }
    let of_slow = slow.read(SHORT).await.unwrap();
    assert_eq!(of_slow.len(), 10);
    assert!(
        full(write(&store, "a", &mut held, "x", &changes(1)).await),
        "one group has read nothing"
    );
    // The third stays; only what comes before it may be trimmed.
    for delivery in of_slow
        .iter()
        .enumerate()
        .filter(|(place, _)| *place != 2)
        .map(|(_, one)| one)
    {
        slow.acknowledge(delivery).await.unwrap();
    }
    write(&store, "a", &mut held, "two more", &changes(2))
        .await
        .unwrap();
    assert!(matches!(
        write(&store, "a", &mut held, "x", &changes(1)).await,
        Err(StoreError::Full(_))
    ));
    assert_eq!(redis.ask(&["XLEN", "{incidents}:changes"]), "10");
    // The cursor moves without changes, but did not move with changes that had no room.
    write(&store, "a", &mut held, "moved", &[]).await.unwrap();
    store.release("a", &held).await.unwrap();
    assert_eq!(
        claim(&store, "a", "t").await.cursor.as_deref(),
        Some("moved")
    );
}

#[tokio::test]
async fn unacknowledged_and_invalid_entries_go_to_the_dead_letters() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::new(redis.link(), LEASE);
    let mut held = held("t", &claim(&store, "a", "t").await);
    write(&store, "a", &mut held, "c", &changes(1))
        .await
        .unwrap();
    redis.ask(&[
        "XADD",
        "{incidents}:changes",
        "*",
        "key",
        "somebody/else's/entry",
    ]);
    let mut reader = RedisReader::new(redis.link(), "siem", "one")
        .idle(SHORT)
        .deliveries(2);
    let mut times = Vec::new();
    for _ in 0..4 {
        times.extend(
            reader
                .read(SHORT)
                .await
                .unwrap()
                .iter()
                .map(|delivery| delivery.deliveries),
        );
        tokio::time::sleep(SHORT * 2).await;
    }
    assert_eq!(times, [1, 2]);
    let dead = redis.ask(&["XRANGE", "{incidents}:dead", "-", "+"]);
    for part in [
        "t/0/v",
        "delivered too often",
        "somebody/else's/entry",
        "it has no field `tenant`",
    ] {
        assert!(dead.contains(part), "{part}: {dead}");
    }
    assert!(
        redis
            .ask(&["XPENDING", "{incidents}:changes", "siem"])
            .starts_with('0')
    );
}

#[tokio::test]
async fn each_tenant_can_have_a_stream_of_its_own() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::new(redis.link(), LEASE).stream_per_tenant(true);
    for tenant in ["t", "u"] {
        let mut held = held(tenant, &claim(&store, "a", tenant).await);
        write(&store, "a", &mut held, "c", &[change(tenant, "1", "v")])
            .await
            .unwrap();
    }
    let mut reader = RedisReader::new(redis.link(), "siem", "one").of_tenant("u");
    let read = reader.read(SHORT).await.unwrap();
    assert_eq!(
        read.iter()
            .map(|delivery| delivery.change.key.as_str())
            .collect::<Vec<_>>(),
        ["u/1/v"]
    );
}
