//! Renews the token of a call after a 401, and after a 403 for a role that may have been granted since.

use super::Exchange;
use crate::auth::{Bearer, SignInPatience};
use crate::error::{Error, Kind};

/// The renewals of a call, each at most once: a new token that is refused will be refused again.
#[derive(Debug, Default)]
pub(super) struct Renewals {
    after_401: bool,
    for_claims: bool,
    for_roles: bool,
}

impl Exchange<'_> {
    /// A valid token.
    pub(super) async fn bearer(&self) -> Result<Bearer, Error> {
        let tokens = &self.core.shared.tokens;
        if let Some(bearer) = tokens.ready() {
            return Ok(bearer);
        }
        Box::pin(self.in_time(
            Kind::Timeout,
            "timed out waiting for a token",
            tokens.bearer(self.patience()),
        ))
        .await?
    }

    /// A different token for the request, if the service refused this one and another may help.
    pub(super) async fn renewed(
        &self,
        refused: &Bearer,
        error: &Error,
        renewals: &mut Renewals,
    ) -> Result<Option<Bearer>, Error> {
        match error.status() {
            // A new token may meet a challenge that the old one did not reach: one renewal for each.
            Some(401)
                if !renewals.after_401 || (error.claims().is_some() && !renewals.for_claims) =>
            {
                renewals.after_401 = true;
                renewals.for_claims |= error.claims().is_some();
                Box::pin(self.bearer_after(refused, error.claims())).await
            }
            // A token that was acquired for this call would have the role.
            Some(403)
                if !renewals.for_roles
                    && error.lacks_roles()
                    && refused.is_older_than(self.started) =>
            {
                renewals.for_roles = true;
                Box::pin(self.bearer_with_roles(refused)).await
            }
            _ => Ok(None),
        }
    }

    async fn bearer_after(
        &self,
        refused: &Bearer,
        claims: Option<&str>,
    ) -> Result<Option<Bearer>, Error> {
        let tokens = &self.core.shared.tokens;
        let renewing = tokens.bearer_after(refused, claims.map(str::to_owned), self.patience());
        self.in_time(Kind::Timeout, "timed out waiting for a token", renewing)
            .await?
    }

    async fn bearer_with_roles(&self, refused: &Bearer) -> Result<Option<Bearer>, Error> {
        let tokens = &self.core.shared.tokens;
        let renewing = tokens.bearer_with_roles(refused, self.patience());
        let renewed = self.in_time(Kind::Timeout, "", renewing).await;
        // The 403 explains more than a renewal that took too long.
        Ok(renewed.unwrap_or(None))
    }

    fn patience(&self) -> SignInPatience<'_> {
        SignInPatience::new(self.core.retry(), self.started)
    }
}
