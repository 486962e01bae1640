//! A consumer that has a `reqwest::Client` of its own beside ours: neither may depend on which is built first.

use graph_client_runtime::{Core, Error};

/// Builds our client.
///
/// # Errors
///
/// Returns an error where TLS cannot be initialized.
pub fn ours() -> Result<Core, Error> {
    Core::builder().token("a token").build()
}

/// Builds the consumer's own client.
///
/// # Panics
///
/// Panics where reqwest has no TLS provider.
#[must_use]
pub fn own() -> reqwest::Client {
    reqwest::Client::new()
}
