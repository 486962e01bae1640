//! `incidents`: the command for people who work incidents.

mod arguments;
mod commands;
mod connect;
mod dispatch;
mod environment;
mod exit;
mod filters;
mod global;
mod ids;
mod interrupts;
mod mass;
mod output;
mod profile;
mod profile_file;
mod remembered;
mod sign_in;
mod simulated;
mod times;
mod words;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::arguments::Arguments;

fn main() -> ExitCode {
    clap_complete::CompleteEnv::with_factory(arguments::command).complete();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => {
            // clap does not say that it means a variable.
            return match environment::variable("INCIDENTS_PROFILE") {
                Err(failure) if usage.kind() == ErrorKind::InvalidUtf8 => exit::report(&failure),
                _ => usage_error(&usage),
            };
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            return exit::report(&exit::Failure::other(format!("failed to start: {error}")));
        }
    };
    let result = runtime.block_on(dispatch::run(arguments));
    // Pending operations, such as a read of standard input, must not keep the process alive.
    runtime.shutdown_background();
    match result {
        Ok(code) => code,
        Err(failure) => exit::report(&failure),
    }
}

/// Prints help or an error in the arguments; a closed pipe is not an error.
fn usage_error(usage: &clap::Error) -> ExitCode {
    let printed = usage.print();
    match usage.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ if printed.is_err() => ExitCode::FAILURE,
        _ => ExitCode::from(exit::USAGE),
    }
}
