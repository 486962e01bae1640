//! `cargo xtask`: the commands of the maintainers.

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use graph_client_cli::client;
use xtask::workspace::Workspace;
use xtask::{
    build_time, ci, corpus, dependencies, drawing, instructions, lint, minimal_versions, package,
    refresh, regen, release, review,
};

/// Exit codes: 0 success, 4 out of date or breaking, 100 failure.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "The commands of the maintainers", long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is only one value")]
enum Command {
    /// Generate the client and the simulator's contract from spec/incidents.yaml
    Regen {
        /// Write nothing; show what is out of date
        #[arg(long)]
        check: bool,
        /// Show how many operations, types, properties and members there are
        #[arg(long)]
        stats: bool,
    },
    /// Check the fragment
    Lint,
    /// Show what changed between two descriptions, and whom it affects
    Review(review::Options),
    /// Compare the fragment with the service's metadata, and update it
    Refresh(refresh::Options),
    /// Run everything that continuous integration runs, in the same order
    Ci(ci::Options),
    /// Create a crate from any description, ready to publish, on this checkout's runtime
    Client(client::Options),
    /// Generate from the descriptions in ../shared/upstream, compile the result, and report the differences
    Corpus(corpus::Options),
    /// Show the dependencies of each published package, and the reason for each
    Dependencies(dependencies::Options),
    /// Draw the packages and their dependencies for the book
    Drawing(drawing::Options),
    /// Count instructions, and compare with the merge base
    Instructions(instructions::Options),
    /// Check that everything compiles with the oldest dependencies that the manifests allow
    MinimalVersions,
    /// Package every publishable crate, and build the packages
    Package(package::Options),
    /// Prepare a release, except for the push
    Release(release::Options),
    /// Measure the build cost of a program, compared with the same program on bare reqwest
    BuildTime(build_time::Options),
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
    let outcome = Workspace::find().and_then(|workspace| match arguments.command {
        Command::Regen { check, stats } => regen::run(&workspace, check, stats, &mut out),
        Command::Lint => lint::run(&workspace, &mut out),
        Command::Review(options) => review::run(&workspace, &options, &mut out),
        Command::Ci(options) => ci::run(&workspace, options, &mut out),
        Command::Refresh(options) => refresh::run(&workspace, &options, &mut out),
        Command::Client(options) => xtask::client::run(&workspace, options, &mut out),
        Command::Corpus(options) => corpus::run(&workspace, &options, &mut out),
        Command::Dependencies(options) => dependencies::run(&workspace, options, &mut out),
        Command::Drawing(options) => drawing::run(&workspace, options, &mut out),
        Command::Instructions(options) => instructions::run(&workspace, &options, &mut out),
        Command::MinimalVersions => minimal_versions::run(&workspace, &mut out),
        Command::Package(options) => package::run(&workspace, options, &mut out),
        Command::Release(options) => release::run(&workspace, &options, &mut out),
        Command::BuildTime(options) => build_time::run(&workspace, options, &mut out),
    });
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(100)
        }
    }
}
