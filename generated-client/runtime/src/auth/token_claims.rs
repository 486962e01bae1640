//! The claims in an access token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::AccessToken;

/// The claims of an access token, for display only. They are not verified: the service decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenClaims {
    /// The service that accepts it (`aud`), such as `https://graph.microsoft.com`.
    pub audience: Option<String>,
    /// The tenant (`tid`).
    pub tenant: Option<String>,
    /// The application (`appid` or `azp`).
    pub client_id: Option<String>,
    /// The person, for a delegated token (`upn`, `preferred_username` or `unique_name`).
    pub user: Option<String>,
    /// The application permissions (`roles`).
    pub roles: Vec<String>,
    /// The delegated permissions (`scp`).
    pub scopes: Vec<String>,
}

impl AccessToken {
    /// Returns the claims of the token, if it is a readable JWT, without its text and signature.
    #[must_use]
    pub fn claims(&self) -> Option<TokenClaims> {
        let payload = self.expose().split('.').nth(1)?;
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let members: Map<String, Value> = serde_json::from_slice(&bytes).ok()?;
        let text = |names: &[&str]| {
            let mut found = names.iter().filter_map(|name| members.get(*name)?.as_str());
            found.next().map(str::to_owned)
        };
        let roles = members.get("roles").and_then(Value::as_array);
        let scopes = members.get("scp").and_then(Value::as_str);
        Some(TokenClaims {
            audience: text(&["aud"]),
            tenant: text(&["tid"]),
            client_id: text(&["appid", "azp"]),
            user: text(&["upn", "preferred_username", "unique_name"]),
            roles: roles
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            scopes: scopes
                .into_iter()
                .flat_map(str::split_whitespace)
                .map(str::to_owned)
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{AccessToken, TokenClaims};

    #[test]
    fn a_token_has_an_audience_and_roles() {
        let payload = r#"{"aud":"https://graph.microsoft.com","tid":"t","appid":"a","upn":"kai@contoso.com",
            "roles":["SecurityIncident.Read.All",7],"scp":"User.Read  openid","exp":"invalid"}"#;
        let token = AccessToken::new(format!("x.{}.z", URL_SAFE_NO_PAD.encode(payload)));
        let expected = TokenClaims {
            audience: Some("https://graph.microsoft.com".to_owned()),
            tenant: Some("t".to_owned()),
            client_id: Some("a".to_owned()),
            user: Some("kai@contoso.com".to_owned()),
            roles: vec!["SecurityIncident.Read.All".to_owned()],
            scopes: vec!["User.Read".to_owned(), "openid".to_owned()],
        };
        assert_eq!(token.claims(), Some(expected));
        for opaque in ["opaque", "a.b.c", "..", "x.W10.z", ""] {
            assert_eq!(AccessToken::new(opaque).claims(), None, "{opaque}");
        }
    }
}
