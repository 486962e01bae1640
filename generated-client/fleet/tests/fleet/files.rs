//! A fleet of one process, which needs only a folder.

use std::sync::Arc;
use std::time::Duration;

use graph_incidents_fleet::store::Store as _;
use graph_incidents_fleet::{FileReader, FileStore, StoreError};
use serde_json::json;
use tokio::sync::oneshot;

use super::support::{Bench, change, claim, held, until, write};

#[tokio::test]
async fn changes_and_cursor_survive_and_a_partial_line_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    {
        let store = FileStore::open(folder.path(), 1 << 20).unwrap();
        let mut held = held("t", &claim(&store, "a", "t").await);
        write(&store, "a", &mut held, "one", &[change("t", "1", "v")])
            .await
            .unwrap();
        let second = FileStore::open(folder.path(), 1 << 20)
            .unwrap_err()
            .to_string();
        assert!(
            second.contains("in use by process") && second.contains("Redis"),
            "{second}"
        );
    }
    // A crash within a line.
    let path = folder.path().join("changes/00000001.jsonl");
    let mut text = std::fs::read(&path).unwrap();
    text.extend(b"{\"key\":\"t/2");
    std::fs::write(&path, text).unwrap();
    let store = FileStore::open(folder.path(), 1 << 20).unwrap();
    let lease = claim(&store, "a", "t").await;
    assert_eq!(lease.cursor.as_deref(), Some("one"));
    let mut held = held("t", &lease);
    write(&store, "a", &mut held, "two", &[change("t", "2", "v")])
        .await
        .unwrap();
    let mut reader = FileReader::open(folder.path(), "siem").unwrap();
    let keys: Vec<String> = reader
        .read()
        .unwrap()
        .into_iter()
        .map(|one| one.change.key)
        .collect();
    assert_eq!(keys, ["t/1/v", "t/2/v"]);
}

#[tokio::test]
async fn a_cursor_that_cannot_be_read_is_an_error_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path(), 1 << 20).unwrap();
    let cursors = folder.path().join("cursors");
    std::fs::create_dir(cursors.join("folder.json")).unwrap();
    std::fs::write(cursors.join("damaged.json"), "{").unwrap();
    for (tenant, reason) in [
        ("folder", "failed to read "),
        ("damaged", "move it away to start the tenant again"),
    ] {
        let refused = store.claim("a", tenant).await;
        let Err(StoreError::Invalid(text)) = refused else {
            panic!("{tenant}: {refused:?}")
        };
        assert!(text.contains(reason) && text.contains(tenant), "{text}");
    }
    assert!(cursors.join("folder.json").is_dir());
    assert_eq!(
        std::fs::read_to_string(cursors.join("damaged.json")).unwrap(),
        "{"
    );
    // Another tenant is not affected, and starts without a cursor.
    assert_eq!(claim(&store, "a", "t").await.cursor, None);
}

#[tokio::test]
async fn a_reader_continues_after_its_acknowledgement_and_only_read_files_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let most = 20 << 20;
    let store = FileStore::open(folder.path(), most).unwrap();
    let mut held = held("t", &claim(&store, "a", "t").await);
    let mut large = change("t", "1", "v");
    large.record = json!({"text": "x".repeat(3 << 20)});
    let mut written = 0;
    let full = loop {
        match write(&store, "a", &mut held, "c", std::slice::from_ref(&large)).await {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
    };
    assert!(
        matches!(&full, StoreError::Full(reason) if reason.contains("acknowledged")),
        "{full}"
    );
    assert_eq!(written, 6);
    let mut reader = FileReader::open(folder.path(), "siem").unwrap();
    let read = reader.read().unwrap();
    assert_eq!(read.len(), 6);
    assert!(
        write(&store, "a", &mut held, "c", std::slice::from_ref(&large))
            .await
            .is_err()
    );
    reader.acknowledge(&read[3]).unwrap();
    write(&store, "a", &mut held, "c", std::slice::from_ref(&large))
        .await
        .unwrap();
    // After a restart, it continues after what it acknowledged.
    let again = FileReader::open(folder.path(), "siem")
        .unwrap()
        .read()
        .unwrap();
    assert_eq!(again.len(), 3);
    assert!(FileReader::open(folder.path(), "../siem").is_err());
}

#[tokio::test]
async fn a_worker_with_a_folder_writes_each_change_once_across_restarts() {
    let bench = Bench::of(2).await;
    let state = bench.folder.path().join("state");
    let mut seen: Vec<String> = Vec::new();
    for round in 0..3 {
        let store = Arc::new(FileStore::open(&state, 1 << 24).unwrap());
        let worker = bench.worker("a", store);
        let board = worker.board();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(worker.run(async { stopped.await.unwrap_or_default() }));
        until("both tenants are watched", async || {
            board.summary().watching == 2
        })
        .await;
        for simulator in bench.simulators.values() {
            for id in simulator.incident_ids().into_iter().take(5) {
                assert!(simulator.change(&id, json!({"summary": format!("round {round}")})));
            }
        }
        let mut reader = FileReader::open(&state, "siem").unwrap();
        until("the changes are there", async || {
            for delivery in reader.read().unwrap() {
                reader.acknowledge(&delivery).unwrap();
                seen.push(delivery.change.key);
            }
            seen.len() >= 10 * (round + 1)
        })
        .await;
        stop.send(()).unwrap();
        running.await.unwrap().unwrap();
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (30, 30));
}
