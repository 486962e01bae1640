//! The options of every command, and the output formats.

use clap::{Args, ValueEnum};

/// The options of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The profile of the configuration file to use
    #[arg(long, global = true, env = "INCIDENTS_PROFILE", value_name = "NAME", add = clap_complete::ArgValueCandidates::new(crate::profile_file::names))]
    pub(crate) profile: Option<String>,
    /// The domain or id of the tenant to sign in to
    #[arg(long, global = true, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// The application to sign in as
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// The cloud: global, gcc-high, dod
    #[arg(long, global = true, value_name = "CLOUD")]
    pub(crate) cloud: Option<String>,
    /// Another base URL of the service, with the version
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Also trust the certificate authorities in this PEM file, such as a proxy's
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_file: Option<String>,
    /// Sign in as a person with a code on another device, without remembering it
    #[arg(long, global = true)]
    pub(crate) device_code: bool,
    /// Use an embedded simulator with generated data; needs no account
    #[cfg(feature = "simulator")]
    #[arg(long, global = true, conflicts_with_all = ["base_url", "ca_file", "device_code"])]
    pub(crate) simulator: bool,
    /// The output format
    #[arg(long, global = true, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<Format>,
    /// Write only these properties, as JSON; without any, list those that there are
    #[arg(
        long,
        global = true,
        value_name = "FIELDS",
        value_delimiter = ',',
        num_args = 0..=1,
        default_missing_value = "",
        conflicts_with = "format"
    )]
    pub(crate) json: Vec<String>,
    /// Show these properties as the columns of a table or of CSV
    #[arg(
        long,
        global = true,
        value_name = "FIELDS",
        value_delimiter = ',',
        conflicts_with_all = ["json", "raw"]
    )]
    pub(crate) columns: Vec<String>,
    /// Print the service's response unchanged
    #[arg(long, global = true, conflicts_with_all = ["format", "json"])]
    pub(crate) raw: bool,
    /// Do not escape CSV cells that a spreadsheet could take for formulas
    #[arg(long, global = true)]
    pub(crate) unsafe_csv: bool,
    /// Do not show long tables in a pager
    #[arg(long, global = true)]
    pub(crate) no_pager: bool,
    /// Log requests without secrets; twice for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Show the configuration and where each value comes from
    #[arg(long, global = true)]
    pub(crate) config: bool,
}

/// The output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    Table,
    /// One JSON document
    Json,
    /// JSON, one object per line
    Jsonl,
    /// YAML
    Yaml,
    /// Comma-separated values
    Csv,
}
