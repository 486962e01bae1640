//! The token of the account that is signed in with the Azure command line, `az`.

use std::ffi::OsString;
use std::io;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::process::Command;

use super::absent::Absent;
use super::{AccessToken, BoxError, TokenFuture, TokenRequest, TokenSource, token_response};
use crate::Cloud;
use crate::error::{Error, Kind};

/// The maximum run time of the command.
const TIME: Duration = Duration::from_secs(30);

/// The token of the account that is signed in with `az login`, for work on your own machine.
///
/// # Examples
///
/// ```
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::AzureCli;
///
/// let client = Core::builder().token_source(AzureCli::new()).build()?;
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct AzureCli {
    command: OsString,
    tenant: Option<String>,
    scope: String,
}

impl Default for AzureCli {
    fn default() -> Self {
        Self {
            command: OsString::from(if cfg!(windows) { "az.cmd" } else { "az" }),
            tenant: None,
            scope: Cloud::default().default_scope(),
        }
    }
}

impl AzureCli {
    /// Creates a source that acquires tokens for the public cloud from `az`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests tokens for a tenant. Default: the one that is selected in `az`.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Requests tokens for another cloud. Default: the public one.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.scope = cloud.default_scope();
        self
    }

    /// Sets the command to run. Default: `az` in the search path.
    pub fn command(mut self, command: impl Into<OsString>) -> Self {
        self.command = command.into();
        self
    }

    async fn next_token(&self, request: &TokenRequest) -> Result<AccessToken, BoxError> {
        self.check()?;
        if request.claims().is_some() {
            return Err(Error::new(
                Kind::Token,
                "az: the service asks for another sign-in: run `az logout`, then `az login`",
            )
            .with_claims(request.claims.clone())
            .into());
        }
        let output = self.run().await?;
        if !output.status.success() {
            return Err(failure(&output));
        }
        let members: Map<String, Value> = serde_json::from_slice(&output.stdout)
            .map_err(|_| Error::new(Kind::Token, "az: the output is not JSON"))?;
        Ok(token_response::read(&renamed(members), "az")?.token)
    }

    async fn run(&self) -> Result<Output, BoxError> {
        let mut command = Command::new(&self.command);
        command
            .args(["account", "get-access-token", "--output", "json", "--scope"])
            .arg(&self.scope)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        if let Some(tenant) = &self.tenant {
            command.args(["--tenant", tenant]);
        }
        let name = self.command.to_string_lossy();
        match tokio::time::timeout(TIME, command.output()).await {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => {
                Err(Absent::new(format!("the command `{name}` was not found")).into())
            }
            Ok(Err(error)) => {
                let message = format!("az: failed to run `{name}`");
                Err(Error::new(Kind::Token, message).with_source(error).into())
            }
            Err(_) => {
                let message = format!("az: `{name}` did not end within {} s", TIME.as_secs());
                Err(Error::new(Kind::Token, message).into())
            }
        }
    }
}

/// Nobody is signed in, or something failed: the command's output says which.
fn failure(output: &Output) -> BoxError {
    let text = String::from_utf8_lossy(&output.stderr);
    let text = text.trim().trim_start_matches("ERROR:").trim();
    let is_absent = text.contains("az login") && !text.contains("AADSTS");
    let message = match text.is_empty() {
        true => format!("az: the command failed ({})", output.status),
        false => format!("az: {text}"),
    };
    match is_absent {
        true => Absent::new(message).into(),
        false => Error::new(Kind::Token, message).into(),
    }
}

/// The output of `az` has names of its own. `expiresOn`, without a time zone, is ignored.
fn renamed(mut members: Map<String, Value>) -> Map<String, Value> {
    for (theirs, usual) in [("accessToken", "access_token"), ("tokenType", "token_type")] {
        if let Some(value) = members.remove(theirs) {
            members.insert(usual.to_owned(), value);
        }
    }
    members
}

impl TokenSource for AzureCli {
    fn token(&self) -> TokenFuture<'_> {
        self.token_for(TokenRequest::new())
    }

    fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move { self.next_token(&request).await })
    }

    /// A tenant becomes a command argument: it must contain nothing else.
    fn check(&self) -> Result<(), Error> {
        let is_plain = |tenant: &String| {
            let mut bytes = tenant.bytes();
            bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
                && !tenant.starts_with('-')
                && !tenant.is_empty()
        };
        match &self.tenant {
            Some(tenant) if !is_plain(tenant) => {
                Err(Error::configuration(format!("invalid tenant: {tenant:?}")))
            }
            _ => Ok(()),
        }
    }
}
