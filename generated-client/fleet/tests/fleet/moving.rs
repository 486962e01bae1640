//! Moving from a folder to Redis takes one setting; cursors and unread changes are kept.

use std::path::Path;
use std::time::Duration;

use graph_incidents_fleet::store::Store as _;
use graph_incidents_fleet::{
    FileReader, FileStore, FleetSettings, RedisReader, RedisStore, Secrets,
};

use super::redis::Redis;
use super::support::{LEASE, change, claim, held, write};

fn settings(folder: &Path, redis: Option<&Redis>) -> FleetSettings {
    std::fs::write(folder.join("tenants.toml"), "").unwrap();
    let mut settings = FleetSettings::default();
    settings.state = folder.join("state");
    settings.tenants = folder.join("tenants.toml");
    settings.redis = redis.map(Redis::address);
    settings
}

#[tokio::test]
async fn moving_to_redis_is_one_setting_and_keeps_cursors_and_unread_changes() {
    let Some(redis) = Redis::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let with_folder = settings(folder.path(), None);
    {
        let store = FileStore::open(&with_folder.state, 1 << 24).unwrap();
        for tenant in ["t", "u"] {
            let mut held = held(tenant, &claim(&store, "a", tenant).await);
            let changes: Vec<_> = (0..150)
                .map(|number| change(tenant, &number.to_string(), "v"))
                .collect();
            write(
                &store,
                "a",
                &mut held,
                &format!("cursor of {tenant}"),
                &changes,
            )
            .await
            .unwrap();
        }
        let mut reader = FileReader::open(&with_folder.state, "siem").unwrap();
        let read = reader.read().unwrap();
        reader.acknowledge(&read[19]).unwrap();
        // Nothing is moved while the fleet of one process runs.
        let early = settings(folder.path(), Some(&redis))
            .worker(Secrets::default())
            .await;
        let early = early.unwrap_err().to_string();
        assert!(early.contains("in use by process"), "{early}");
    }
    let with_redis = settings(folder.path(), Some(&redis));
    drop(with_redis.worker(Secrets::default()).await.unwrap());
    let store = RedisStore::new(redis.link(), LEASE);
    for tenant in ["t", "u"] {
        let lease = claim(&store, "b", tenant).await;
        assert_eq!(lease.cursor, Some(format!("cursor of {tenant}")));
        store.release("b", &held(tenant, &lease)).await.unwrap();
    }
    let mut reader = RedisReader::new(redis.link(), "siem", "one");
    let mut moved = Vec::new();
    loop {
        let read = reader.read(Duration::from_millis(50)).await.unwrap();
        if read.is_empty() {
            break;
        }
        moved.extend(read.into_iter().map(|delivery| delivery.change.key));
    }
    assert_eq!(moved.len(), 280);
    assert!(!moved.contains(&"t/19/v".to_owned()) && moved.contains(&"t/20/v".to_owned()));
    // It moves only once.
    drop(with_redis.worker(Secrets::default()).await.unwrap());
    assert_eq!(redis.ask(&["XLEN", "{incidents}:changes"]), "280");
}

#[tokio::test]
async fn tenants_in_redis_need_redis() {
    let folder = tempfile::tempdir().unwrap();
    let mut without = settings(folder.path(), None);
    without.tenants = "redis".into();
    let refused = without
        .worker(Secrets::default())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("tenants in Redis need `redis`"),
        "{refused}"
    );
}
