//! The trait behind which permissions to send requests are given.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::RateBudget;

/// A permission on its way; says whether somebody had to wait for it.
pub type PermissionFuture<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// Gives permission to send requests; see [`RateBudget::from_source`].
///
/// [`RateBudget`] is one: of this process. A source may as well ask others how many requests are left.
pub trait BudgetSource: fmt::Debug + Send + Sync {
    /// Waits for permission to send one request, and returns whether it had to wait.
    ///
    /// The caller drops the future when its call runs out of time: that must take nothing from others.
    fn permission(&self) -> PermissionFuture<'_>;

    /// Learns that the service responded with 429, and for how long it asks to be left alone, if it says so.
    fn throttled(&self, retry_after: Option<Duration>);

    /// Learns that the service responded with anything else.
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
