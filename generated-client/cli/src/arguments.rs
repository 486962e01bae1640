//! The command line, and its help.

use std::path::PathBuf;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::commands;
use crate::global::Global;

/// The examples at the start of the help.
const EXAMPLES: &str = "\
Examples:
  incidents list --open --at-least high        incidents that need attention
  incidents show 2972395 --alerts              one incident with its alerts
  incidents resolve 2972395 --classification truePositive --determination phishing --comment \"contained\"
  incidents list --open --json id | incidents assign --to me --yes
  incidents watch --exec ./notify              run a program for each change
  incidents --simulator list                   try it without an account";

/// Work the security incidents of Microsoft Defender.
#[derive(Debug, Parser)]
#[command(name = "incidents", version, about, long_about = None, after_help = EXAMPLES)]
#[command(max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List incidents, most recently changed first
    List(commands::list::Options),
    /// Show one incident
    Show(commands::show::Options),
    /// Change properties of incidents
    Update(commands::update::Options),
    /// Resolve incidents with a classification and determination
    Resolve(commands::update::Resolve),
    /// Assign incidents to an owner
    Assign(commands::update::Assign),
    /// Add a comment to incidents
    Comment(commands::comment::Options),
    /// Merge incidents into one
    Merge(commands::merge::Options),
    /// List, show and change alerts
    #[command(
        subcommand,
        after_help = "Examples:
  incidents alerts list --severity high --status new
  incidents alerts update da637578995287051192_756343937 --status resolved"
    )]
    Alerts(commands::alerts::AlertsCommand),
    /// Show what incidents involve: hosts, users, addresses, files, processes, hashes
    Evidence(commands::evidence::Options),
    /// Run an advanced hunting query
    Hunt(commands::hunt::Options),
    /// Show changes of incidents as they happen
    Watch(commands::watch::Options),
    /// Write all incidents to standard output, for another system
    Export(commands::export::Options),
    /// Watch many tenants with many workers
    #[cfg(feature = "fleet")]
    #[command(subcommand)]
    Fleet(commands::fleet::FleetCommand),
    /// Check sign-in, connection and permissions
    #[command(after_help = "Examples:
  incidents doctor
  incidents doctor --profile government --format json")]
    Doctor,
    /// Sign in as a person, and remember the sign-in
    Login(commands::login::Options),
    /// Forget a person's sign-in
    #[command(after_help = "Examples:
  incidents logout
  incidents logout --profile government")]
    Logout,
    /// Send a request to any path of Microsoft Graph
    Api(commands::api::Options),
    /// Print the JSON Schema of a type
    Schema(commands::schema::Options),
    /// Print completions for a shell
    Completions(commands::completions::Options),
    /// Write the manual pages to a folder
    #[command(after_help = "Examples:
  incidents man ~/.local/share/man/man1")]
    Man {
        /// The folder to write to
        folder: PathBuf,
    },
}

/// Returns the definition of the command line, for completions and manual pages.
pub(crate) fn command() -> clap::Command {
    Arguments::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}
