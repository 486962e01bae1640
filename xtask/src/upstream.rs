//! `cargo xtask upstream`: generates from Microsoft's own text, revision by revision, and compiles the result.
//!
//! The text is not part of this project. The command looks for it beside the checkout, and says so when it is not
//! there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use graph_client_codegen::{Settings, generate};

use crate::workspace::Workspace;
use crate::{Failure, Outcome};

/// Where the revisions lie, relative to the root.
const HISTORY: &str = "../shared/upstream/history";

/// Generates from every revision and compiles all of them in one crate below `target`.
///
/// # Errors
///
/// When a revision is refused, or the generated code does not compile.
pub fn run(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let history = workspace.root().join(HISTORY);
    if !history.is_dir() {
        writeln!(
            out,
            "{:>12} {HISTORY} is not there; nothing was checked",
            "Skipped"
        )?;
        return Ok(Outcome::Fine);
    }
    let crate_folder = workspace.root().join("target/upstream");
    let mut root = String::from(
        "//! Every revision of the description, as a module.\n#![allow(missing_docs)]\n",
    );
    for path in revisions(&history)? {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let text = fs::read_to_string(&path).map_err(|error| Failure::at(&path, &error))?;
        let generated = generate(
            name,
            &text,
            &Settings::for_description("cargo xtask upstream"),
        )?;
        let module = format!("revision_{}", &name.chars().take(3).collect::<String>());
        write(
            &crate_folder.join(format!("src/{module}.rs")),
            generated.single_file(),
        )?;
        root.push_str(&format!("pub mod {module};\n"));
        writeln!(
            out,
            "{:>12} {name}: {} operations, {} schemas, {} lines",
            "Generated",
            generated.model().operations.len(),
            generated.model().schemas.len(),
            generated.single_file().lines().count()
        )?;
    }
    write(&crate_folder.join("src/lib.rs"), &root)?;
    write(&crate_folder.join("Cargo.toml"), &manifest(workspace))?;
    out.flush()?;
    compile(workspace, &crate_folder)?;
    writeln!(out, "{:>12} all of them", "Compiled")?;
    Ok(Outcome::Fine)
}

fn revisions(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| Failure::at(folder, &error))? {
        let path = entry.map_err(|error| Failure::at(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "yml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A package of its own workspace, so that it never becomes a member of ours.
fn manifest(workspace: &Workspace) -> String {
    let runtime = workspace.root().join("generated-client/runtime");
    format!(
        "[package]\nname = \"upstream-check\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\ngraph-client-runtime = {{ path = {:?} }}\n\n[features]\nschemars = [\"graph-client-runtime/schemars\"]\n\n[workspace]\n",
        runtime.display().to_string()
    )
}

fn compile(workspace: &Workspace, folder: &Path) -> Result<(), Failure> {
    // The same versions as ours, so that nothing new is downloaded.
    let lock = workspace.root().join("Cargo.lock");
    if lock.is_file() {
        fs::copy(&lock, folder.join("Cargo.lock")).map_err(|error| Failure::at(&lock, &error))?;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["check", "--features", "schemars"])
        .current_dir(folder)
        .env(
            "CARGO_TARGET_DIR",
            workspace.root().join("target/upstream/target"),
        )
        .status()
        .map_err(|error| Failure::new(format!("error: cannot run cargo: {error}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(
            "error: the generated code does not compile; see the messages above",
        )),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::at(folder, &error))?;
    }
    fs::write(path, text).map_err(|error| Failure::at(path, &error))
}
