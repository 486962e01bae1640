//! The command line: what can be asked for, and the help that explains it.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::commands;

/// The examples that the help begins with.
const EXAMPLES: &str = "\
Examples:
  incidents list --open --at-least high        what needs somebody now
  incidents show 2972395 --alerts              one incident with its alerts
  incidents resolve 2972395 --classification truePositive --determination phishing --comment \"contained\"
  incidents list --open --json id | incidents assign --to me --yes
  incidents watch --exec ./notify              a program for each change
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

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The profile of the configuration file to use
    #[arg(long, global = true, env = "INCIDENTS_PROFILE", value_name = "NAME", add = clap_complete::ArgValueCandidates::new(crate::profile::names))]
    pub(crate) profile: Option<String>,
    /// The tenant to sign in to: its domain or its id
    #[arg(long, global = true, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// The application to sign in as
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// The cloud: global, gcc-high, dod
    #[arg(long, global = true, value_name = "CLOUD")]
    pub(crate) cloud: Option<String>,
    /// Another address of the service, with its version
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Trust the certificate authorities in this PEM file too, such as that of a proxy
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_file: Option<String>,
    /// Sign in as a person, by a code on another device; `incidents login` remembers it
    #[arg(long, global = true)]
    pub(crate) device_code: bool,
    /// Use an embedded simulator with made data: no account, nothing real
    #[cfg(feature = "simulator")]
    #[arg(long, global = true)]
    pub(crate) simulator: bool,
    /// How results are written
    #[arg(long, global = true, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<Format>,
    /// Write only these properties, as JSON
    #[arg(
        long,
        global = true,
        value_name = "FIELDS",
        value_delimiter = ',',
        conflicts_with = "format"
    )]
    pub(crate) json: Vec<String>,
    /// Write what the service sent, byte for byte
    #[arg(long, global = true, conflicts_with_all = ["format", "json"])]
    pub(crate) raw: bool,
    /// Do not escape cells of CSV that a spreadsheet takes for formulas
    #[arg(long, global = true)]
    pub(crate) unsafe_csv: bool,
    /// Do not show long tables in a pager
    #[arg(long, global = true)]
    pub(crate) no_pager: bool,
    /// Show requests as they are sent, without secrets; twice for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Show the configuration and where each value comes from
    #[arg(long, global = true)]
    pub(crate) config: bool,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    Table,
    /// One JSON document
    Json,
    /// JSON, one object a line
    Jsonl,
    /// YAML
    Yaml,
    /// Comma-separated values
    Csv,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List incidents, the most recently changed first
    List(commands::list::Options),
    /// Show one incident
    Show(commands::show::Options),
    /// Change properties of incidents
    Update(commands::update::Options),
    /// Resolve incidents with a verdict
    Resolve(commands::update::Resolve),
    /// Make somebody the owner of incidents
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
    Alerts(commands::alerts::Command),
    /// Show what incidents involve: hosts, users, addresses, hashes
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
    Fleet(commands::fleet::Command),
    /// Check sign-in, connection and permissions, and say what is wrong
    #[command(after_help = "Examples:
  incidents doctor
  incidents doctor --profile government --format json")]
    Doctor,
    /// Sign in as a person, and remember it
    Login(commands::login::Options),
    /// Forget the sign-in of a person
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
        /// Where to write them
        folder: PathBuf,
    },
}

/// The definition of the command line, for completions and manual pages.
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
