//! The first available credential: environment, workload identity, managed identity, `az`.

use std::fmt;
use std::sync::OnceLock;

use super::environment::NAMES;
use super::{
    Absent, AzureCli, BoxError, DeviceCode, ManagedIdentity, SharedTokens, TokenFuture,
    TokenRequest, TokenSource, Variables,
};
use crate::Cloud;
use crate::error::{Error, Kind};
use crate::telemetry;

/// Tries several token sources in order, and keeps using the first one that returns a token.
///
/// A source that is absent ([`Absent`]) is skipped. A configured source that is refused ends the chain, so that a wrong
/// secret never leads to a person's own login. Errors list what was tried.
///
/// # Examples
///
/// ```no_run
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::Chain;
///
/// // Environment variables, workload identity, managed identity, `az`.
/// let client = Core::builder().token_source(Chain::usual()).build()?;
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
#[derive(Default)]
#[must_use]
pub struct Chain {
    sources: Vec<Link>,
    /// The source that returned a token. It is not replaced by another, which could be somebody else.
    chosen: OnceLock<usize>,
}

struct Link {
    name: String,
    source: Result<Box<dyn TokenSource>, BoxError>,
}

impl Chain {
    /// Creates an empty chain.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates the default chain of the public cloud, with the environment variables of this process; see
    /// [`with_variables`](Self::with_variables).
    pub fn usual() -> Self {
        Self::with_variables(&Variables::of_process(), Cloud::default())
    }

    /// Creates the default chain: the application of the variables, by secret or else by certificate; a workload
    /// identity; a managed identity; `az`. A person is asked only with [`or_device_code`](Self::or_device_code).
    pub fn with_variables(variables: &Variables, cloud: Cloud) -> Self {
        Self::with_variables_and_cli(variables, cloud, AzureCli::new())
    }

    /// The same as [`with_variables`](Self::with_variables), with another command instead of `az`.
    pub fn with_variables_and_cli(variables: &Variables, cloud: Cloud, cli: AzureCli) -> Self {
        if let Err(error) = variables.check(&NAMES) {
            return Self::new().link("environment", Err(error.into()));
        }
        let id = variables.get("AZURE_CLIENT_ID").map(str::to_owned);
        let mut identity = ManagedIdentity::of(variables, id).cloud(cloud);
        let machine = variables.get("AZURE_POD_IDENTITY_AUTHORITY_HOST");
        if let (Some(url), None) = (machine, variables.get("IDENTITY_ENDPOINT")) {
            identity = identity.machine_endpoint(url);
        }
        let cli = cli.cloud(cloud);
        let cli = match variables.get("AZURE_TENANT_ID") {
            Some(tenant) => cli.tenant(tenant),
            None => cli,
        };
        Self::new()
            .link("environment", variables.environment(cloud).map(boxed))
            .link("workload identity", variables.workload(cloud).map(boxed))
            .or("managed identity", identity)
            .or("az", cli)
    }

    /// Adds a source at the end, with its name in errors.
    pub fn or(self, name: impl Into<String>, source: impl TokenSource + 'static) -> Self {
        self.link(name, Ok(boxed(source)))
    }

    /// Falls back to asking a person if nothing else is configured.
    pub fn or_device_code(self, source: DeviceCode) -> Self {
        self.or("device code", source)
    }

    /// Adds the sources of another chain at the end.
    pub fn and(mut self, other: Self) -> Self {
        self.sources.extend(other.sources);
        self
    }

    /// Shares its tokens with other clients.
    pub fn sharing(mut self, tokens: &SharedTokens) -> Self {
        let sources = self.sources.into_iter().map(|link| Link {
            source: link.source.map(|source| boxed(tokens.serve_boxed(source))),
            ..link
        });
        self.sources = sources.collect();
        self
    }

    /// Returns the name of the source that returned a token, if any.
    #[must_use]
    pub fn chosen(&self) -> Option<&str> {
        let link = self.sources.get(*self.chosen.get()?)?;
        Some(&link.name)
    }

    fn link(
        mut self,
        name: impl Into<String>,
        source: Result<Box<dyn TokenSource>, BoxError>,
    ) -> Self {
        self.sources.push(Link {
            name: name.into(),
            source,
        });
        self
    }

    async fn next_token(&self, request: TokenRequest) -> Result<super::AccessToken, BoxError> {
        if let Some(link) = self
            .chosen
            .get()
            .and_then(|&chosen| self.sources.get(chosen))
        {
            return link
                .token(request)
                .await
                .map_err(|error| link.failed(error, &[]));
        }
        let mut passed = Vec::new();
        for (position, link) in self.sources.iter().enumerate() {
            match link.token(request.clone()).await {
                Ok(token) => {
                    telemetry::chosen(&link.name);
                    let _ = self.chosen.set(position);
                    return Ok(token);
                }
                Err(error) => match error.downcast_ref::<Absent>() {
                    Some(absent) => passed.push(format!("{}: {absent}", link.name)),
                    None => return Err(link.failed(error, &passed)),
                },
            }
        }
        let tried = match passed.is_empty() {
            true => "the chain has no source".to_owned(),
            false => passed.join("; "),
        };
        Err(Error::new(Kind::Token, format!("no credential is available: {tried}")).into())
    }
}

impl Link {
    async fn token(&self, request: TokenRequest) -> Result<super::AccessToken, BoxError> {
        match &self.source {
            Ok(source) => source.token_for(request).await,
            Err(error) => Err(
                match (
                    error.downcast_ref::<Absent>(),
                    error.downcast_ref::<Error>(),
                ) {
                    (Some(absent), _) => absent.clone().into(),
                    (None, Some(error)) => error.again().into(),
                    (None, None) => error.to_string().into(),
                },
            ),
        }
    }

    /// Reports the source that failed, and those that were skipped before.
    fn failed(&self, error: BoxError, passed: &[String]) -> BoxError {
        let error = match error.downcast::<Error>() {
            Ok(error) => *error,
            Err(error) => Error::new(Kind::Token, "refused").with_source(error),
        };
        let tried = match passed.is_empty() {
            true => String::new(),
            false => format!(" (not configured: {})", passed.join("; ")),
        };
        let message = format!("{}: {}{tried}", self.name, error.message());
        error.with_message(message).into()
    }
}

fn boxed(source: impl TokenSource + 'static) -> Box<dyn TokenSource> {
    Box::new(source)
}

impl TokenSource for Chain {
    fn token(&self) -> TokenFuture<'_> {
        self.token_for(TokenRequest::new())
    }

    fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(self.next_token(request))
    }

    /// An invalid configuration is an error at once, unless another source comes before it.
    fn check(&self) -> Result<(), Error> {
        for link in &self.sources {
            match &link.source {
                Ok(source) => return source.check(),
                Err(error) => {
                    if let Some(error) = error.downcast_ref::<Error>() {
                        let message = format!("{}: {}", link.name, error.message());
                        return Err(error.again().with_message(message));
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.sources.iter().map(|link| &link.name);
        formatter.debug_list().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_chain_tries_the_environment_first_and_az_last() {
        let usual = r#"["environment", "workload identity", "managed identity", "az"]"#;
        assert_eq!(format!("{:?}", Chain::usual()), usual);
        let variables = Variables::default().with("AZURE_CLIENT_SECRET", "seeded-secret");
        let chain = Chain::with_variables(&variables, Cloud::Global);
        assert_eq!(format!("{chain:?}"), usual);
    }

    #[test]
    fn an_incomplete_configuration_is_an_error_before_sending() {
        let none = Variables::default();
        assert!(Chain::with_variables(&none, Cloud::Global).check().is_ok());
        let half = none.with("AZURE_FEDERATED_TOKEN_FILE", "/some/file");
        let error = Chain::with_variables(&half, Cloud::Global).check();
        assert_eq!(
            error.unwrap_err().message(),
            "workload identity: AZURE_FEDERATED_TOKEN_FILE is set, but AZURE_TENANT_ID is not"
        );
    }
}
