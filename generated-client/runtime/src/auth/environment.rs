//! Credentials in environment variables, with the names that the Azure SDKs use.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;

use super::BoxError;
use super::ClientCredentials;
use super::absent::Absent;
use crate::Cloud;
use crate::error::Error;
#[cfg(feature = "certificate")]
use crate::files;

/// The variables to read.
pub(super) const NAMES: [&str; 9] = [
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
];

/// Environment variables for signing in. Their values are never shown.
///
/// | variable | meaning |
/// |---|---|
/// | `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` | the tenant and the application |
/// | `AZURE_CLIENT_SECRET` | its secret |
/// | `AZURE_CLIENT_CERTIFICATE_PATH` | a PEM file with its certificate and private key (feature `certificate`) |
/// | `AZURE_FEDERATED_TOKEN_FILE` | a file with the token of another identity provider (workload identity) |
/// | `AZURE_AUTHORITY_HOST` | where to sign in. Default: the cloud's own address |
/// | `IDENTITY_ENDPOINT`, `IDENTITY_HEADER` | set by App Service for a managed identity |
///
/// A variable of the process whose value is not Unicode is an error of the source that would read it, and of a whole
/// [`Chain`](super::Chain): without it, somebody else could be signed in.
#[derive(Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
    /// Names of variables whose values are not Unicode.
    unreadable: BTreeSet<String>,
}

impl Variables {
    /// Reads the variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self::read(|name| std::env::var_os(name))
    }

    fn read(look_up: impl Fn(&str) -> Option<OsString>) -> Self {
        let mut variables = Self::default();
        for name in NAMES {
            match look_up(name).map(OsString::into_string) {
                None => {}
                Some(Ok(value)) => variables = variables.with(name, value),
                Some(Err(_)) => {
                    variables.unreadable.insert(name.to_owned());
                }
            }
        }
        variables
    }

    /// Sets a variable, for settings from other sources.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.unreadable.remove(&name);
        self.values.insert(name, value.into());
        self
    }

    /// Refuses variables of these names that are set and cannot be read.
    pub(super) fn check(&self, names: &[&str]) -> Result<(), Error> {
        let mut unreadable = self.unreadable.iter();
        match unreadable.find(|name| names.contains(&name.as_str())) {
            Some(name) => Err(Error::configuration(format!(
                "the environment variable {name} is not valid Unicode: correct or unset it"
            ))),
            None => Ok(()),
        }
    }

    /// Returns the value of a variable. An empty value counts as none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name)?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The application with its secret, or else with its certificate.
    pub(super) fn environment(&self, cloud: Cloud) -> Result<ClientCredentials, BoxError> {
        let secret = self.get("AZURE_CLIENT_SECRET");
        let certificate = self.get("AZURE_CLIENT_CERTIFICATE_PATH");
        let credentials = match (secret, certificate) {
            (Some(secret), _) => {
                let (tenant, id) = self.application("AZURE_CLIENT_SECRET")?;
                ClientCredentials::new(tenant, id, secret)?
            }
            (None, Some(path)) => {
                let (tenant, id) = self.application("AZURE_CLIENT_CERTIFICATE_PATH")?;
                from_certificate(tenant, id, path)?
            }
            (None, None) => {
                return Err(Absent::new(
                    "neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set",
                )
                .into());
            }
        };
        Ok(self.at_authority(credentials.cloud(cloud)))
    }

    /// The application with the token of another identity provider.
    pub(super) fn workload(&self, cloud: Cloud) -> Result<ClientCredentials, BoxError> {
        let Some(path) = self.get("AZURE_FEDERATED_TOKEN_FILE") else {
            return Err(Absent::new("AZURE_FEDERATED_TOKEN_FILE is not set").into());
        };
        let (tenant, id) = self.application("AZURE_FEDERATED_TOKEN_FILE")?;
        let credentials = ClientCredentials::from_token_file(tenant, id, path)?;
        Ok(self.at_authority(credentials.cloud(cloud)))
    }

    fn at_authority(&self, credentials: ClientCredentials) -> ClientCredentials {
        match self.get("AZURE_AUTHORITY_HOST") {
            Some(host) => credentials.authority(host),
            None => credentials,
        }
    }

    /// Tenant and client id. A half configuration is an error: ignoring it could sign in somebody else.
    fn application(&self, because: &str) -> Result<(&str, &str), Error> {
        let needed = |name: &str| {
            self.get(name)
                .ok_or_else(|| Error::configuration(format!("{because} is set, but {name} is not")))
        };
        Ok((needed("AZURE_TENANT_ID")?, needed("AZURE_CLIENT_ID")?))
    }
}

/// Sets variables, for tests and for settings from other sources.
impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Variables {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        pairs.fold(Self::default(), |variables, (name, value)| {
            variables.with(name, value)
        })
    }
}

#[cfg(feature = "certificate")]
fn from_certificate(tenant: &str, id: &str, path: &str) -> Result<ClientCredentials, Error> {
    let pem = files::read(path, files::SMALL).map_err(|error| {
        Error::configuration(format!(
            "AZURE_CLIENT_CERTIFICATE_PATH: failed to read {path}"
        ))
        .with_source(error)
    })?;
    ClientCredentials::from_certificate(tenant, id, &pem)
}

#[cfg(not(feature = "certificate"))]
fn from_certificate(_: &str, _: &str, _: &str) -> Result<ClientCredentials, Error> {
    Err(Error::configuration(
        "AZURE_CLIENT_CERTIFICATE_PATH is set, but certificates need the feature `certificate`",
    ))
}

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.values.keys().chain(&self.unreadable);
        formatter.debug_set().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// The variables of a process can only be set from outside, so the test starts itself with one.
    #[test]
    fn variables_come_from_the_process_and_are_never_shown() {
        const NAME: &str =
            "auth::environment::tests::variables_come_from_the_process_and_are_never_shown";
        const ID: &str = "seeded-client-id";
        const STARTED: &str = "STARTED_BY_THE_TEST_OF_VARIABLES";
        let variables = Variables::of_process().with("AZURE_CLIENT_SECRET", "seeded-secret");
        assert_eq!(variables.get("AZURE_CLIENT_SECRET"), Some("seeded-secret"));
        let shown = format!("{variables:?}");
        assert!(shown.contains("AZURE_CLIENT_SECRET"), "{shown}");
        assert!(!shown.contains("seeded"), "{shown}");
        if std::env::var_os(STARTED).is_some() {
            assert_eq!(variables.get("AZURE_CLIENT_ID"), Some(ID));
            return println!("the id was read");
        }
        let again = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env("AZURE_CLIENT_ID", ID)
            .env(STARTED, "1")
            .output()
            .unwrap();
        let written = String::from_utf8_lossy(&again.stdout);
        assert!(written.contains("the id was read"), "{written}");
    }

    #[cfg(unix)]
    mod not_unicode {
        use std::os::unix::ffi::OsStringExt as _;

        use super::*;
        use crate::auth::{Chain, ManagedIdentity, TokenSource as _};

        /// What a process has in which one variable is not Unicode.
        fn with_unreadable(unreadable: &str) -> Variables {
            Variables::read(|name| {
                let value = match name == unreadable {
                    true => OsString::from_vec(b"caf\xe9".to_vec()),
                    false => "value".into(),
                };
                Some(value)
            })
        }

        #[tokio::test]
        async fn a_variable_that_is_not_unicode_is_an_error_that_names_it() {
            for name in NAMES {
                let variables = with_unreadable(name);
                assert!(format!("{variables:?}").contains(name), "{variables:?}");
                let chain = Chain::with_variables(&variables, Cloud::Global);
                let expected = format!(
                    "environment: the environment variable {name} is not valid Unicode: correct or unset it"
                );
                assert_eq!(chain.check().unwrap_err().message(), expected);
                assert!(chain.token().await.unwrap_err().to_string().contains(name));
                // The same variable from other settings replaces it.
                assert!(variables.with(name, "other").check(&NAMES).is_ok());
            }
        }

        #[tokio::test]
        async fn a_managed_identity_reads_its_own_variables_alone() {
            for name in ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"] {
                let identity = ManagedIdentity::of(&with_unreadable(name), None);
                let error = identity.token().await.unwrap_err();
                assert!(error.to_string().contains(name), "{error}");
            }
            let identity = ManagedIdentity::of(&with_unreadable("AZURE_TENANT_ID"), None);
            let error = identity.token().await.unwrap_err().to_string();
            assert!(!error.contains("Unicode"), "{error}");
        }
    }
}
