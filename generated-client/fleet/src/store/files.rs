//! A store in a folder, for a fleet of one process.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use fs4::TryLockError;
use serde::{Deserialize, Serialize};

use super::segments::write_whole;
use super::{Claim, Commit, Held, Lease, Segments, Store, StoreError, StoreFuture};

/// A store in a folder, for one process at a time: cursors below `cursors`, and changes below `changes`, one per line.
///
/// Changes are on disk before the cursor moves: after a crash, some may occur again, with the same keys.
#[derive(Debug, Clone)]
pub struct FileStore(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// Held for the lifetime of the store.
    _lock: File,
    segments: Segments,
    fence: u64,
    tenants: HashMap<String, (u64, u64)>,
    worker: Option<(String, String)>,
}

/// A cursor in its file.
#[derive(Serialize, Deserialize)]
struct Saved {
    revision: u64,
    cursor: String,
}

impl FileStore {
    /// Opens a folder, and creates it if there is none. When the unacknowledged changes reach this number of bytes, the
    /// writer stops.
    ///
    /// # Errors
    ///
    /// Returns an error if another process uses the folder, or it cannot be written.
    pub fn open(folder: &Path, most_bytes: u64) -> Result<Self, StoreError> {
        let failed = |error: io::Error| {
            StoreError::Invalid(format!(
                "failed to open the state folder {}: {error}",
                folder.display()
            ))
        };
        fs::create_dir_all(folder.join("cursors")).map_err(failed)?;
        let lock = lock(folder)?;
        let (segments, torn) = Segments::open(&changes(folder), most_bytes).map_err(failed)?;
        if torn > 0 {
            tracing::warn!(target: "graph_incidents_fleet", bytes = torn, "removed a change that was incomplete after a crash; it will be read again");
        }
        Ok(Self(Arc::new(Mutex::new(Inner {
            folder: folder.to_owned(),
            _lock: lock,
            segments,
            fence: 0,
            tenants: HashMap::new(),
            worker: None,
        }))))
    }

    /// Runs file operations outside of the async threads.
    fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Inner) -> Result<T, StoreError> + Send + 'static,
    ) -> StoreFuture<'_, T> {
        let inner = Arc::clone(&self.0);
        let task = tokio::task::spawn_blocking(move || {
            work(&mut inner.lock().unwrap_or_else(PoisonError::into_inner))
        });
        Box::pin(async move {
            task.await
                .unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
        })
    }
}

/// The path of a state folder's changes.
pub(crate) fn changes(folder: &Path) -> PathBuf {
    folder.join("changes")
}

/// The cursors of a state folder that no process uses, by tenant, to move them into another store.
pub(crate) fn cursors_of(folder: &Path) -> Result<Vec<(String, String)>, StoreError> {
    let _lock = lock(folder)?;
    let below = folder.join("cursors");
    let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
        StoreError::Invalid(format!("failed to read {}: {error}", path.display()))
    };
    let mut cursors = Vec::new();
    for entry in fs::read_dir(&below).map_err(|error| unreadable(&below, &error))? {
        let path = entry.map_err(|error| unreadable(&below, &error))?.path();
        let Some(tenant) = path.file_stem().and_then(|name| name.to_str()) else {
            continue;
        };
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        if let Some(saved) = read(&path)? {
            cursors.push((tenant.to_owned(), saved.cursor));
        }
    }
    Ok(cursors)
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("lock");
    let unusable = |error: io::Error| {
        StoreError::Invalid(format!(
            "failed to lock the state folder {}: {error}",
            folder.display()
        ))
    };
    let mut file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(&path)
        .map_err(unusable)?;
    match fs4::FileExt::try_lock(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let owner = fs::read_to_string(&path).unwrap_or_default();
            return Err(StoreError::Invalid(format!(
                "the state folder {} is in use by process {}; a fleet of several processes needs Redis",
                folder.display(),
                owner.trim()
            )));
        }
        Err(TryLockError::Error(error)) => return Err(unusable(error)),
    }
    file.set_len(0).map_err(unusable)?;
    writeln!(file, "{}", std::process::id()).map_err(unusable)?;
    Ok(file)
}

fn read(path: &Path) -> Result<Option<Saved>, StoreError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(StoreError::Invalid(format!(
                "failed to read {}: {error}",
                path.display()
            )));
        }
    };
    let saved = serde_json::from_str(&text).map_err(|error| {
        StoreError::Invalid(format!(
            "{} is damaged: {error}; move it away to start the tenant again",
            path.display()
        ))
    })?;
    Ok(Some(saved))
}

impl Inner {
    fn path(&self, tenant: &str) -> PathBuf {
        self.folder.join("cursors").join(format!("{tenant}.json"))
    }

    fn claim(&mut self, tenant: String) -> Result<Claim, StoreError> {
        let saved = read(&self.path(&tenant))?;
        self.fence += 1;
        let revision = saved.as_ref().map_or(0, |saved| saved.revision);
        self.tenants.insert(tenant, (self.fence, revision));
        Ok(Claim::Held(Lease {
            fence: self.fence,
            revision,
            cursor: saved.map(|saved| saved.cursor),
            taken_over: None,
        }))
    }

    fn check(&self, held: &Held) -> Result<(), StoreError> {
        match self.tenants.get(&held.tenant) {
            Some((fence, revision)) if *fence == held.fence => match *revision == held.revision {
                true => Ok(()),
                false => Err(StoreError::Moved),
            },
            _ => Err(StoreError::Fenced),
        }
    }

    fn commit(&mut self, held: &Held, cursor: String, lines: &str) -> Result<u64, StoreError> {
        self.check(held)?;
        if !lines.is_empty() {
            self.segments.append(lines)?;
        }
        let revision = held.revision + 1;
        self.save(&held.tenant, revision, cursor)?;
        self.tenants
            .insert(held.tenant.clone(), (held.fence, revision));
        Ok(revision)
    }

    fn save(&self, tenant: &str, revision: u64, cursor: String) -> Result<(), StoreError> {
        let path = self.path(tenant);
        let failed = |error: io::Error| {
            StoreError::Unavailable(format!("failed to write {}: {error}", path.display()))
        };
        let text = serde_json::to_string(&Saved { revision, cursor })
            .map_err(|error| failed(io::Error::other(error)))?;
        write_whole(&path, &text).map_err(failed)
    }
}

impl Store for FileStore {
    fn join<'a>(&'a self, worker: &'a str, status: &'a str) -> StoreFuture<'a, Vec<String>> {
        let (worker, status) = (worker.to_owned(), status.to_owned());
        Box::pin(async move {
            let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            inner.worker = Some((worker.clone(), status));
            Ok(vec![worker])
        })
    }

    fn leave<'a>(&'a self, _: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).worker = None;
            Ok(())
        })
    }

    fn statuses(&self) -> StoreFuture<'_, Vec<(String, String)>> {
        Box::pin(async move {
            let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(inner.worker.iter().cloned().collect())
        })
    }

    fn claim<'a>(&'a self, _: &'a str, tenant: &'a str) -> StoreFuture<'a, Claim> {
        let tenant = tenant.to_owned();
        self.on_disk(move |inner| inner.claim(tenant))
    }

    fn renew<'a>(&'a self, _: &'a str, held: &'a [Held]) -> StoreFuture<'a, Vec<String>> {
        Box::pin(async move {
            let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let lost = held.iter().filter(|one| inner.check(one).is_err());
            Ok(lost.map(|one| one.tenant.clone()).collect())
        })
    }

    fn release<'a>(&'a self, _: &'a str, held: &'a Held) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if inner
                .tenants
                .get(&held.tenant)
                .is_some_and(|(fence, _)| *fence == held.fence)
            {
                inner.tenants.remove(&held.tenant);
            }
            Ok(())
        })
    }

    fn commit<'a>(&'a self, commit: Commit<'a>) -> StoreFuture<'a, u64> {
        let (held, cursor) = (commit.held.clone(), commit.cursor.to_owned());
        let lines: Result<Vec<String>, _> =
            commit.changes.iter().map(serde_json::to_string).collect();
        let lines = match lines {
            Ok(lines) => lines
                .iter()
                .map(|line| format!("{line}\n"))
                .collect::<String>(),
            Err(error) => {
                let error =
                    StoreError::Invalid(format!("failed to write a change as JSON: {error}"));
                return Box::pin(async { Err(error) });
            }
        };
        self.on_disk(move |inner| inner.commit(&held, cursor, &lines))
    }
}
