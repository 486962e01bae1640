//! A stream of changes in files: one change per line, a new file every few megabytes, and each reader's position.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StoreError;

/// After this number of bytes, a new file begins: a file is deleted once everybody has read it.
const SEGMENT: u64 = 8 << 20;

/// A reader's position: a file, and the byte in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
}

/// The files of a stream, for the writer.
#[derive(Debug)]
pub(crate) struct Segments {
    folder: PathBuf,
    most: u64,
    current: u64,
    length: u64,
    total: u64,
    file: File,
}

impl Segments {
    /// Opens the stream; an incomplete line is removed, and its length returned.
    pub(crate) fn open(folder: &Path, most: u64) -> io::Result<(Self, u64)> {
        fs::create_dir_all(groups(folder))?;
        let numbers = numbers(folder)?;
        let current = numbers.last().copied().unwrap_or(1);
        let mut file = open(&path(folder, current))?;
        let length = whole_lines(&mut file)?;
        let torn = file.metadata()?.len() - length;
        file.set_len(length)?;
        let earlier = numbers.iter().filter(|number| **number != current);
        let mut total = length;
        for number in earlier {
            total += fs::metadata(path(folder, *number))?.len();
        }
        let segments = Self {
            folder: folder.to_owned(),
            most,
            current,
            length,
            total,
            file,
        };
        Ok((segments, torn))
    }

    /// Appends lines and waits until they are on disk.
    pub(crate) fn append(&mut self, lines: &str) -> Result<(), StoreError> {
        let more = lines.len() as u64;
        if self.total + more > self.most {
            self.trim().map_err(|error| self.failed(&error))?;
        }
        if self.total + more > self.most {
            return Err(StoreError::Full(format!(
                "{} holds {} bytes of changes that not every reader has acknowledged; the limit is {}",
                self.folder.display(),
                self.total,
                self.most
            )));
        }
        self.write(lines).map_err(|error| {
            // An incomplete line must not stay.
            let _ = self.file.set_len(self.length);
            self.failed(&error)
        })?;
        self.length += more;
        self.total += more;
        Ok(())
    }

    fn write(&mut self, lines: &str) -> io::Result<()> {
        if self.length >= SEGMENT {
            let next = self.current + 1;
            self.file = open(&path(&self.folder, next))?;
            (self.current, self.length) = (next, 0);
            sync_folder(&self.folder)?;
        }
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(lines.as_bytes())?;
        self.file.sync_data()
    }

    /// Deletes the files that every reader has acknowledged; without a reader, all are kept.
    fn trim(&mut self) -> io::Result<()> {
        let Some(lowest) = positions(&self.folder)?.into_iter().min() else {
            return Ok(());
        };
        for number in numbers(&self.folder)? {
            if number < lowest.segment && number != self.current {
                let path = path(&self.folder, number);
                self.total -= fs::metadata(&path)?.len();
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> StoreError {
        StoreError::Unavailable(format!(
            "failed to write the changes below {}: {error}",
            self.folder.display()
        ))
    }

    /// Reads complete lines from a position on, up to a number, with the end of each. It skips deleted files.
    pub(crate) fn read(
        folder: &Path,
        from: Position,
        most: usize,
    ) -> io::Result<Vec<(String, Position)>> {
        let mut lines = Vec::new();
        for number in numbers(folder)? {
            if number < from.segment {
                continue;
            }
            let begin = if number == from.segment {
                from.offset
            } else {
                0
            };
            let mut file = File::open(path(folder, number))?;
            file.seek(SeekFrom::Start(begin))?;
            let mut text = Vec::new();
            file.read_to_end(&mut text)?;
            let mut offset = begin;
            for line in text.split_inclusive(|byte| *byte == b'\n') {
                if line.last() != Some(&b'\n') || lines.len() == most {
                    break;
                }
                offset += line.len() as u64;
                let end = Position {
                    segment: number,
                    offset,
                };
                let line = String::from_utf8_lossy(line).trim_end().to_owned();
                lines.push((line, end));
            }
            if lines.len() == most {
                break;
            }
        }
        Ok(lines)
    }

    /// Returns the position of a reader; the beginning if it is unknown.
    pub(crate) fn position(folder: &Path, group: &str) -> io::Result<Position> {
        match fs::read_to_string(groups(folder).join(group)) {
            Ok(text) => serde_json::from_str(&text).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Position::default()),
            Err(error) => Err(error),
        }
    }

    /// Stores the position of a reader.
    pub(crate) fn acknowledge(folder: &Path, group: &str, position: Position) -> io::Result<()> {
        let groups = groups(folder);
        fs::create_dir_all(&groups)?;
        let text = serde_json::to_string(&position).map_err(io::Error::other)?;
        write_whole(&groups.join(group), &text)
    }

    /// Returns the position of the slowest reader; the beginning if there is no reader.
    pub(crate) fn slowest(folder: &Path) -> io::Result<Position> {
        Ok(positions(folder)?.into_iter().min().unwrap_or_default())
    }
}

/// Writes a file completely or not at all, and waits until it is on disk.
pub(crate) fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// Waits until a folder's entries are on disk, if the system supports that.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:08}.jsonl"))
}

fn groups(folder: &Path) -> PathBuf {
    folder.join("readers")
}

fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".jsonl"));
        numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn positions(folder: &Path) -> io::Result<Vec<Position>> {
    let mut positions = Vec::new();
    for entry in fs::read_dir(groups(folder))? {
        let path = entry?.path();
        // An incomplete file has another name.
        if path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
        {
            continue;
        }
        let text = fs::read_to_string(path)?;
        positions.push(serde_json::from_str(&text).map_err(io::Error::other)?);
    }
    Ok(positions)
}

/// The length of the complete lines.
fn whole_lines(file: &mut File) -> io::Result<u64> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    let end = text.iter().rposition(|byte| *byte == b'\n');
    Ok(end.map_or(0, |end| end as u64 + 1))
}
