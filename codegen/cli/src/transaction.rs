//! Applies changes of files: all of them, or none.
//!
//! Everything that can fail for lack of space or permissions happens beside the files, before the first one is
//! replaced. If a replacement fails nevertheless, the files that were already replaced get their old content back. A
//! run that is killed leaves each file whole, old or new; the next run completes it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempPath};

use crate::Failure;
use crate::sync::{Change, TEMPORARY};

/// Applies changes of files below a folder.
///
/// # Errors
///
/// Returns an error if a file cannot be written or removed; then all files are unchanged, or the error lists those that
/// are not, and where their old content is.
pub fn carry_out(changes: &[Change], root: &Path) -> Result<(), Failure> {
    let mut run = Run::default();
    let result = run.prepare(changes, root).and_then(|()| run.commit());
    result.map_err(|failure| match run.undo().as_slice() {
        [] => failure,
        lost => Failure::new(format!("{failure}\n{}", lost.join("\n"))),
    })
}

#[derive(Default)]
struct Run {
    /// Created folders, the outer ones first.
    folders: Vec<PathBuf>,
    /// New files beside their targets.
    written: Vec<(NamedTempFile, PathBuf)>,
    removed: Vec<PathBuf>,
    /// Changed paths, and their old content.
    replaced: Vec<(PathBuf, Option<TempPath>)>,
}

impl Run {
    fn prepare(&mut self, changes: &[Change], root: &Path) -> Result<(), Failure> {
        for change in changes {
            let path = root.join(change.path());
            match change {
                Change::Create { text, .. } | Change::Update { text, .. } => {
                    let file = self.write(&path, text);
                    let file = file.map_err(|error| Failure::at(&path, &error))?;
                    self.written.push((file, path));
                }
                Change::Remove { .. } => self.removed.push(path),
            }
        }
        Ok(())
    }

    /// Writes a file beside its target.
    fn write(&mut self, path: &Path, text: &str) -> io::Result<NamedTempFile> {
        let folder = folder_of(path);
        self.make(folder)?;
        let mut file = builder().tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        Ok(file)
    }

    /// Creates a folder, and records which parts of it are new.
    fn make(&mut self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|part| !part.exists());
        let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        missing.retain(|part| !part.as_os_str().is_empty());
        missing.reverse();
        self.folders.extend(missing);
        fs::create_dir_all(folder)
    }

    fn commit(&mut self) -> Result<(), Failure> {
        for (file, path) in std::mem::take(&mut self.written) {
            let failed = |error: &io::Error| Failure::at(&path, error);
            let old = kept(&path).map_err(|error| failed(&error))?;
            file.persist(&path).map_err(|error| failed(&error.error))?;
            self.replaced.push((path, old));
        }
        for path in std::mem::take(&mut self.removed) {
            let failed = |error: io::Error| Failure::at(&path, &error);
            let old = kept(&path).map_err(failed)?;
            fs::remove_file(&path).map_err(failed)?;
            self.replaced.push((path, old));
        }
        Ok(())
    }

    /// Puts the old files back, and returns what to tell of those where that failed.
    fn undo(&mut self) -> Vec<String> {
        let mut lost = Vec::new();
        for (path, old) in self.replaced.drain(..).rev() {
            let told = match old {
                Some(old) => old.persist(&path).err().map(|error| {
                    // The old content is not removed, so that a person can put it back.
                    let place = match error.path.keep() {
                        Ok(place) => format!("its old content is in {}", place.display()),
                        Err(_) => "its old content is lost".to_owned(),
                    };
                    format!("{}; {place}", error.error)
                }),
                None => fs::remove_file(&path).err().map(|error| error.to_string()),
            };
            lost.extend(
                told.map(|told| format!("error: {} stays changed: {told}", path.display())),
            );
        }
        self.written.clear();
        for folder in self.folders.drain(..).rev() {
            // A folder that is not empty contains other files.
            let _ = fs::remove_dir(folder);
        }
        lost
    }
}

/// Keeps the current file under another name, which is removed on drop.
fn kept(path: &Path) -> io::Result<Option<TempPath>> {
    if !path.try_exists()? {
        return Ok(None);
    }
    let folder = folder_of(path);
    let linked = builder().make_in(folder, |name| fs::hard_link(path, name));
    let kept = match linked {
        Ok(file) => file.into_temp_path(),
        // Not every file system supports links.
        Err(_) => {
            let file = builder().tempfile_in(folder)?;
            fs::copy(path, file.path())?;
            file.into_temp_path()
        }
    };
    Ok(Some(kept))
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().unwrap_or(Path::new("."));
    match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    }
}

fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY);
    // A temporary file is private by default; a source file has the permissions of the umask.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_be_restored_are_named_and_their_content_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        fs::write(&path, "old").unwrap();
        let old = kept(&path).unwrap();
        // A folder that is not empty is never replaced by a file.
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        fs::write(path.join("b"), "").unwrap();
        let mut run = Run {
            replaced: vec![(path, old)],
            ..Run::default()
        };
        let [told] = run.undo().try_into().unwrap();
        let (_, place) = told.split_once("its old content is in ").unwrap();
        assert!(told.contains("a.rs stays changed"), "{told}");
        assert_eq!(fs::read_to_string(place).unwrap(), "old");
    }
}
