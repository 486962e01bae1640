//! Sources of secrets: the environment, files, and the user's own.

use std::collections::HashMap;
use std::env::VarError;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use graph_incidents::runtime::files::SMALL;

use crate::files;

/// A future secret, or the reason why there is none. The reason is shown: it must not contain the secret.
pub type SecretFuture<'a> = BoxFuture<'a, Result<String, String>>;

/// Reads secrets by name, for example from a vault.
pub trait SecretSource: Send + Sync {
    /// Reads the secret with a name: the part after the scheme in a tenant's reference.
    fn read<'a>(&'a self, name: &'a str) -> SecretFuture<'a>;
}

/// Sources of secrets by the scheme of their references.
#[derive(Clone)]
pub struct Secrets(HashMap<String, Arc<dyn SecretSource>>);

impl Default for Secrets {
    /// Creates the sources for the environment (`env:NAME`) and files (`file:PATH`).
    fn default() -> Self {
        let mut secrets = Self(HashMap::new());
        secrets.add("env", Environment);
        secrets.add("file", Files);
        secrets
    }
}

impl Secrets {
    /// Adds a source for references with a scheme, such as `vault`; it replaces the source with that scheme.
    pub fn add(&mut self, scheme: impl Into<String>, source: impl SecretSource + 'static) {
        self.0.insert(scheme.into(), Arc::new(source));
    }

    /// Reads the secret of a reference.
    ///
    /// # Errors
    ///
    /// Returns the reason why there is no secret: an unknown scheme, or the error of its source.
    pub async fn read(&self, reference: &str) -> Result<String, String> {
        let (scheme, name) = reference.split_once(':').unwrap_or(("", reference));
        let Some(source) = self.0.get(scheme) else {
            let mut known: Vec<&str> = self.0.keys().map(String::as_str).collect();
            known.sort_unstable();
            return Err(format!(
                "unknown secret scheme `{scheme}`; known: {}",
                known.join(", ")
            ));
        };
        let secret = source.read(name).await?;
        match secret.trim().is_empty() {
            true => Err(format!("the secret of `{reference}` is empty")),
            false => Ok(secret),
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

struct Environment;

impl SecretSource for Environment {
    fn read<'a>(&'a self, name: &'a str) -> SecretFuture<'a> {
        Box::pin(async move {
            std::env::var(name).map_err(|error| match error {
                VarError::NotPresent => format!("the environment variable `{name}` is not set"),
                VarError::NotUnicode(_) => {
                    format!("the environment variable `{name}` is not valid Unicode")
                }
            })
        })
    }
}

struct Files;

impl SecretSource for Files {
    fn read<'a>(&'a self, name: &'a str) -> SecretFuture<'a> {
        Box::pin(async move {
            let text = files::text_of(Path::new(name), SMALL).await;
            let text = text.map_err(|error| format!("failed to read {name}: {error}"))?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_secret_without_an_end_is_refused() {
        let error = Secrets::default().read("file:/dev/zero").await;
        let message = error.unwrap_err();
        assert!(message.contains("it has more than 1 MiB"), "{message}");
    }

    #[tokio::test]
    async fn secrets_come_from_files_and_custom_sources() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "Hunter2\r\n").unwrap();
        let mut secrets = Secrets::default();
        let reference = format!("file:{}", file.path().display());
        assert_eq!(secrets.read(&reference).await.unwrap(), "Hunter2");
        std::fs::write(file.path(), "\n").unwrap();
        assert!(
            secrets
                .read(&reference)
                .await
                .unwrap_err()
                .contains("is empty")
        );
        assert!(
            secrets
                .read("vault:a")
                .await
                .unwrap_err()
                .contains("env, file")
        );

        struct Vault;
        impl SecretSource for Vault {
            fn read<'a>(&'a self, name: &'a str) -> SecretFuture<'a> {
                Box::pin(async move { Ok(format!("secret of {name}")) })
            }
        }
        secrets.add("vault", Vault);
        assert_eq!(secrets.read("vault:a").await.unwrap(), "secret of a");
        assert!(secrets.read("env:NO_SUCH_VARIABLE_HERE").await.is_err());
    }
}
