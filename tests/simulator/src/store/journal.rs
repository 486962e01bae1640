//! What was written, kept in a file: appended, on disk before it is acknowledged, read back after a kill.
//!
//! The first line says what the tenant was made from. Each further line is one write: a JSON list of the incidents as
//! they were afterwards, with their alerts where those changed too. A last line that was cut by a kill was never
//! acknowledged, and is dropped.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::{Condvar, Mutex};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::object::Object;

/// What a tenant was made from: a file goes with it only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Origin {
    pub(crate) format: u32,
    pub(crate) seed: u64,
    pub(crate) incidents: u64,
}

/// An incident after a write.
#[derive(Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) incident: Object,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alerts: Option<Vec<Object>>,
}

/// Appends writes on a thread of its own; those that wait together share one `fsync`.
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
    lines: Vec<u8>,
    appended: u64,
    closed: bool,
}

/// How many writes are on disk, or why no more get there.
type Progress = Result<u64, String>;

impl Journal {
    /// Appends to a file that [`rewrite`] made.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        let shared = Arc::new(Shared::default());
        let (progress, durable) = watch::channel(Ok(0));
        let theirs = Arc::clone(&shared);
        let writer = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || write_until_closed(&theirs, file, &progress))?;
        Ok(Self {
            shared,
            durable,
            writer: Some(writer),
        })
    }

    /// Queues a write; the order of calls is the order in the file.
    pub(crate) fn append(&self, entries: &[Entry]) {
        // A list of JSON objects always serialises.
        let line = serde_json::to_vec(entries).unwrap_or_default();
        let mut queue = self.shared.queue.lock();
        queue.lines.extend_from_slice(&line);
        queue.lines.push(b'\n');
        queue.appended += 1;
        self.shared.filled.notify_one();
    }

    /// What has to be waited for until everything that was queued so far is on disk.
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

/// Stands for writes that are queued.
pub(crate) struct Receipt {
    wanted: u64,
    durable: watch::Receiver<Progress>,
}

impl Receipt {
    /// Returns once they are on disk, or with the reason why they are not.
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

fn write_until_closed(shared: &Shared, mut file: File, progress: &watch::Sender<Progress>) {
    loop {
        let (lines, appended) = {
            let mut queue = shared.queue.lock();
            while queue.lines.is_empty() {
                if queue.closed {
                    return;
                }
                shared.filled.wait(&mut queue);
            }
            (std::mem::take(&mut queue.lines), queue.appended)
        };
        let written = file.write_all(&lines).and_then(|()| file.sync_data());
        let failed = written.is_err();
        // Nobody may be waiting.
        drop(
            progress.send_replace(
                written
                    .map(|()| appended)
                    .map_err(|error| error.to_string()),
            ),
        );
        // A file that lost a line must not get the next one.
        if failed {
            return;
        }
    }
}

/// Reads a file's writes, in order; none when there is no file yet.
pub(crate) fn read(path: &Path, origin: &Origin, mut each: impl FnMut(Entry)) -> io::Result<()> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let invalid = |number: usize, problem: String| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "line {number} of {} cannot be read: {problem}; move the file away to start anew",
                path.display()
            ),
        )
    };
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        // What a kill cut off was never acknowledged.
        if line.pop() != Some(b'\n') {
            break;
        }
        if number == 1 {
            let found: Origin = serde_json::from_slice(&line)
                .map_err(|error| invalid(number, error.to_string()))?;
            if found != *origin {
                return Err(invalid(
                    number,
                    format!(
                        "it goes with seed {} and {} made incidents",
                        found.seed, found.incidents
                    ),
                ));
            }
            continue;
        }
        let entries: Vec<Entry> =
            serde_json::from_slice(&line).map_err(|error| invalid(number, error.to_string()))?;
        entries.into_iter().for_each(&mut each);
    }
    Ok(())
}

/// Puts a file with these entries in the place of the old one: whole, or not at all.
pub(crate) fn rewrite(
    path: &Path,
    origin: &Origin,
    entries: impl Iterator<Item = Entry>,
) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new: PathBuf = path.with_file_name(name);
    let mut out = BufWriter::new(File::create(&new)?);
    serde_json::to_writer(&mut out, origin)?;
    out.write_all(b"\n")?;
    for entry in entries {
        serde_json::to_writer(&mut out, &[entry])?;
        out.write_all(b"\n")?;
    }
    out.into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()?;
    fs::rename(&new, path)?;
    // The new name, too, has to be on disk.
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ORIGIN: Origin = Origin {
        format: 1,
        seed: 1,
        incidents: 0,
    };

    fn entry(id: &str) -> Entry {
        Entry {
            incident: json!({"id": id}).as_object().unwrap().clone(),
            alerts: None,
        }
    }

    fn ids(path: &Path) -> io::Result<Vec<String>> {
        let mut ids = Vec::new();
        read(path, &ORIGIN, |entry| {
            ids.push(entry.incident["id"].as_str().unwrap().to_owned())
        })?;
        Ok(ids)
    }

    #[tokio::test]
    async fn what_is_acknowledged_is_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        rewrite(&path, &ORIGIN, [entry("1")].into_iter()).unwrap();
        let journal = Journal::open(&path).unwrap();
        for id in ["2", "3"] {
            journal.append(&[entry(id)]);
        }
        journal.receipt().durable().await.unwrap();
        assert_eq!(ids(&path).unwrap(), ["1", "2", "3"]);
    }

    #[test]
    fn a_line_that_was_cut_is_dropped_and_one_that_was_spoiled_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        assert_eq!(ids(&path).unwrap(), Vec::<String>::new());
        rewrite(&path, &ORIGIN, [entry("1"), entry("2")].into_iter()).unwrap();
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        assert_eq!(ids(&path).unwrap(), ["1"]);
        fs::write(&path, whole.replacen("[{", "{", 1)).unwrap();
        assert!(ids(&path).unwrap_err().to_string().contains("line 2 of"));
    }

    #[test]
    fn a_file_goes_with_its_tenant_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        rewrite(&path, &Origin { seed: 2, ..ORIGIN }, std::iter::empty()).unwrap();
        assert!(ids(&path).unwrap_err().to_string().contains("seed 2"));
    }
}
