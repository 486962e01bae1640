//! `graph-client client`: creates a crate that is ready to publish.
//!
//! Running the command again updates the generated code. The manifest, the front page and the example are written once,
//! and belong to the user from then on, except for the features of the resources in the manifest.

mod again;
mod call;
mod features;
mod texts;

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use graph_client_codegen::Generated;

use crate::generate::settle;
use crate::input::Input;
use crate::sync::{self, Plan};
use crate::{Failure, Outcome, counted};

/// The command, as in headers and messages.
pub const COMMAND: &str = "graph-client client";

/// The manifest of the crate.
const MANIFEST: &str = "Cargo.toml";

/// How to create a crate.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// The input.
    #[command(flatten)]
    pub input: Input,
    /// The folder of the crate
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The name of the crate [default: that of the settings file, of the crate that is there, or of the folder]
    #[arg(long)]
    pub name: Option<String>,
    /// Take graph-client-runtime from a folder instead of the registry
    #[arg(long, value_name = "DIR")]
    pub runtime: Option<PathBuf>,
    /// Take graph-incidents-simulator, which the smoke test calls, from a folder instead of the registry
    #[arg(long, value_name = "DIR")]
    pub simulator: Option<PathBuf>,
    /// Write nothing; list what would be written
    #[arg(long)]
    pub dry_run: bool,
    /// Write nothing; show which generated files are out of date
    #[arg(long)]
    pub check: bool,
}

/// Creates the crate, or updates its generated code.
///
/// # Errors
///
/// Returns an error if the description is refused, the name is not valid for a crate (nothing is written then), or a
/// file cannot be written.
pub fn run(options: &Options, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    make(options, COMMAND, out)
}

/// Creates the crate for a command with another name.
///
/// # Errors
///
/// Returns the same errors as [`run`].
pub fn make(options: &Options, command: &str, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let mut description = options.input.read(command)?;
    let manifest = sync::read(&options.out.join(MANIFEST))?;
    let name = name(options, description.name.as_deref(), manifest.as_deref())?;
    description.settings.resources = manifest.as_deref().is_none_or(features::are_wanted);
    let generated = description.generate()?;
    let texts = texts::Texts {
        name: &name,
        command,
        options,
        generated: &generated,
    };
    let mut plan = Plan::new(&options.out);
    for file in generated.files() {
        plan.file(
            Path::new("src/generated").join(&file.path),
            file.text.clone(),
        );
    }
    plan.owned_folder("src/generated".into());
    plan.file("tests/smoke.rs".into(), texts.smoke_test());
    plan.file("tests/contract.json".into(), generated.contract());
    match &manifest {
        Some(manifest) if features::are_wanted(manifest) => {
            let manifest = features::replaced(manifest, generated.resources())?;
            plan.file(MANIFEST.into(), manifest);
        }
        _ => plan.once(MANIFEST.into(), texts.manifest()),
    }
    if !options.check {
        plan.once("README.md".into(), texts.readme());
        plan.once("src/lib.rs".into(), texts.root());
        plan.once("examples/first_call.rs".into(), texts.example());
    }
    let changes = plan.changes()?;
    let out = &mut *options.input.tell(generated.report(), out)?;
    summary(&name, &generated, out)?;
    if options.dry_run {
        for change in &changes {
            writeln!(
                out,
                "{:>12} {}",
                "Would write",
                options.out.join(change.path()).display()
            )?;
        }
        return Ok(Outcome::Fine);
    }
    settle(
        &changes,
        &options.out,
        &description.file,
        options.check.then_some(command),
        out,
    )
}

fn summary(name: &str, generated: &Generated, out: &mut dyn io::Write) -> Result<(), Failure> {
    writeln!(
        out,
        "{:>12} {name}: {}, {}; {}",
        "Client",
        counted(
            generated.model().operations.len(),
            "operation",
            "operations"
        ),
        counted(generated.model().schemas.len(), "schema", "schemas"),
        counted(generated.report().warnings().count(), "warning", "warnings"),
    )?;
    Ok(())
}

/// The name of the crate, if it is valid: the requested one, its current one, or that of its folder.
fn name(
    options: &Options,
    of_settings: Option<&str>,
    manifest: Option<&str>,
) -> Result<String, Failure> {
    let of_folder = || {
        let folder = std::path::absolute(&options.out).unwrap_or_else(|_| options.out.clone());
        let name = folder.file_name().and_then(|name| name.to_str());
        name.unwrap_or_default().to_owned()
    };
    let wanted = options.name.as_deref().or(of_settings);
    let known = manifest.and_then(features::package_name);
    if let (Some(wanted), Some(known)) = (wanted, &known)
        && wanted != known
    {
        return Err(Failure::new(format!(
            "error: the crate in {} is called `{known}`, not `{wanted}`\n  help: change its Cargo.toml, or make another folder with --out",
            options.out.display()
        )));
    }
    let name = wanted
        .map(str::to_owned)
        .or(known)
        .unwrap_or_else(of_folder);
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_plain = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'));
    match starts_well && is_plain && name.len() <= 64 {
        true => Ok(name),
        false => Err(Failure::new(format!(
            "error: `{name}` is not a valid crate name\n  help: pass a name of letters, digits and hyphens with --name"
        ))),
    }
}
