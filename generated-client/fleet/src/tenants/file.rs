//! Tenants in a file: TOML with a section for each, read again when it changes.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;
use graph_incidents::runtime::files::LARGE;

use super::{TenantSource, Tenants, check_name};
use crate::files;
use crate::store::StoreError;

/// Tenants in a TOML file, a section for each:
///
/// ```toml
/// [contoso]
/// directory = "contoso.onmicrosoft.com"
/// client-id = "11111111-2222-3333-4444-555555555555"
/// secret = "env:CONTOSO_SECRET"
/// ```
///
/// If the file can no longer be read, the last tenants stay, and the error is reported once.
#[derive(Debug)]
pub struct TenantFile {
    path: PathBuf,
    last: Mutex<Option<String>>,
}

impl TenantFile {
    /// Creates a source for a file.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            last: Mutex::new(None),
        }
    }
}

impl TenantSource for TenantFile {
    fn changed(&self) -> BoxFuture<'_, Result<Option<Tenants>, StoreError>> {
        Box::pin(async {
            let text = files::text_of(&self.path, LARGE).await.map_err(|error| {
                StoreError::Invalid(format!("failed to read {}: {error}", self.path.display()))
            })?;
            {
                let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.as_deref() == Some(text.as_str()) {
                    return Ok(None);
                }
                *last = Some(text.clone());
            }
            parse(&self.path, &text)
                .map(Some)
                .map_err(StoreError::Invalid)
        })
    }
}

fn parse(path: &Path, text: &str) -> Result<Tenants, String> {
    let tenants: Tenants = toml::from_str(text).map_err(|error| {
        let before = error
            .span()
            .map_or("", |span| text.get(..span.start).unwrap_or_default());
        let line = before.matches('\n').count() + 1;
        format!("{}:{line}: {}", path.display(), error.message())
    })?;
    for (name, tenant) in &tenants {
        check_name(name).map_err(|reason| format!("{}: {reason}", path.display()))?;
        tenant
            .check()
            .map_err(|reason| format!("{}: [{name}]: {reason}", path.display()))?;
    }
    Ok(tenants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_their_location() {
        let path = Path::new("tenants.toml");
        let problem = |text: &str| parse(path, text).unwrap_err();
        assert!(problem("[a]\ntoken = \"env:A\"\n[b]\ntokn = 1\n").starts_with("tenants.toml:4: "));
        assert!(problem("[a]\nclient-id = \"1\"\n").contains("[a]: `client-id` and `secret`, or"));
        assert!(problem("[\"a/b\"]\ntoken = \"env:A\"\n").contains("`a/b` cannot be"));
        assert_eq!(parse(path, "").unwrap().len(), 0);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_list_without_an_end_is_refused() {
        let error = TenantFile::new("/dev/zero").changed().await.unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("failed to read /dev/zero: it has more than 64 MiB"),
            "{message}"
        );
    }
}
