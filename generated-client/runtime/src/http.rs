//! The HTTP client that is used unless the caller brings another.

use std::time::Duration;

use crate::error::Error;

/// Builds a client that follows no redirections: a token must not travel along them.
pub(crate) fn http_client(connect_time: Duration) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(connect_time)
        // Repetition is this crate's own business; with no attempt to spare, no request is copied for one.
        .retry(reqwest::retry::never().max_retries_per_request(0));
    with_tls(builder)?
        .build()
        .map_err(|error| Error::configuration("the HTTP client cannot be built").with_source(error))
}

/// rustls with ring, and the certificates that the system trusts.
#[cfg(feature = "rustls")]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let no_tls =
        |error: rustls::Error| Error::configuration("no TLS can be had").with_source(error);
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(no_tls)?
        .with_platform_verifier()
        .map_err(no_tls)?
        .with_no_client_auth();
    #[cfg(feature = "http2")]
    let config = {
        let mut config = config;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    };
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(not(feature = "rustls"))]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder)
}
