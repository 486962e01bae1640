//! Appends writes on a separate thread, and compacts the file meanwhile.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::{Condvar, Mutex};
use tokio::sync::watch;

use super::format::{Entry, Kept, Origin, line};
use super::owner::Owner;
use super::rewrite::{OpenFile, acknowledge, put_in_place, write_beside};

/// A file is compacted once it has grown by this much, and to twice its size.
const WORTH_COMPACTING: u64 = 8 << 20;

/// All differences from the initial tenant, at one moment.
pub(crate) type Snapshot = Box<dyn Fn() -> Vec<Kept> + Send>;

/// Appends writes; waiting writes share one `fsync`.
pub(crate) struct Journal {
    shared: Arc<Shared>,
    durable: watch::Receiver<Progress>,
    writer: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    filled: Condvar,
}

#[derive(Default)]
struct Queue {
    writes: Vec<Vec<u8>>,
    /// The number of writes queued since the start.
    appended: u64,
    closed: bool,
}

/// The number of writes on disk, or why no more can be written.
type Progress = Result<u64, String>;

impl Journal {
    /// Appends to a newly written file.
    pub(crate) fn start(
        owner: Owner,
        origin: Origin,
        open: OpenFile,
        snapshot: Snapshot,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (progress, durable) = watch::channel(Ok(0));
        let writer = Writer {
            path: owner.path().to_owned(),
            owner,
            origin,
            snapshot,
            shared: Arc::clone(&shared),
            compacted: open.length,
            open,
            compaction: None,
        };
        let writer = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run(&progress))?;
        Ok(Self {
            shared,
            durable,
            writer: Some(writer),
        })
    }

    /// Queues a write; the order of calls is the order in the file.
    pub(crate) fn append(&self, entries: &[Entry]) {
        // A list of JSON objects always serialises.
        let json = serde_json::to_vec(entries).unwrap_or_default();
        let mut queue = self.shared.queue.lock();
        queue.writes.push(json);
        queue.appended += 1;
        self.shared.filled.notify_one();
    }

    /// Returns a handle that waits until everything queued so far is on disk.
    pub(crate) fn receipt(&self) -> Receipt {
        Receipt {
            wanted: self.shared.queue.lock().appended,
            durable: self.durable.clone(),
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.shared.queue.lock().closed = true;
        self.shared.filled.notify_one();
        if let Some(writer) = self.writer.take() {
            writer.join().ok();
        }
    }
}

/// Represents queued writes.
pub(crate) struct Receipt {
    wanted: u64,
    durable: watch::Receiver<Progress>,
}

impl Receipt {
    /// Waits until they are on disk, or returns why they are not.
    pub(crate) async fn durable(mut self) -> Result<(), String> {
        let wanted = self.wanted;
        let progress = self
            .durable
            .wait_for(|progress| {
                progress.as_ref().is_ok_and(|written| *written >= wanted) || progress.is_err()
            })
            .await;
        match progress {
            Ok(progress) => progress.as_ref().map(|_| ()).map_err(Clone::clone),
            Err(_) => Err("the journal is closed".to_owned()),
        }
    }
}

/// The thread that owns the file.
struct Writer {
    owner: Owner,
    path: PathBuf,
    origin: Origin,
    snapshot: Snapshot,
    shared: Arc<Shared>,
    open: OpenFile,
    /// The length of the file after the last compaction.
    compacted: u64,
    compaction: Option<Compaction>,
}

/// A new file that is being written, and the writes after its snapshot.
struct Compaction {
    writing: JoinHandle<io::Result<OpenFile>>,
    since: Vec<Vec<u8>>,
}

impl Writer {
    fn run(mut self, progress: &watch::Sender<Progress>) {
        while let Some((writes, appended)) = self.next() {
            let written = self.write(writes);
            let failed = written.is_err();
            let state = written
                .map(|()| appended)
                .map_err(|error| format!("{}: {error}", self.path.display()));
            // Perhaps nobody waits.
            drop(progress.send_replace(state));
            if failed {
                // Nothing must follow a damaged line; acknowledged writes are before the cut.
                self.open.file.set_len(self.open.length).ok();
                break;
            }
            if let Err(error) = self.compact() {
                // The old file is intact and stays in use; the next attempt comes when it has grown again.
                eprintln!("{} is not compacted: {error}", self.path.display());
                self.compacted = self.open.length;
            }
        }
        // The next owner must not meet a thread that is still writing.
        if let Some(compaction) = self.compaction.take() {
            compaction.writing.join().ok();
        }
        drop(self.owner);
    }

    /// The next writes to append; none once the journal is closed.
    fn next(&self) -> Option<(Vec<Vec<u8>>, u64)> {
        let mut queue = self.shared.queue.lock();
        while queue.writes.is_empty() {
            if queue.closed {
                return None;
            }
            self.shared.filled.wait(&mut queue);
        }
        Some((std::mem::take(&mut queue.writes), queue.appended))
    }

    fn write(&mut self, writes: Vec<Vec<u8>>) -> io::Result<()> {
        append(&mut self.open, &self.origin, &writes)?;
        if let Some(compaction) = &mut self.compaction {
            compaction.since.extend(writes);
        }
        Ok(())
    }

    /// Starts a compaction, or finishes one that is done.
    fn compact(&mut self) -> io::Result<()> {
        match self
            .compaction
            .take_if(|running| running.writing.is_finished())
        {
            Some(done) => self.replace(done),
            None if self.compaction.is_none()
                && self.open.length > self.compacted.saturating_mul(2).max(WORTH_COMPACTING) =>
            {
                self.begin()
            }
            None => Ok(()),
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        // Writes that are queued now are in the snapshot, and are appended once more: each write has whole incidents,
        // and their order is kept, so that the last one still counts.
        let incidents = (self.snapshot)();
        let (path, origin) = (self.path.clone(), self.origin.clone());
        let writing = std::thread::Builder::new()
            .name("compaction".to_owned())
            .spawn(move || write_beside(&path, &origin, incidents.into_iter()))?;
        self.compaction = Some(Compaction {
            writing,
            since: Vec::new(),
        });
        Ok(())
    }

    fn replace(&mut self, done: Compaction) -> io::Result<()> {
        let mut new = done
            .writing
            .join()
            .map_err(|_| io::Error::other("the thread that writes it ended"))??;
        append(&mut new, &self.origin, &done.since)?;
        put_in_place(&self.path)?;
        self.compacted = new.length;
        self.open = new;
        Ok(())
    }
}

/// Appends writes, and updates the header once they are on disk.
fn append(open: &mut OpenFile, origin: &Origin, writes: &[Vec<u8>]) -> io::Result<()> {
    let lines: Vec<u8> = writes
        .iter()
        .zip(open.count + 1..)
        .flat_map(|(json, number)| line(number, json))
        .collect();
    open.file.write_all(&lines)?;
    open.file.sync_data()?;
    open.count += writes.len() as u64;
    acknowledge(&mut open.file, origin, open.count)?;
    open.length += lines.len() as u64;
    Ok(())
}
