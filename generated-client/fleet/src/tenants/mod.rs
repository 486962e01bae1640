//! The tenants to watch, and how to reach each.

mod file;
mod redis;

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

pub use file::TenantFile;
pub use redis::TenantSet;

use crate::store::StoreError;

/// The maximum length of a tenant's name, in characters.
const LONGEST_NAME: usize = 100;

/// How to reach a tenant, without secrets.
///
/// Secrets are references: `env:NAME` is an environment variable, `file:PATH` a file, and any other scheme is read by
/// its [`SecretSource`](crate::SecretSource).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Tenant {
    /// The tenant to sign in to: its domain or its id. Default: the tenant's name in the fleet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// The application to sign in as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// A reference to the application's secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// A reference to a token, instead of an application: for tests and gateways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The cloud: `global`, `gcc-high`, `dod`. Default: `global`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud: Option<String>,
    /// Another base URL of the service, with its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Another URL to sign in at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
}

/// Tenants by their names.
pub type Tenants = BTreeMap<String, Tenant>;

/// Supplies the tenants of a fleet; it is called repeatedly, so they can change.
pub trait TenantSource: std::fmt::Debug + Send + Sync {
    /// Returns the tenants if they may have changed since the last call; none if they have not.
    fn changed(&self) -> BoxFuture<'_, Result<Option<Tenants>, StoreError>>;
}

impl Tenant {
    /// Creates a tenant that an application signs in to with a secret.
    #[must_use]
    pub fn with_secret(client_id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            client_id: Some(client_id.into()),
            secret: Some(secret.into()),
            ..Self::empty()
        }
    }

    /// Creates a tenant that is reached with a token.
    #[must_use]
    pub fn with_token(token: impl Into<String>) -> Self {
        Self {
            token: Some(token.into()),
            ..Self::empty()
        }
    }

    fn empty() -> Self {
        Self {
            directory: None,
            client_id: None,
            secret: None,
            token: None,
            cloud: None,
            base_url: None,
            authority: None,
        }
    }

    /// The application whose budget over all tenants counts its requests.
    pub(crate) fn application(&self) -> &str {
        self.client_id.as_deref().unwrap_or("token")
    }

    /// Reads a tenant from its JSON.
    pub(crate) fn from_json(text: &str) -> Result<Self, String> {
        let tenant: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        tenant.check()?;
        Ok(tenant)
    }

    /// Describes what is wrong with it, if anything.
    pub(crate) fn check(&self) -> Result<(), String> {
        match (&self.client_id, &self.secret, &self.token) {
            (Some(_), Some(secret), None) => reference(secret),
            (None, None, Some(token)) => reference(token),
            (_, _, None) => Err("`client-id` and `secret`, or `token`, are required".to_owned()),
            _ => Err("`token` excludes `client-id` and `secret`".to_owned()),
        }
    }
}

/// A secret is a scheme and a name; anything else may be the secret itself, and is not shown.
fn reference(text: &str) -> Result<(), String> {
    let is_reference = text.split_once(':').is_some_and(|(scheme, name)| {
        !name.is_empty()
            && !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    match is_reference {
        true => Ok(()),
        false => Err(
            "a secret must be a reference such as `env:NAME` or `file:PATH`, not the secret itself"
                .to_owned(),
        ),
    }
}

/// Checks whether a name is valid for a tenant: it is part of keys, files and paths.
///
/// # Errors
///
/// Returns the reason if it is not.
pub fn check_name(name: &str) -> Result<(), String> {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.is_empty()
        || name.len() > LONGEST_NAME
        || !name.bytes().all(is_fine)
        || name.starts_with('.')
    {
        return Err(format!(
            "`{}` cannot be a tenant's name: 1 to {LONGEST_NAME} letters, digits, `.`, `_` and `-`, not beginning with `.`",
            name.escape_default()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenant_names_that_would_escape_are_refused() {
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "a b",
            "a\n",
            "a:b",
            "{a}",
            "ä",
            &"a".repeat(101),
        ] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in [
            "contoso.onmicrosoft.com",
            "a",
            "00000000-0000-0000-0000-000000000001",
        ] {
            assert!(check_name(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn a_secret_in_the_list_is_refused_and_not_shown() {
        let written = r#"{"client-id": "1", "secret": "Hunter2~abc"}"#;
        let problem = Tenant::from_json(written).unwrap_err();
        assert!(
            problem.contains("env:NAME") && !problem.contains("Hunter2"),
            "{problem}"
        );
        assert!(Tenant::from_json(r#"{"client-id": "1", "secret": "vault:contoso"}"#).is_ok());
        for invalid in [
            r#"{"client-id": "1"}"#,
            "{}",
            r#"{"token": "env:A", "secret": "env:B"}"#,
            r#"{"tokn": "env:A"}"#,
        ] {
            assert!(Tenant::from_json(invalid).is_err(), "{invalid}");
        }
    }
}
