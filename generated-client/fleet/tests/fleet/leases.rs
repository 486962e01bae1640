//! One worker per tenant: leases, fencing tokens, and a worker that has lost its lease.

use std::sync::Arc;
use std::time::Duration;

use graph_incidents_fleet::store::{Claim, Store};
use graph_incidents_fleet::{MemoryStore, RedisStore, StoreError};
use tokio::time::sleep;

use super::redis::Redis;
use super::support::{LEASE, change, claim, held, write};

/// The promises of every store.
async fn keep_the_lease(store: &dyn Store) {
    let first = claim(store, "a", "t").await;
    assert_eq!(
        (first.cursor.clone(), first.taken_over.clone()),
        (None, None)
    );
    assert!(matches!(store.claim("b", "t").await.unwrap(), Claim::Taken(time) if time <= LEASE));
    let mut of_first = held("t", &first);
    write(store, "a", &mut of_first, "one", &[change("t", "1", "v1")])
        .await
        .unwrap();
    // A renewed lease stays.
    for _ in 0..3 {
        sleep(LEASE / 2).await;
        assert!(
            store
                .renew("a", &[of_first.clone()])
                .await
                .unwrap()
                .is_empty()
        );
    }
    assert!(matches!(
        store.claim("b", "t").await.unwrap(),
        Claim::Taken(_)
    ));
    // An expired lease goes to the next worker, with a larger token and the current cursor.
    sleep(LEASE + Duration::from_millis(100)).await;
    let second = claim(store, "b", "t").await;
    assert!(second.fence > first.fence);
    assert_eq!(second.cursor.as_deref(), Some("one"));
    let (before, gap) = second.taken_over.clone().unwrap();
    assert!(
        before == "a" && gap < Duration::from_secs(1),
        "{before}, {gap:?}"
    );
    // A worker with the old token can do nothing.
    let late = write(
        store,
        "a",
        &mut of_first,
        "late",
        &[change("t", "1", "late")],
    )
    .await;
    assert_eq!(late, Err(StoreError::Fenced));
    assert_eq!(store.renew("a", &[of_first.clone()]).await.unwrap(), ["t"]);
    store.release("a", &of_first).await.unwrap();
    let mut of_second = held("t", &second);
    write(store, "b", &mut of_second, "two", &[]).await.unwrap();
    // A cursor that differs from the worker's last one is reported when writing and when renewing.
    of_second.revision += 1;
    assert_eq!(
        write(store, "b", &mut of_second, "x", &[]).await,
        Err(StoreError::Moved)
    );
    assert_eq!(store.renew("b", &[of_second.clone()]).await.unwrap(), ["t"]);
    // A released lease is free at once.
    of_second.revision -= 1;
    store.release("b", &of_second).await.unwrap();
    let third = claim(store, "a", "t").await;
    assert_eq!(
        (third.cursor.as_deref(), third.taken_over),
        (Some("two"), None)
    );
}

#[tokio::test]
async fn in_memory_a_tenant_has_one_worker_and_an_old_token_writes_nothing() {
    keep_the_lease(&MemoryStore::new(LEASE, 100)).await;
}

#[tokio::test]
async fn in_redis_a_tenant_has_one_worker_and_an_old_token_writes_nothing() {
    let Some(redis) = Redis::start() else { return };
    keep_the_lease(&RedisStore::new(redis.link(), LEASE)).await;
}

#[tokio::test]
async fn live_workers_are_known_and_their_number_is_bounded() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::new(redis.link(), LEASE).workers_at_most(2);
    store.join("a", "{}").await.unwrap();
    assert_eq!(store.join("b", "{}").await.unwrap(), ["a", "b"]);
    let refused = store.join("c", "{}").await.unwrap_err().to_string();
    assert!(refused.contains("`workers-at-most`"), "{refused}");
    store.leave("a").await.unwrap();
    assert_eq!(store.join("c", "{}").await.unwrap(), ["b", "c"]);
    sleep(LEASE + Duration::from_millis(100)).await;
    assert_eq!(store.join("c", "{}").await.unwrap(), ["c"]);
    assert_eq!(
        store.statuses().await.unwrap(),
        [("c".to_owned(), "{}".to_owned())]
    );
}

#[tokio::test]
async fn a_writer_notices_that_a_restart_undid_its_write() {
    let Some(mut redis) = Redis::with(&["--appendonly", "no"]) else {
        return;
    };
    let store: Arc<dyn Store> = Arc::new(RedisStore::new(redis.link(), Duration::from_secs(60)));
    let mut held = held("t", &claim(&*store, "a", "t").await);
    write(&*store, "a", &mut held, "one", &[]).await.unwrap();
    redis.ask(&["SAVE"]);
    write(&*store, "a", &mut held, "two", &[change("t", "1", "v")])
        .await
        .unwrap();
    // The snapshot has the first write: cursor, stream and lease are restored together.
    redis.restart();
    let lost = once_back(async || store.renew("a", &[held.clone()]).await).await;
    let lost = lost.unwrap();
    assert_eq!(lost, ["t"]);
    assert_eq!(redis.ask(&["XLEN", "{incidents}:changes"]), "0");
    assert_eq!(
        claim(&*store, "a", "t").await.cursor.as_deref(),
        Some("one")
    );
}

/// The result of a store once Redis is available again.
async fn once_back<T>(
    mut ask: impl AsyncFnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    loop {
        match ask().await {
            Err(StoreError::Unavailable(_)) => sleep(Duration::from_millis(100)).await,
            settled => return settled,
        }
    }
}

#[tokio::test]
async fn a_token_that_a_restart_undid_writes_nothing() {
    let Some(mut redis) = Redis::with(&["--appendonly", "no"]) else {
        return;
    };
    let store = RedisStore::new(redis.link(), LEASE);
    let mut of_first = held("t", &claim(&store, "a", "t").await);
    write(&store, "a", &mut of_first, "one", &[]).await.unwrap();
    redis.ask(&["SAVE"]);
    store.release("a", &of_first).await.unwrap();
    let second = claim(&store, "b", "t").await;
    let mut of_second = held("t", &second);
    let seen = [change("t", "1", "v")];
    write(&store, "b", &mut of_second, "two", &seen)
        .await
        .unwrap();
    redis.restart();
    let late = once_back(async || write(&store, "b", &mut of_second, "three", &seen).await).await;
    assert_eq!(late, Err(StoreError::Fenced));
    // The next worker gets the same number; the worker's name distinguishes them, even at the same revision.
    sleep(LEASE).await;
    let third = claim(&store, "c", "t").await;
    assert_eq!(
        (third.fence, third.cursor.as_deref()),
        (second.fence, Some("one"))
    );
    of_second.revision = third.revision;
    let late = write(&store, "b", &mut of_second, "three", &seen).await;
    assert_eq!(late, Err(StoreError::Fenced));
    assert_eq!(redis.ask(&["XLEN", "{incidents}:changes"]), "0");
    let mut of_third = held("t", &third);
    write(&store, "c", &mut of_third, "two", &seen)
        .await
        .unwrap();
    assert_eq!(redis.ask(&["XLEN", "{incidents}:changes"]), "1");
}

/// A crash truncates the journal of Redis anywhere in its unwritten part.
#[tokio::test]
async fn a_write_that_a_crash_interrupts_is_complete_or_absent() {
    let Some(mut redis) = Redis::start() else {
        return;
    };
    let store = RedisStore::new(redis.link(), Duration::from_secs(600));
    let mut held = held("t", &claim(&store, "a", "t").await);
    let changes = ["1", "2", "3"].map(|id| change("t", id, "v"));
    write(&store, "a", &mut held, "one", &changes[..1])
        .await
        .unwrap();
    let journal = redis
        .folder
        .path()
        .join("appendonlydir/appendonly.aof.1.incr.aof");
    let before = std::fs::read(&journal).unwrap().len();
    write(&store, "a", &mut held, "two", &changes[1..])
        .await
        .unwrap();
    redis.kill();
    let whole = std::fs::read(&journal).unwrap();
    let mut found = Vec::new();
    for twentieth in 0..=20 {
        let place = before + (whole.len() - before) * twentieth / 20;
        std::fs::write(&journal, &whole[..place]).unwrap();
        redis.restart();
        let cursor = redis.ask(&["HMGET", "{incidents}:cursor:t", "text", "revision"]);
        let length = redis.ask(&["XLEN", "{incidents}:changes"]);
        found.push((cursor.replace('\n', " "), length));
        redis.kill();
    }
    let [one, two] = [("one 1", "1"), ("two 2", "3")]
        .map(|(cursor, length)| (cursor.to_owned(), length.to_owned()));
    let (last, cut) = found.split_last().unwrap();
    assert_eq!(last, &two);
    assert!(cut.iter().all(|found| *found == one), "{cut:?}");
}
