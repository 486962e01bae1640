//! The program: a simulator to keep running while developing.

mod arguments;
mod log;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (quiet, json, record) = (arguments.quiet, arguments.json, arguments.record.clone());
    if let Some(path) = &record
        && path.exists()
    {
        eprintln!(
            "the simulator cannot start: {} exists already",
            path.display()
        );
        return ExitCode::FAILURE;
    }
    let mut builder = arguments.builder();
    if !quiet {
        builder = builder.on_request(log::request);
    }
    let simulator = match builder.start().await {
        Ok(simulator) => simulator,
        Err(problem) => {
            eprintln!("the simulator cannot start: {problem}");
            return ExitCode::FAILURE;
        }
    };
    if let Some(recovery) = simulator.recovery() {
        eprintln!("recovered: {recovery}");
    }
    if json {
        log::address(&simulator);
    }
    if !quiet {
        log::welcome(&simulator);
    }
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("the simulator cannot wait for Ctrl-C: {error}");
    }
    let recorded = record.map(|path| {
        (
            std::fs::write(&path, simulator.recording().to_string()),
            path,
        )
    });
    simulator.stop().await;
    match recorded {
        Some((Err(error), path)) => {
            eprintln!("{} cannot be written: {error}", path.display());
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
