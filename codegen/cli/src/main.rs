//! `graph-client`: generates Rust clients from descriptions of Microsoft Graph.

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
#[cfg(feature = "refresh")]
use graph_client_cli::refresh;
use graph_client_cli::repository::Named;
use graph_client_cli::{client, generate, input::Input, lint, review};

/// Exit codes: 0 success, 4 out of date or breaking, 100 failure.
#[derive(Parser)]
#[command(
    name = "graph-client",
    version,
    about = "Generates Rust clients from descriptions of Microsoft Graph",
    after_help = "Exit codes: 0 success, 4 out of date or breaking, 100 failure.",
    long_about = None
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check the selected parts of a description
    Lint(Input),
    /// Write the modules of a client into a folder
    Generate(generate::Options),
    /// Create a crate that is ready to publish
    Client(client::Options),
    /// Show what changed between two descriptions, and whom it affects
    Review {
        /// The repository of the description.
        #[command(flatten)]
        named: Named,
        /// The options.
        #[command(flatten)]
        options: review::Options,
    },
    /// Compare a description with the service's metadata, and update it
    #[cfg(feature = "refresh")]
    Refresh {
        /// The repository of the description.
        #[command(flatten)]
        named: Named,
        /// The options.
        #[command(flatten)]
        options: refresh::Options,
    },
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => {
            let written = usage.print().is_ok() && !usage.use_stderr();
            return ExitCode::from(if written { 0 } else { 100 });
        }
    };
    let mut out = io::stdout().lock();
    let outcome = match &arguments.command {
        Command::Lint(input) => lint::run(input, &mut out),
        Command::Generate(options) => generate::run(options, &mut out),
        Command::Client(options) => client::run(options, &mut out),
        Command::Review { named, options } => named
            .repository()
            .and_then(|repository| review::run(&repository, options, &mut out)),
        #[cfg(feature = "refresh")]
        Command::Refresh { named, options } => named
            .repository()
            .and_then(|repository| refresh::run(&repository, options, &mut out)),
    };
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(100)
        }
    }
}
