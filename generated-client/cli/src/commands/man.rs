//! `incidents man`: the manual pages, from the definition of the command line.

use std::path::Path;
use std::process::ExitCode;

use crate::exit::Failure;

/// Writes a page for the program and one for each command.
pub(crate) fn run(definition: clap::Command, folder: &Path) -> Result<ExitCode, Failure> {
    let failed = |error: std::io::Error| {
        Failure::other(format!("failed to write to {}: {error}", folder.display()))
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(definition, folder).map_err(failed)?;
    Ok(ExitCode::SUCCESS)
}
