//! Replaces a whole state file, or leaves it unchanged.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::format::{Kept, MAGIC, Origin, header, line};
use super::owner::{beside, named};

/// An open, intact state file.
pub(crate) struct OpenFile {
    pub(super) file: File,
    pub(super) count: u64,
    pub(super) length: u64,
}

/// Replaces the old file with one with these incidents.
pub(crate) fn rewrite(
    path: &Path,
    origin: &Origin,
    incidents: impl Iterator<Item = Kept>,
) -> io::Result<OpenFile> {
    let written = write_beside(path, origin, incidents)?;
    put_in_place(path)?;
    Ok(written)
}

/// Writes a file with these incidents beside the old one, and syncs it to disk.
pub(super) fn write_beside(
    path: &Path,
    origin: &Origin,
    incidents: impl Iterator<Item = Kept>,
) -> io::Result<OpenFile> {
    let new = beside(path, "new");
    check_ours(&new)?;
    let file = File::create(&new).map_err(|error| named(&new, "cannot be written", &error))?;
    let mut out = BufWriter::new(file);
    let mut count = 0;
    let first = header(origin, 0);
    out.write_all(first.as_bytes())?;
    let mut length = first.len() as u64;
    for kept in incidents {
        count += 1;
        let line = line(count, &kept.0);
        length += line.len() as u64;
        out.write_all(&line)?;
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    acknowledge(&mut file, origin, count)?;
    file.sync_all()?;
    Ok(OpenFile {
        file,
        count,
        length,
    })
}

/// Updates the number of writes on disk in the header.
pub(super) fn acknowledge(file: &mut File, origin: &Origin, count: u64) -> io::Result<()> {
    file.rewind()?;
    file.write_all(header(origin, count).as_bytes())?;
    file.seek(SeekFrom::End(0)).map(drop)
}

/// Renames the new file to the name of the old one, and syncs that to disk.
pub(super) fn put_in_place(path: &Path) -> io::Result<()> {
    fs::rename(beside(path, "new"), path)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// A file with that name from a person is not overwritten.
fn check_ours(new: &Path) -> io::Result<()> {
    let mut begin = Vec::new();
    match File::open(new) {
        Ok(file) => file.take(MAGIC.len() as u64).read_to_end(&mut begin)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(named(new, "cannot be opened", &error)),
    };
    // A kill may have truncated it anywhere.
    if MAGIC.as_bytes().starts_with(&begin) {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        format!("{} already exists; move it away", new.display()),
    ))
}
