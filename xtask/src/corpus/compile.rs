//! Compiles the generated code: a package for each entry, one after the other, to limit memory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Failure, counted};

/// The packages below `target`, in their own workspace.
pub(super) struct Packages<'w> {
    workspace: &'w Workspace,
    folder: PathBuf,
    names: Vec<String>,
}

impl<'w> Packages<'w> {
    pub(super) fn new(workspace: &'w Workspace) -> Self {
        Self {
            workspace,
            folder: workspace.root().join("target/corpus"),
            names: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, entry: &str, source: &str) -> Result<(), Failure> {
        let name: String = entry
            .chars()
            .map(|letter| {
                if letter.is_ascii_alphanumeric() {
                    letter.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        let folder = self.folder.join(&name);
        write(&folder.join("src/client.rs"), source)?;
        write(
            &folder.join("src/lib.rs"),
            &format!("//! {entry}\n#![allow(missing_docs)]\n\ninclude!(\"client.rs\");\n"),
        )?;
        let runtime = self.workspace.root().join("generated-client/runtime");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\ngraph-client-runtime = {{ path = {:?} }}\n\n\
             [features]\nschemars = [\"graph-client-runtime/schemars\"]\n",
            runtime.display().to_string()
        );
        write(&folder.join("Cargo.toml"), &manifest)?;
        self.names.push(name);
        Ok(())
    }

    /// Checks every package. The error names all that do not compile.
    pub(super) fn compile(&self, out: &mut dyn io::Write) -> Result<(), Failure> {
        let members: Vec<String> = self.names.iter().map(|name| format!("{name:?}")).collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
            members.join(", ")
        );
        write(&self.folder.join("Cargo.toml"), &manifest)?;
        // The versions of our lock file, so that nothing new is downloaded.
        let lock = self.workspace.root().join("Cargo.lock");
        if lock.is_file() {
            fs::copy(&lock, self.folder.join("Cargo.lock"))
                .map_err(|error| Failure::at(&lock, &error))?;
        }
        let mut failed = Vec::new();
        for name in &self.names {
            writeln!(out, "{:>12} {name}", "Compiling")?;
            out.flush()?;
            if !self.check(name)? {
                failed.push(name.as_str());
            }
        }
        match failed.is_empty() {
            true => {
                let packages = counted(self.names.len(), "client", "clients");
                writeln!(out, "{:>12} {packages}", "Compiled")?;
                Ok(())
            }
            false => Err(Failure::new(format!(
                "error: the generated code of {} does not compile; see the messages above",
                failed.join(", ")
            ))),
        }
    }

    fn check(&self, name: &str) -> Result<bool, Failure> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args([
                "check",
                "--quiet",
                "--features",
                "schemars",
                "--package",
                name,
            ])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("RUSTFLAGS", "-D warnings")
            .status()
            .map_err(|error| Failure::new(format!("error: cannot run cargo: {error}")))?;
        Ok(status.success())
    }
}

/// Writes a file unless it is unchanged: cargo rebuilds when a file was written.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::at(folder, &error))?;
    }
    fs::write(path, text).map_err(|error| Failure::at(path, &error))
}
