//! The trait for sources of permissions to send requests.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::RateBudget;

/// A future permission, with whether a caller had to wait for it.
pub type PermissionFuture<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// Grants permissions to send requests; see [`RateBudget::from_source`].
///
/// [`RateBudget`] is such a source, for this process. Another source can for example ask a server.
pub trait BudgetSource: fmt::Debug + Send + Sync {
    /// Waits for permission to send one request, and returns whether it had to wait.
    ///
    /// The caller drops the future when its call runs out of time: that must not cost others a permission.
    fn permission(&self) -> PermissionFuture<'_>;

    /// Called when the service responded with 429, with the pause that it requests, if any.
    fn throttled(&self, retry_after: Option<Duration>);

    /// Called when the service responded with anything else.
    fn responded(&self);
}

impl BudgetSource for RateBudget {
    fn permission(&self) -> PermissionFuture<'_> {
        Box::pin(self.permission())
    }

    fn throttled(&self, retry_after: Option<Duration>) {
        self.throttled(retry_after);
    }

    fn responded(&self) {
        self.responded();
    }
}
