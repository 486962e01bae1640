//! `incidents completions`: the script with which a shell completes commands, statuses and profile names.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

use crate::exit::Failure;
use crate::output::pager;

/// The variable with which the script calls the program.
const VARIABLE: &str = "COMPLETE";
const PROGRAM: &str = "incidents";

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents completions bash > ~/.local/share/bash-completion/completions/incidents
  incidents completions zsh > ~/.zsh/completions/_incidents
  incidents completions fish > ~/.config/fish/completions/incidents.fish")]
pub(crate) struct Options {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// A shell whose script calls the program, so that profile names are those of the file.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

impl Shell {
    fn completer(self) -> &'static dyn EnvCompleter {
        match self {
            Self::Bash => &Bash,
            Self::Elvish => &Elvish,
            Self::Fish => &Fish,
            Self::Powershell => &Powershell,
            Self::Zsh => &Zsh,
        }
    }
}

/// Prints completions.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    options.shell.completer().write_registration(
        VARIABLE,
        PROGRAM,
        PROGRAM,
        PROGRAM,
        &mut script,
    )?;
    pager::print(&String::from_utf8_lossy(&script), false)?;
    Ok(ExitCode::SUCCESS)
}
