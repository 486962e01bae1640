//! The embedded simulator behind `--simulator`.

#[cfg(feature = "simulator")]
use std::time::Duration;

use graph_incidents::Client;

use crate::exit::Failure;
use crate::global::Global;

/// The number of generated incidents.
#[cfg(feature = "simulator")]
const INCIDENTS: u64 = 60;

/// A simulator that runs for the lifetime of this value.
#[cfg(feature = "simulator")]
pub(crate) struct EmbeddedSimulator(graph_incidents_simulator::Simulator);

#[cfg(feature = "simulator")]
impl EmbeddedSimulator {
    /// Starts one if it was requested.
    pub(crate) async fn start(global: &Global) -> Result<Option<Self>, Failure> {
        if !global.simulator {
            return Ok(None);
        }
        let simulator = graph_incidents_simulator::Simulator::builder()
            .incidents(INCIDENTS)
            .changes_every(Duration::from_secs(1))
            .start()
            .await?;
        Ok(Some(Self(simulator)))
    }

    /// Creates a client of it.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let client = Client::builder()
            .base_url(self.0.base_url())
            .token(self.0.token())
            .build()?;
        Ok(client)
    }
}

/// Does nothing: this build has no simulator.
#[cfg(not(feature = "simulator"))]
pub(crate) enum EmbeddedSimulator {}

#[cfg(not(feature = "simulator"))]
impl EmbeddedSimulator {
    /// Starts nothing.
    pub(crate) async fn start(_: &Global) -> Result<Option<Self>, Failure> {
        Ok(None)
    }

    /// There is no simulator to create a client of.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        match *self {}
    }
}
