//! Moves a fleet of one process into Redis: its cursors, and the unacknowledged changes.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::change::StreamedChange;
use crate::store::{
    Claim, Commit, Held, Position, Segments, Store, StoreError, changes, cursors_of,
};
use crate::subject::name_of;

/// How many changes are read and written at once.
const AT_ONCE: usize = 100;
/// How long to wait for another worker that is moving the same folder.
const PATIENCE: Duration = Duration::from_secs(3);

/// Moves the content of a state folder into a store; returns the number of its cursors. The folder's cursors are then
/// renamed to `cursors-moved`, so that this happens once. A tenant that the store already knows keeps its state there.
///
/// An interrupted move starts again: changes may then occur twice, with the same keys.
pub(crate) async fn move_into(
    store: &dyn Store,
    worker: &str,
    folder: &Path,
) -> Result<usize, StoreError> {
    let cursors = folder.join("cursors");
    if !is_there(&cursors)? {
        return Ok(0);
    }
    let began = Instant::now();
    let found = loop {
        match cursors_of(folder) {
            // Another worker on this machine may be moving it.
            Err(_) if began.elapsed() < PATIENCE => sleep(Duration::from_millis(100)).await,
            result => break result?,
        }
        if !is_there(&cursors)? {
            return Ok(0);
        }
    };
    let mut unread = unread(folder)?;
    for (tenant, cursor) in &found {
        let changes = unread.remove(tenant).unwrap_or_default();
        move_tenant(store, worker, tenant, cursor, &changes).await?;
    }
    let failed = |error: std::io::Error| {
        StoreError::Invalid(format!(
            "failed to set {} aside: {error}",
            cursors.display()
        ))
    };
    let aside = folder.join("cursors-moved");
    if is_there(&aside)? {
        std::fs::remove_dir_all(&aside).map_err(failed)?;
    }
    std::fs::rename(&cursors, aside).map_err(failed)?;
    Ok(found.len())
}

/// Whether a folder exists. One that cannot be looked at is an error: what it holds would not be moved.
fn is_there(path: &Path) -> Result<bool, StoreError> {
    path.try_exists().map_err(|error| {
        StoreError::Invalid(format!("failed to look for {}: {error}", path.display()))
    })
}

async fn move_tenant(
    store: &dyn Store,
    worker: &str,
    tenant: &str,
    cursor: &str,
    changes: &[StreamedChange],
) -> Result<(), StoreError> {
    let lease = match store.claim(worker, tenant).await? {
        Claim::Held(lease) => lease,
        Claim::Taken(_) => {
            tracing::warn!(target: "graph_incidents_fleet", tenant, "another worker already watches the tenant: its state in the folder is not moved");
            return Ok(());
        }
    };
    let mut held = Held {
        tenant: tenant.to_owned(),
        fence: lease.fence,
        revision: lease.revision,
    };
    if lease.cursor.is_none() {
        let mut chunks = changes.chunks(AT_ONCE).peekable();
        loop {
            let some = chunks.next().unwrap_or_default();
            let is_last = chunks.peek().is_none();
            // The tenant has no cursor until its last change is moved, so that an interrupted move is not taken for a
            // complete one.
            let cursor = if is_last { cursor } else { "" };
            let commit = Commit {
                worker,
                held: &held,
                cursor,
                changes: some,
            };
            held.revision = store.commit(commit).await?;
            if is_last {
                break;
            }
        }
    }
    store.release(worker, &held).await
}

/// The changes of a folder that some reader has not acknowledged, by tenant.
fn unread(folder: &Path) -> Result<BTreeMap<String, Vec<StreamedChange>>, StoreError> {
    let folder = changes(folder);
    let failed = |error: std::io::Error| {
        StoreError::Invalid(format!(
            "failed to read the changes below {}: {error}",
            folder.display()
        ))
    };
    let mut by_tenant: BTreeMap<String, Vec<StreamedChange>> = BTreeMap::new();
    if !is_there(&folder)? {
        return Ok(by_tenant);
    }
    let mut next: Position = Segments::slowest(&folder).map_err(failed)?;
    loop {
        let lines = Segments::read(&folder, next, AT_ONCE).map_err(failed)?;
        let Some((_, end)) = lines.last() else {
            return Ok(by_tenant);
        };
        next = *end;
        for (line, _) in lines {
            let change: StreamedChange =
                serde_json::from_str(&line).map_err(|error| failed(error.into()))?;
            by_tenant
                .entry(name_of(&change.tenant, change.kind))
                .or_default()
                .push(change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;

    #[tokio::test]
    async fn a_state_folder_that_cannot_be_looked_into_is_an_error_and_not_empty() {
        let folder = tempfile::tempdir().unwrap();
        let store = MemoryStore::new(Duration::from_secs(30), 10);
        let nothing = move_into(&store, "w", &folder.path().join("nothing")).await;
        assert_eq!(nothing.unwrap(), 0);
        let file = folder.path().join("file");
        std::fs::write(&file, "no folder").unwrap();
        let error = move_into(&store, "w", &file).await.unwrap_err();
        assert!(error.to_string().contains("file/cursors"), "{error}");
    }
}
