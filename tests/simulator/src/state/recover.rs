//! Recovers the intact part of a damaged state file.

use std::fmt;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::format::{Entry, MAGIC, Origin, read_header, read_line};
use super::owner::{beside, named};

/// The result of a recovery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovery {
    /// The number of recovered writes.
    pub kept: u64,
    /// The damaged lines, from 1.
    pub damaged_lines: Vec<u64>,
    /// The number of lost acknowledged writes, including damaged lines; none if the header is damaged, too.
    pub lost: Option<u64>,
    /// The new path of the damaged file.
    pub damaged_file: PathBuf,
}

impl fmt::Display for Recovery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} writes were kept", self.kept)?;
        match self.lost {
            Some(lost) => write!(formatter, ", {lost} are lost")?,
            None => write!(formatter, "; how many are lost is not known")?,
        }
        if !self.damaged_lines.is_empty() {
            let lines: Vec<String> = self.damaged_lines.iter().map(u64::to_string).collect();
            write!(formatter, "; damaged lines: {}", lines.join(", "))?;
        }
        write!(
            formatter,
            "; the damaged file is {}",
            self.damaged_file.display()
        )
    }
}

/// Passes the intact writes on, in order, and renames the file; the caller writes a new one.
///
/// Each write has whole incidents, so that one after a damaged line is still valid.
pub(crate) fn recover(
    path: &Path,
    origin: &Origin,
    mut each: impl FnMut(Entry),
) -> io::Result<Recovery> {
    let file = fs::File::open(path).map_err(|error| named(path, "cannot be opened", &error))?;
    let mut lines = BufReader::new(file).split(b'\n');
    let header = lines.next().transpose()?.unwrap_or_default();
    let found = read_header(&header);
    if let Ok((found, _)) = &found
        && found != origin
    {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{} belongs to {}", path.display(), found.described()),
        ));
    }
    let mut damaged_lines = Vec::new();
    let mut intact = Vec::new();
    let mut has_checksums = false;
    if found.is_err() {
        damaged_lines.push(1);
    }
    for (line, number) in lines.zip(2..) {
        let line = line?;
        // Format 1 had the incidents alone.
        let read = match read_line(&line) {
            Ok((_, entries)) => {
                has_checksums = true;
                Ok(entries)
            }
            Err(_) => serde_json::from_slice::<Vec<Entry>>(&line),
        };
        match read {
            Ok(entries) => intact.push(entries),
            Err(_) => damaged_lines.push(number),
        }
    }
    let is_ours = header.starts_with(&MAGIC.as_bytes()[..8]) || header.starts_with(b"{\"format\":");
    if !is_ours && !has_checksums {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{} is not a state file; it is unchanged", path.display()),
        ));
    }
    let kept = intact.len() as u64;
    for entry in intact.into_iter().flatten() {
        each(entry);
    }
    Ok(Recovery {
        kept,
        lost: found.ok().map(|(_, count)| count.saturating_sub(kept)),
        damaged_lines,
        damaged_file: aside(path)?,
    })
}

/// Moves a file to a name that is free.
fn aside(path: &Path) -> io::Result<PathBuf> {
    let free = (1..)
        .map(|number| beside(path, &format!("damaged-{number}")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| beside(path, "damaged"));
    fs::rename(path, &free).map_err(|error| named(path, "cannot be moved aside", &error))?;
    Ok(free)
}
