//! `cargo xtask package`: packs every package that can be published, builds it, and tests it outside the workspace.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use crate::cargo::{self, Package};
use crate::workspace::Workspace;
use crate::{Failure, Outcome};

/// The options of `cargo xtask package`.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Options {
    /// Also test the packed packages, in a folder outside the workspace
    #[arg(long)]
    test: bool,
    /// Also pack uncommitted changes
    #[arg(long)]
    allow_dirty: bool,
    /// Do not build the packed packages
    #[arg(long)]
    no_verify: bool,
}

impl Options {
    /// The options of the weekly run: everything.
    pub(crate) fn of_ci() -> Self {
        Self {
            test: true,
            allow_dirty: true,
            no_verify: false,
        }
    }

    /// The options of a release, whose edits are committed after they are packed.
    pub(crate) fn of_release(no_verify: bool) -> Self {
        Self {
            test: false,
            allow_dirty: true,
            no_verify,
        }
    }
}

/// Packs and builds the packages; with `test`, also tests them outside the workspace.
///
/// # Errors
///
/// Returns an error if cargo fails; cargo prints why.
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

/// Tests the packages in a workspace that contains nothing else.
fn test(workspace: &Workspace, packages: &[Package]) -> Result<(), Failure> {
    let target = workspace.root().join("target");
    let outside = tempfile::tempdir()?;
    unpack(&target.join("package"), outside.path(), packages)?;
    // A folder of its own, so that dependencies are built once.
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
        // Writing to a string cannot fail.
        let _ = writeln!(manifest, "    \"{name}-{version}\",");
        let _ = writeln!(patches, "{name} = {{ path = \"{name}-{version}\" }}");
    }
    let path = folder.join("Cargo.toml");
    fs::write(&path, format!("{manifest}]\n\n{patches}"))
        .map_err(|error| Failure::at(&path, &error))
}
