//! `cargo xtask package`: packs every package that can be published, builds what was packed, and tests it elsewhere.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use crate::cargo::{self, Package};
use crate::workspace::Workspace;
use crate::{Failure, Outcome};

/// What `cargo xtask package` does.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Options {
    /// Test what was packed too, in a folder outside the workspace
    #[arg(long)]
    test: bool,
    /// Pack what is not committed as well
    #[arg(long)]
    allow_dirty: bool,
    /// Do not build what is packed
    #[arg(long)]
    no_verify: bool,
}

impl Options {
    /// What the weekly run does: everything.
    pub(crate) fn of_ci() -> Self {
        Self {
            test: true,
            allow_dirty: true,
            no_verify: false,
        }
    }

    /// What a release packs: its edits, which are committed once they are packed.
    pub(crate) fn of_release(no_verify: bool) -> Self {
        Self {
            test: false,
            allow_dirty: true,
            no_verify,
        }
    }
}

/// Packs and builds; with `test`, tests the packages where nothing of the workspace is.
///
/// # Errors
///
/// When cargo fails; it has printed why.
pub fn run(
    workspace: &Workspace,
    options: Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let packages = cargo::publishable(workspace)?;
    let mut arguments = vec!["package"];
    arguments.extend(packages.iter().flat_map(|one| ["-p", &one.name]));
    arguments.extend(options.allow_dirty.then_some("--allow-dirty"));
    arguments.extend(options.no_verify.then_some("--no-verify"));
    cargo::run(workspace, &arguments)?;
    for package in &packages {
        writeln!(out, "{:>12} {} {}", "Packed", package.name, package.version)?;
    }
    if options.test {
        test(workspace, &packages)?;
        writeln!(out, "{:>12} what was packed, by itself", "Tested")?;
    }
    Ok(Outcome::Fine)
}

/// Tests the packages in a workspace that has nothing but them.
fn test(workspace: &Workspace, packages: &[Package]) -> Result<(), Failure> {
    let target = workspace.root().join("target");
    let outside = tempfile::tempdir()?;
    unpack(&target.join("package"), outside.path(), packages)?;
    // Dependencies that were built for this test before need not be built again.
    let status = Command::new(cargo::program())
        .args(["test", "--workspace", "--lib", "--bins", "--quiet"])
        .current_dir(outside.path())
        .env("CARGO_TARGET_DIR", target.join("packed"))
        .status()
        .map_err(|error| Failure::new(format!("error: failed to run cargo: {error}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(
            "error: the packed crate fails its tests outside the workspace\n  help: check that `include` covers every file that the tests need",
        )),
    }
}

fn unpack(archives: &Path, folder: &Path, packages: &[Package]) -> Result<(), Failure> {
    let mut manifest = "[workspace]\nresolver = \"3\"\nmembers = [\n".to_owned();
    let mut patches = "[patch.crates-io]\n".to_owned();
    for Package { name, version, .. } in packages {
        let archive = archives.join(format!("{name}-{version}.crate"));
        let status = Command::new("tar")
            .arg("xzf")
            .arg(&archive)
            .arg("-C")
            .arg(folder)
            .status()
            .map_err(|error| Failure::new(format!("error: failed to run `tar`: {error}")))?;
        if !status.success() {
            let archive = archive.display();
            return Err(Failure::new(format!(
                "error: `tar` cannot unpack {archive}"
            )));
        }
        // Writing to a text cannot fail.
        let _ = writeln!(manifest, "    \"{name}-{version}\",");
        let _ = writeln!(patches, "{name} = {{ path = \"{name}-{version}\" }}");
    }
    let path = folder.join("Cargo.toml");
    fs::write(&path, format!("{manifest}]\n\n{patches}"))
        .map_err(|error| Failure::at(&path, &error))
}
