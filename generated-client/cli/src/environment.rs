//! Variables of the environment.

use std::env;

use tracing_subscriber::EnvFilter;

use crate::exit::Failure;

/// The value of a variable; a blank one counts as not set.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Failure> {
    let Some(value) = env::var_os(name) else {
        return Ok(None);
    };
    let value = value.into_string().map_err(|_| {
        Failure::usage(format!(
            "the environment variable {name} is not valid Unicode"
        ))
        .help(format!(
            "correct it, or unset it: env -u {name} incidents …"
        ))
    })?;
    Ok(Some(value).filter(|value| !value.trim().is_empty()))
}

/// Whether a variable has a value, whatever it is.
pub(crate) fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.to_string_lossy().trim().is_empty())
}

/// What the log contains, by `RUST_LOG`; without it, the usual content.
pub(crate) fn log_filter(usual: &str) -> Result<EnvFilter, Failure> {
    match variable(EnvFilter::DEFAULT_ENV)? {
        None => Ok(EnvFilter::new(usual)),
        Some(text) => EnvFilter::try_new(&text).map_err(|error| {
            Failure::usage(format!("the environment variable RUST_LOG: {error}"))
                .help("for example: RUST_LOG=graph_client=debug,warn")
        }),
    }
}
