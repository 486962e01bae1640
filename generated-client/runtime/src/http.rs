//! The default HTTP client for calls and sign-in.

use std::time::Duration;

use crate::error::Error;

/// The default timeout for establishing a connection.
const CONNECT_TIME: Duration = Duration::from_secs(10);

/// How to reach the service and the identity provider.
#[derive(Debug, Clone)]
pub(crate) struct HttpSettings {
    pub(crate) connect_time: Duration,
    pub(crate) proxy: Option<String>,
    /// Use no proxy, not even that of the environment.
    pub(crate) is_direct: bool,
    /// Certificate authorities to trust in addition to the system's, as PEM.
    pub(crate) authorities: Vec<Vec<u8>>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_time: CONNECT_TIME,
            proxy: None,
            is_direct: false,
            authorities: Vec::new(),
        }
    }
}

impl HttpSettings {
    /// Whether a setting only applies to a client that this crate creates.
    pub(crate) fn are_of_use(&self) -> bool {
        self.proxy.is_some() || !self.authorities.is_empty()
    }

    /// Builds a client that follows no redirects, so that a token is not sent along them.
    pub(crate) fn client(&self) -> Result<reqwest::Client, Error> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_time)
            // This crate does the retries; without reqwest's own, no request is cloned for one.
            .retry(reqwest::retry::never().max_retries_per_request(0));
        if self.is_direct {
            builder = builder.no_proxy();
        } else if let Some(url) = &self.proxy {
            builder = builder.proxy(proxy(url)?);
        }
        with_tls(builder, &self.authorities)?
            .build()
            .map_err(|error| {
                Error::configuration("failed to build the HTTP client").with_source(error)
            })
    }
}

/// A proxy for all requests. Its URL may contain a password: it is not shown.
fn proxy(url: &str) -> Result<reqwest::Proxy, Error> {
    let invalid = || Error::configuration("invalid proxy URL: write it as `http://host:port`");
    let parsed: url::Url = url.parse().map_err(|_| invalid())?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none_or(str::is_empty) {
        return Err(invalid());
    }
    reqwest::Proxy::all(url).map_err(|_| invalid())
}

/// rustls with reqwest's defaults, and the certificates that the system trusts.
#[cfg(all(feature = "rustls", not(feature = "rustls-ring")))]
fn with_tls(
    builder: reqwest::ClientBuilder,
    authorities: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, Error> {
    let mut certificates = Vec::new();
    for pem in authorities {
        let bundle = reqwest::Certificate::from_pem_bundle(pem);
        match bundle {
            Ok(bundle) if !bundle.is_empty() => certificates.extend(bundle),
            _ => return Err(invalid_authority()),
        }
    }
    Ok(match certificates.is_empty() {
        true => builder,
        false => builder.tls_certs_merge(certificates),
    })
}

/// rustls with ring, and the certificates that the system trusts.
#[cfg(feature = "rustls-ring")]
fn with_tls(
    builder: reqwest::ClientBuilder,
    authorities: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, Error> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    let no_tls =
        |error: rustls::Error| Error::configuration("failed to initialize TLS").with_source(error);
    let mut roots: Vec<CertificateDer<'static>> = Vec::new();
    for pem in authorities {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.push(certificate.map_err(|_| invalid_authority())?);
        }
        if roots.len() == before {
            return Err(invalid_authority());
        }
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(
        roots,
        std::sync::Arc::clone(&provider),
    )
    .map_err(no_tls)?;
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(no_tls)?
        .dangerous()
        .with_custom_certificate_verifier(std::sync::Arc::new(verifier))
        .with_no_client_auth();
    #[cfg(feature = "http2")]
    let config = {
        let mut config = config;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    };
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(any(feature = "rustls", feature = "rustls-ring"))]
fn invalid_authority() -> Error {
    Error::configuration("invalid certificate authority: pass its certificate as PEM text")
}

#[cfg(not(any(feature = "rustls", feature = "rustls-ring")))]
fn with_tls(
    builder: reqwest::ClientBuilder,
    authorities: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, Error> {
    match authorities.is_empty() {
        true => Ok(builder),
        false => Err(Error::configuration(
            "a certificate authority needs TLS: enable the feature `rustls`, or pass an HTTP client",
        )),
    }
}
