//! The program: a simulator to keep running while developing.

mod arguments;
mod log;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let quiet = arguments.quiet;
    let started = match arguments.builder() {
        Ok(builder) if quiet => builder.start().await.map_err(|error| error.to_string()),
        Ok(builder) => builder
            .on_request(log::request)
            .start()
            .await
            .map_err(|error| error.to_string()),
        Err(problem) => Err(problem),
    };
    let simulator = match started {
        Ok(simulator) => simulator,
        Err(problem) => {
            eprintln!("the simulator cannot start: {problem}");
            return ExitCode::FAILURE;
        }
    };
    if let Some(recovery) = simulator.recovery() {
        eprintln!("recovered: {recovery}");
    }
    log::welcome(&simulator);
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("the simulator cannot wait for Ctrl-C: {error}");
    }
    simulator.stop().await;
    ExitCode::SUCCESS
}
