//! Credentials of the Azure SDK as token sources (feature `azure-core`).

use std::sync::Arc;
use std::time::SystemTime;

use azure_core::credentials::TokenCredential;

use super::{AccessToken, BoxError, TokenFuture, TokenSource};
use crate::Cloud;

/// Acquires tokens from a credential of the Azure SDK, such as those of `azure_identity`.
///
/// A claims challenge (continuous access evaluation) ends the call: token requests of `azure_core` have no claims, so
/// the credential would return the same token. [`Error::claims`](crate::Error::claims) has the claims.
///
/// `azure_core` is part of this type's public API: a new major version of it requires a new version of this feature.
#[derive(Debug, Clone)]
pub struct AzureCredential {
    credential: Arc<dyn TokenCredential>,
    scope: String,
}

impl AzureCredential {
    /// Uses a credential for the public cloud.
    #[must_use]
    pub fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self {
            credential,
            scope: Cloud::default().default_scope(),
        }
    }

    /// Requests tokens for another cloud.
    #[must_use]
    pub fn cloud(self, cloud: Cloud) -> Self {
        Self {
            scope: cloud.default_scope(),
            ..self
        }
    }
}

impl TokenSource for AzureCredential {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let scopes = [self.scope.as_str()];
            let token = self
                .credential
                .get_token(&scopes, None)
                .await
                .map_err(BoxError::from)?;
            Ok(AccessToken::new(token.token.secret())
                .expires_on(SystemTime::from(token.expires_on)))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use azure_core::credentials::{AccessToken as AzureToken, TokenRequestOptions};
    use azure_core::time::OffsetDateTime;

    use super::*;

    #[derive(Debug)]
    struct Fixed;

    impl TokenCredential for Fixed {
        fn get_token<'a, 'b, 'c, 'd, 'e>(
            &'a self,
            scopes: &'b [&'c str],
            _options: Option<TokenRequestOptions<'d>>,
        ) -> std::pin::Pin<Box<dyn Future<Output = azure_core::Result<AzureToken>> + Send + 'e>>
        where
            'a: 'e,
            'b: 'e,
            'c: 'e,
            'd: 'e,
            Self: 'e,
        {
            let secret = format!("token for {}", scopes.join(" "));
            let expires_on = OffsetDateTime::now_utc() + Duration::from_secs(3600);
            Box::pin(std::future::ready(Ok(AzureToken::new(secret, expires_on))))
        }
    }

    #[tokio::test]
    async fn a_credential_gets_the_cloud_s_scope_and_its_expiry_is_kept() {
        let source = AzureCredential::new(Arc::new(Fixed)).cloud(Cloud::UsGovernmentL4);
        let token = source.token().await.unwrap();
        assert_eq!(
            token.expose(),
            "token for https://graph.microsoft.us/.default"
        );
        let left = token
            .expiry()
            .unwrap()
            .duration_since(SystemTime::now())
            .unwrap();
        assert!((3500..=3600).contains(&left.as_secs()), "{left:?}");
        assert!(!format!("{token:?}").contains("graph.microsoft.us"));
    }
}
