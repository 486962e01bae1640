//! One owner of a state file: two writers would lose each other's writes.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

use super::format::MAGIC;

/// The lock on a state file, held until it is dropped or the process ends for any reason.
pub(crate) struct Owner {
    /// The path of the state file, without links.
    path: PathBuf,
    _lock: File,
}

impl Owner {
    /// Locks a state file, or reports the process that has it.
    pub(crate) fn take(path: &Path) -> io::Result<Self> {
        let path = resolved(path)?;
        let beside = beside(&path, "lock");
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&beside)
            .map_err(|error| named(&beside, "cannot be opened", &error))?;
        let mut text = String::new();
        match FileExt::try_lock(&lock) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                lock.read_to_string(&mut text).ok();
                let pid = text.strip_prefix(MAGIC).map_or("", str::trim);
                return Err(io::Error::new(
                    io::ErrorKind::AddrInUse,
                    format!("{} is in use by process {pid}", path.display()),
                ));
            }
            Err(TryLockError::Error(error)) => {
                return Err(named(&beside, "cannot be locked", &error));
            }
        }
        if lock.read_to_string(&mut text).is_err() || !(text.is_empty() || text.starts_with(MAGIC))
        {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!(
                    "{} is not a lock of the simulator; move it away, or choose another state file",
                    beside.display()
                ),
            ));
        }
        lock.set_len(0)?;
        lock.rewind()?;
        lock.write_all(format!("{MAGIC}{}\n", std::process::id()).as_bytes())?;
        Ok(Self { path, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// A file beside the state file: its name with another suffix.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

pub(super) fn named(path: &Path, what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{} {what}: {error}", path.display()))
}

/// The path without links, so that two names of a file are equal; the file itself need not exist.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    if let Ok(whole) = path.canonicalize() {
        return Ok(whole);
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let folder = folder
        .canonicalize()
        .map_err(|error| named(folder, "cannot be used for the state file", &error))?;
    match path.file_name() {
        Some(name) => Ok(folder.join(name)),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{} does not name a file", path.display()),
        )),
    }
}
