//! Two embedded tenants behind `--simulator fleet run`.

use graph_incidents_fleet::FleetSettings;

use crate::exit::Failure;
use crate::global::Global;

/// Simulators that run for the lifetime of this value, and the folder with their settings.
#[cfg(feature = "simulator")]
pub(super) struct SimulatedTenants {
    _simulators: Vec<graph_incidents_simulator::Simulator>,
    _folder: tempfile::TempDir,
}

#[cfg(feature = "simulator")]
impl SimulatedTenants {
    /// Starts two tenants if they were requested, and adds them to the settings; both change every few seconds.
    pub(super) async fn start(
        global: &Global,
        settings: &mut FleetSettings,
        every: Option<u64>,
    ) -> Result<Option<Self>, Failure> {
        if !global.simulator {
            return Ok(None);
        }
        let folder = tempfile::tempdir()?;
        let (mut simulators, mut text) = (Vec::new(), String::new());
        for (seed, name) in [(1, "adventure-works"), (2, "contoso")] {
            let simulator = graph_incidents_simulator::Simulator::builder()
                .seed(seed)
                .changes_every(std::time::Duration::from_secs(3 * seed))
                .start()
                .await?;
            let token = folder.path().join(name);
            std::fs::write(&token, simulator.token())?;
            text += &format!(
                "[{name}]\ntoken = 'file:{}'\nbase-url = '{}'\n",
                token.display(),
                simulator.base_url()
            );
            simulators.push(simulator);
        }
        settings.tenants = folder.path().join("tenants.toml");
        // A minute is long for somebody who watches.
        settings.every = every.unwrap_or(3);
        std::fs::write(&settings.tenants, text)?;
        Ok(Some(Self {
            _simulators: simulators,
            _folder: folder,
        }))
    }
}

/// Does nothing: this build has no simulator.
#[cfg(not(feature = "simulator"))]
pub(super) enum SimulatedTenants {}

#[cfg(not(feature = "simulator"))]
impl SimulatedTenants {
    /// Starts nothing.
    pub(super) async fn start(
        _: &Global,
        _: &mut FleetSettings,
        _: Option<u64>,
    ) -> Result<Option<Self>, Failure> {
        Ok(None)
    }
}
