//! Reads a complete state file, or reports an error with its line.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::format::{Entry, Origin, read_header, read_line};
use super::owner::named;

/// Passes a file's writes on, in order; `false` if there is no file yet.
///
/// The part after the acknowledged writes may be truncated or damaged, because a kill or a power loss interrupted it.
pub(crate) fn read(path: &Path, origin: &Origin, each: impl FnMut(Entry)) -> io::Result<bool> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(named(path, "cannot be opened", &error)),
    };
    read_all(BufReader::new(file), path, origin, each)?;
    Ok(true)
}

pub(super) fn read_all(
    mut lines: impl BufRead,
    path: &Path,
    origin: &Origin,
    mut each: impl FnMut(Entry),
) -> io::Result<()> {
    let mut line = Vec::new();
    lines.read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(damaged(
            path,
            1,
            "the file is empty; remove it to start again",
        ));
    }
    let header = match line.pop_if(|last| *last == b'\n') {
        Some(_) => read_header(&line),
        None => Err(read_header(&line)
            .err()
            .unwrap_or_else(|| "it is cut".to_owned())),
    };
    let (found, acknowledged) = header.map_err(|problem| damaged(path, 1, &problem))?;
    if found != *origin {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "{} belongs to {}, not to {}",
                path.display(),
                found.described(),
                origin.described()
            ),
        ));
    }
    let mut number = 0;
    loop {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        let is_whole = line.pop_if(|last| *last == b'\n').is_some();
        let read = if is_whole {
            read_line(&line)
        } else {
            Err("it is cut".to_owned())
        };
        match read {
            Ok((found, entries)) if found == number + 1 => {
                number = found;
                entries.into_iter().for_each(&mut each);
            }
            _ if number >= acknowledged => return Ok(()),
            Ok((found, _)) => {
                let problem = format!("it has write {found} instead of write {}", number + 1);
                return Err(damaged(path, number + 2, &problem));
            }
            Err(_) if line.is_empty() => {
                let problem = format!("the file ends after {number} of {acknowledged} writes");
                return Err(damaged(path, number + 2, &problem));
            }
            Err(problem) => return Err(damaged(path, number + 2, &problem)),
        }
    }
}

fn damaged(path: &Path, line: u64, problem: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!(
            "line {line} of {} is damaged: {problem}. The file is unchanged; --recover keeps the intact lines",
            path.display()
        ),
    )
}
