//! An application that signs in by itself: by secret, by certificate, or by a token of another identity provider.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use super::registration::{Http, Registration};
use super::{AccessToken, BoxError, TokenFuture, TokenKey, TokenRequest, TokenSource};
use crate::Cloud;
use crate::error::{Error, Kind};
use crate::files;

/// The type of a signed assertion.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An application that signs in by itself (client credentials).
///
/// # Examples
///
/// ```
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::ClientCredentials;
///
/// let source = ClientCredentials::new("contoso.onmicrosoft.com", "client id", "client secret")?;
/// assert!(!format!("{source:?}").contains("client secret"));
/// let client = Core::builder().token_source(source).build()?;
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
pub struct ClientCredentials {
    registration: Registration,
    proof: Proof,
    http: Http,
}

/// How an application proves its identity.
enum Proof {
    Secret(SecretString),
    #[cfg(feature = "certificate")]
    Certificate(super::certificate::Certificate),
    /// A file with a token of another identity provider. It is replaced from time to time, so it is read each time.
    TokenFile(PathBuf),
}

impl ClientCredentials {
    fn with(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        proof: Proof,
    ) -> Result<Self, Error> {
        let registration = Registration::new(tenant.into(), client_id.into());
        registration.check()?;
        Ok(Self {
            registration,
            proof,
            http: Http::default(),
        })
    }

    /// Creates a source for an application in the public cloud that signs in with a secret. The secret is wiped from
    /// memory when this is dropped.
    ///
    /// # Errors
    ///
    /// Returns an error for an invalid tenant, client id or secret.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, Error> {
        let secret = SecretString::from(client_secret.into());
        if secret.expose_secret().trim().is_empty() {
            return Err(Error::configuration("the client secret is empty"));
        }
        Self::with(tenant, client_id, Proof::Secret(secret))
    }

    /// Creates a source for an application that signs in with a certificate (feature `certificate`): PEM text with the
    /// certificate first and its RSA private key, unencrypted. Each sign-in sends an assertion that is signed with the
    /// key (PS256) and valid for ten minutes; the key is never sent.
    ///
    /// # Errors
    ///
    /// Returns an error if the text has no certificate or no usable RSA private key.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use graph_client_runtime::auth::ClientCredentials;
    ///
    /// let pem = std::fs::read("app.pem")?;
    /// let source = ClientCredentials::from_certificate("contoso.onmicrosoft.com", "client id", &pem)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "certificate")]
    pub fn from_certificate(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        pem: &[u8],
    ) -> Result<Self, Error> {
        let certificate = super::certificate::Certificate::from_pem(pem)?;
        Self::with(tenant, client_id, Proof::Certificate(certificate))
    }

    /// Creates a source for an application that signs in with a token of another identity provider (workload identity
    /// federation), such as that of a Kubernetes service account or a GitHub workflow. The file is read at each
    /// sign-in, since it is replaced from time to time.
    ///
    /// # Errors
    ///
    /// Returns an error for an invalid tenant or client id.
    pub fn from_token_file(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Result<Self, Error> {
        Self::with(
            tenant,
            client_id,
            Proof::TokenFile(path.as_ref().to_owned()),
        )
    }

    /// Signs in to another cloud. Default: the public one.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.registration.set_cloud(cloud);
        self
    }

    /// Sets another identity provider, such as `http://127.0.0.1:8080`, for tests.
    #[must_use]
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.registration.authority = url.into();
        self
    }

    /// Requests tokens for another scope. Default: the cloud's Microsoft Graph, `https://graph.microsoft.com/.default`.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.registration.scope = scope.into();
        self
    }

    /// Announces that this program handles claims challenges (capability `cp1`): the service may then end a token
    /// early, within minutes of a revocation, and in return issues tokens with a longer lifetime. Default: false.
    #[must_use]
    pub fn continuous_access_evaluation(mut self, is_on: bool) -> Self {
        self.registration.is_capable = is_on;
        self
    }

    /// Sets a separate HTTP client for signing in.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http.0 = Some(client);
        self
    }

    async fn sign_in(&self, request: &TokenRequest) -> Result<AccessToken, Error> {
        let http = self.http.of(request)?;
        let assertion = self.assertion()?;
        let proof = match (&self.proof, &assertion) {
            (Proof::Secret(secret), _) => vec![("client_secret", secret.expose_secret())],
            (_, Some(assertion)) => vec![
                ("client_assertion_type", JWT_BEARER),
                ("client_assertion", assertion.expose_secret()),
            ],
            (_, None) => Vec::new(),
        };
        let mut fields = vec![
            ("grant_type", "client_credentials"),
            ("scope", self.registration.scope.as_str()),
        ];
        fields.extend(proof);
        let granted = self.registration.token(&http, &fields, request).await?;
        Ok(granted.token)
    }

    /// The proof that is sent instead of a secret.
    fn assertion(&self) -> Result<Option<SecretString>, Error> {
        match &self.proof {
            Proof::Secret(_) => Ok(None),
            #[cfg(feature = "certificate")]
            Proof::Certificate(certificate) => {
                let audience = self.registration.url("token")?;
                certificate
                    .assertion(&self.registration.client_id, &audience)
                    .map(Some)
            }
            Proof::TokenFile(path) => {
                let unreadable = |why: &str| {
                    Error::new(
                        Kind::Token,
                        format!("federated token file {}: {why}", path.display()),
                    )
                };
                let text = files::read_text(path, files::SMALL)
                    .map_err(|error| unreadable("cannot be read").with_source(error))?;
                let text = text.trim();
                match text.is_empty() {
                    true => Err(unreadable("is empty")),
                    false => Ok(Some(SecretString::from(text))),
                }
            }
        }
    }
}

impl TokenSource for ClientCredentials {
    fn token(&self) -> TokenFuture<'_> {
        self.token_for(TokenRequest::new())
    }

    fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move { self.sign_in(&request).await.map_err(BoxError::from) })
    }

    fn check(&self) -> Result<(), Error> {
        self.registration.check()
    }

    fn key(&self) -> Option<TokenKey> {
        Some(self.registration.key())
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientCredentials")
            .field("registration", &self.registration)
            .finish_non_exhaustive()
    }
}
