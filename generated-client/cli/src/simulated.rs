//! The embedded simulator behind `--simulator`.

#[cfg(feature = "simulator")]
use std::time::Duration;

use graph_incidents::Client;

use crate::exit::Failure;
use crate::global::Global;

/// How many incidents the made tenant has.
#[cfg(feature = "simulator")]
const INCIDENTS: u64 = 60;

/// A simulator that runs as long as this value lives.
#[cfg(feature = "simulator")]
pub(crate) struct EmbeddedSimulator(graph_incidents_simulator::Simulator);

#[cfg(feature = "simulator")]
impl EmbeddedSimulator {
    /// Starts one, where it was asked for.
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

    /// A client of it.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let client = Client::builder()
            .base_url(self.0.base_url())
            .token(self.0.token())
            .build()?;
        Ok(client)
    }
}

/// Nothing: this build has no simulator.
#[cfg(not(feature = "simulator"))]
pub(crate) enum EmbeddedSimulator {}

#[cfg(not(feature = "simulator"))]
impl EmbeddedSimulator {
    /// Starts nothing.
    pub(crate) async fn start(_: &Global) -> Result<Option<Self>, Failure> {
        Ok(None)
    }

    /// There is none to make a client of.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        match *self {}
    }
}
