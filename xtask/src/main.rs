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
#[expect(clippy::large_enum_variant, reason = "a program has one of it")]
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
    /// Check the fragment alone
    Lint,
    /// Say what changed between two descriptions, and what it does to people
    Review(review::Options),
    /// Hold the fragment against the service's metadata, and bring it up to date
    Refresh(refresh::Options),
    /// Run all that continuous integration runs, in its order
    Ci(ci::Options),
    /// Make a crate of any description, ready to publish, on this checkout's runtime
    Client(client::Options),
    /// Generate from the descriptions in ../shared/upstream, compile the result, and say what moved
    Corpus(corpus::Options),
    /// Say what each published package depends on, and why
    Dependencies(dependencies::Options),
    /// Draw the packages and their arrows for the book
    Drawing(drawing::Options),
    /// Count instructions beside the merge base
    Instructions(instructions::Options),
    /// Check that everything compiles with the oldest dependencies that the manifests allow
    MinimalVersions,
    /// Pack every package that can be published, and build what was packed
    Package(package::Options),
    /// Do everything that a release needs but the push
    Release(release::Options),
    /// Measure what a program costs to build, beside the same program with bare reqwest
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
