//! Carries out changes of files: all of them, or none.
//!
//! Everything that can fail for want of space or of a permission happens beside the files, before the first is replaced.
//! What is in the way of the rest is found then, and the files that were replaced already get their old content back.
//! A run that is killed leaves each file whole, old or new; the next run completes it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempPath};

use crate::Failure;
use crate::sync::{Change, TEMPORARY};

/// Carries out changes of files below a folder.
///
/// # Errors
///
/// When a file cannot be written or removed; then all files are as they were.
pub fn carry_out(changes: &[Change], root: &Path) -> Result<(), Failure> {
    let mut run = Run::default();
    let result = run.prepare(changes, root).and_then(|()| run.commit());
    if result.is_err() {
        run.undo();
    }
    result
}

#[derive(Default)]
struct Run {
    /// Folders that were not there, the outer ones first.
    folders: Vec<PathBuf>,
    /// New files beside their places.
    written: Vec<(NamedTempFile, PathBuf)>,
    removed: Vec<PathBuf>,
    /// Places that have changed, and what was there.
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

    /// Writes a file beside its place.
    fn write(&mut self, path: &Path, text: &str) -> io::Result<NamedTempFile> {
        let folder = folder_of(path);
        self.make(folder)?;
        let mut file = builder().tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        Ok(file)
    }

    /// Makes a folder, and remembers what of it was not there.
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

    fn undo(&mut self) {
        for (path, old) in self.replaced.drain(..).rev() {
            // The first failure is the one to tell; a second one can only be left.
            let _ = match old {
                Some(old) => old.persist(&path).map_err(|error| error.error),
                None => fs::remove_file(&path),
            };
        }
        self.written.clear();
        for folder in self.folders.drain(..).rev() {
            // A folder that is not empty has something of somebody else.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Keeps what is at a place under another name; it is gone when that name is dropped.
fn kept(path: &Path) -> io::Result<Option<TempPath>> {
    if !path.try_exists()? {
        return Ok(None);
    }
    let folder = folder_of(path);
    let linked = builder().make_in(folder, |name| fs::hard_link(path, name));
    let kept = match linked {
        Ok(file) => file.into_temp_path(),
        // Not every file system has links.
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
    // A temporary file is private by default; a source file is as open as the umask says.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}
