//! Whether a failed call may be sent again.

use super::{Effect, Error, Kind};

impl Error {
    /// Returns whether the same call may succeed if it is sent again, without harm: the failure is transient, and
    /// either nothing was written or a second write changes nothing.
    ///
    /// The client has already retried it as often as its [`RetryPolicy`](crate::RetryPolicy) allows.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_client_runtime::Core::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let error = client.get("/security/incidents/404404").await.unwrap_err();
    /// assert!(!error.is_repeatable());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        let passes = match (self.0.kind, self.0.status) {
            (Kind::Connect | Kind::Lost | Kind::Timeout | Kind::Budget, _) => true,
            (Kind::Decode, _) => self.0.is_transient,
            (Kind::Service, Some(status)) => status == 429 || status >= 500,
            _ => false,
        };
        let is_harmless = self.0.effect == Effect::NotApplied || self.0.is_operation_repeatable;
        passes && is_harmless
    }
}
