//! Reads a text from a file or from the network.

use std::path::PathBuf;
use std::time::Duration;

use graph_client_codegen::csdl::LONGEST;

use crate::Failure;
use crate::files;

/// The maximum duration of a download; the service's metadata has 16 MB.
const TIME_OUT: Duration = Duration::from_secs(300);

/// A text of upstream, and its source.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The path or the URL, as the caller wrote it.
    pub(super) name: String,
    pub(super) text: String,
    /// The file, if it is one.
    pub(super) path: Option<PathBuf>,
}

impl Source {
    /// Reads a file, or downloads a URL.
    pub(super) fn get(name: &str, option: &str) -> Result<Self, Failure> {
        let is_address = name.starts_with("https://") || name.starts_with("http://");
        let (text, path) = match is_address {
            true => (fetch(name)?, None),
            false => (read(name, option)?, Some(PathBuf::from(name))),
        };
        Ok(Self {
            name: name.to_owned(),
            text,
            path,
        })
    }
}

fn read(name: &str, option: &str) -> Result<String, Failure> {
    let fail = |reason: String, help: &str| {
        Failure::new(format!("error: {option} {name}: {reason}\n  help: {help}"))
    };
    let bytes = files::read(name)
        .map_err(|error| fail(error.to_string(), "pass a readable file or a URL"))?;
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        fail(
            format!("byte {place} is not UTF-8"),
            "save the text as UTF-8",
        )
    })
}

fn fetch(address: &str) -> Result<String, Failure> {
    let fail = |reason: String| {
        Failure::new(format!(
            "error: cannot fetch {address}: {reason}\n  help: try again, or download it and pass the file"
        ))
    };
    let client = client().map_err(|error| fail(chain(&error)))?;
    let bytes = super::block_on(async {
        let mut response = client
            .get(address)
            .send()
            .await
            .map_err(|error| chain(&error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(format!("the server responded with {status}"));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| chain(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST {
                return Err(format!("it has more than {LONGEST} bytes"));
            }
        }
        Ok(bytes)
    })?
    .map_err(fail)?;
    String::from_utf8(bytes).map_err(|_| fail("it is not UTF-8".to_owned()))
}

/// An HTTP client that trusts the system's certificate authorities.
pub(super) fn client() -> reqwest::Result<reqwest::Client> {
    // Another part of the program may have installed one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(concat!("graph-client/", env!("CARGO_PKG_VERSION")))
        .timeout(TIME_OUT)
        .build()
}

/// An error with its causes on one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}
