//! The profile file: its path, and its content.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap_complete::CompletionCandidate;
use graph_incidents::runtime::files;
use serde::Deserialize;

use crate::exit::Failure;

/// A section of the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Profile {
    pub(crate) tenant: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) cloud: Option<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) ca_file: Option<String>,
    pub(crate) me: Option<String>,
}

/// The file: a section for each profile; `default` applies if none is named.
pub(crate) type File = BTreeMap<String, Profile>;

/// The path of the file: `INCIDENTS_CONFIG`, or the platform's default.
pub(crate) fn path() -> Option<PathBuf> {
    if let Some(path) = named_path() {
        return Some(path);
    }
    let folders = directories::ProjectDirs::from("", "", "incidents")?;
    Some(folders.config_dir().join("config.toml"))
}

/// The file of `INCIDENTS_CONFIG`.
pub(crate) fn named_path() -> Option<PathBuf> {
    let path = std::env::var_os("INCIDENTS_CONFIG")?;
    (!path.is_empty()).then(|| path.into())
}

/// The names of the profiles, for completions.
pub(crate) fn names() -> Vec<CompletionCandidate> {
    let file = path().and_then(|path| read(&path).ok()).unwrap_or_default();
    file.into_keys().map(CompletionCandidate::new).collect()
}

/// The profiles of the file; none if there is no file.
pub(crate) fn read(path: &Path) -> Result<File, Failure> {
    let text = match files::read_text(path, files::SMALL) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(File::new()),
        Err(error) => {
            return Err(Failure::usage(format!(
                "failed to read {}: {error}",
                path.display()
            )));
        }
    };
    toml::from_str(&text).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        Failure::usage(format!("{}:{line}: {}", path.display(), error.message()))
            .help("a profile is a section with tenant, client-id, cloud, base-url, ca-file and me")
    })
}
