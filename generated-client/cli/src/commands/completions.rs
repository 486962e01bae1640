//! `incidents completions`: what a shell needs to complete commands, statuses and profile names.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use crate::arguments;
use crate::exit::Failure;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents completions bash > ~/.local/share/bash-completion/completions/incidents
  echo 'source <(COMPLETE=zsh incidents)' >> ~/.zshrc        (completes profile names too)")]
pub(crate) struct Options {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// Prints completions.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        options.shell,
        &mut arguments::command(),
        "incidents",
        &mut script,
    );
    crate::output::pager::print(&String::from_utf8_lossy(&script), false)?;
    Ok(ExitCode::SUCCESS)
}
