//! The identity provider and the application to sign in as, and the forms of the sign-in.

use super::challenge;
use super::endpoint::{self, TIME};
use super::token_response::{self, Granted};
use super::{TokenKey, TokenRequest};
use crate::Cloud;
use crate::core::Address;
use crate::error::Error;
use crate::http::HttpSettings;
use crate::path;

/// The name of the identity provider in errors.
const PROVIDER: &str = "identity provider";

/// The identity provider and the application to sign in as.
#[derive(Debug, Clone)]
pub(super) struct Registration {
    pub(super) authority: String,
    pub(super) tenant: String,
    pub(super) client_id: String,
    pub(super) scope: String,
    /// Whether the service may challenge tokens: capability `cp1`.
    pub(super) is_capable: bool,
}

impl Registration {
    pub(super) fn new(tenant: String, client_id: String) -> Self {
        let cloud = Cloud::default();
        Self {
            authority: cloud.token_url().to_owned(),
            tenant,
            client_id,
            scope: cloud.default_scope(),
            is_capable: false,
        }
    }

    pub(super) fn set_cloud(&mut self, cloud: Cloud) {
        self.authority = cloud.token_url().to_owned();
        self.scope = cloud.default_scope();
    }

    /// The key of its tokens.
    pub(super) fn key(&self) -> TokenKey {
        TokenKey::new(&self.authority, &self.tenant, &self.client_id, &self.scope)
    }

    /// Refuses invalid values.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.client_id.trim().is_empty() {
            return Err(Error::configuration("the client id is empty"));
        }
        self.url("token").map(drop)
    }

    /// The URL of an endpoint of the tenant.
    pub(super) fn url(&self, endpoint: &str) -> Result<String, Error> {
        let tenant = path::segment("tenant", &self.tenant)?;
        // The secret must not be sent unencrypted.
        let authority = Address::parse(&self.authority, false)?;
        Ok(format!(
            "{}/{tenant}/oauth2/v2.0/{endpoint}",
            authority.as_str()
        ))
    }

    /// Sends a form to the token endpoint.
    pub(super) async fn token(
        &self,
        http: &reqwest::Client,
        fields: &[(&str, &str)],
        request: &TokenRequest,
    ) -> Result<Granted, Error> {
        let url = self.url("token")?;
        let members = self.post(http, &url, fields, request).await?;
        token_response::read(&members, PROVIDER)
    }

    /// Sends a form with the client id and the claims to an endpoint.
    pub(super) async fn post(
        &self,
        http: &reqwest::Client,
        url: &str,
        fields: &[(&str, &str)],
        request: &TokenRequest,
    ) -> Result<serde_json::Map<String, serde_json::Value>, Error> {
        let claims = challenge::merged(request.claims(), self.is_capable);
        let mut all = vec![("client_id", self.client_id.as_str())];
        all.extend_from_slice(fields);
        all.extend(claims.as_deref().map(|claims| ("claims", claims)));
        let form = endpoint::form(http, url, &all)?;
        endpoint::exchange(http, form, PROVIDER, TIME)
            .await?
            .members(PROVIDER)
    }
}

/// The HTTP client of a source: its own, or else that of the requesting client, or else a new one.
#[derive(Debug, Clone, Default)]
pub(super) struct Http(pub(super) Option<reqwest::Client>);

impl Http {
    pub(super) fn of(&self, request: &TokenRequest) -> Result<reqwest::Client, Error> {
        match self.0.as_ref().or(request.http_client()) {
            Some(client) => Ok(client.clone()),
            None => HttpSettings::default().client(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_has_its_own_identity_provider_and_scope() {
        let mut registration = Registration::new("contoso".to_owned(), "id".to_owned());
        registration.set_cloud(Cloud::UsGovernmentL4);
        assert_eq!(registration.authority, "https://login.microsoftonline.us");
        assert_eq!(registration.scope, "https://graph.microsoft.us/.default");
    }
}
