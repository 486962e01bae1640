//! The command line.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use graph_incidents_simulator::{Builder, FaultRule, Profile, Simulator};

/// How many bytes of bodies a recording has at most.
const RECORDED_BYTES: usize = 256 << 20;

/// A Microsoft Graph incidents service on your own machine: stateful, offline, and as awkward as you like.
///
/// Open the printed address in a browser to watch and control it.
#[derive(Debug, Parser)]
#[command(name = "graph-incidents-simulator", version)]
pub(crate) struct Arguments {
    /// The port to listen on; 0 takes any that is free
    #[arg(long, default_value_t = 8787)]
    port: u16,

    /// The address to listen on; everybody who can reach an address other than loopback can control the simulator
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,

    /// The seed for generated incidents and faults
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// How many incidents to generate; by default, the reference page's and some dozens more
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    incidents: Option<u64>,

    /// Incidents to start with, instead of generated ones: a JSON list, a response of the service, or one incident per
    /// line
    #[arg(long, value_name = "FILE", conflicts_with = "incidents")]
    from: Option<PathBuf>,

    /// Another contract, as the generator writes it, instead of that of incidents
    #[arg(long, value_name = "FILE")]
    contract: Option<PathBuf>,

    /// How many entities to generate in each collection of the contract
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    entities: usize,

    /// Save writes to this file, and continue from it at the next start
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Recover the intact part of a damaged state file, and move the damaged one away
    #[arg(long, requires = "state")]
    recover: bool,

    /// The behaviour of the service
    #[arg(long, default_value = "plain", value_parser = profile)]
    profile: Profile,

    /// A fault, as JSON: {"fault": {"kind": "resetAfter"}, "operations": ["updateIncident"], "probability": 0.1}
    #[arg(long = "fault", value_name = "RULE", value_parser = fault)]
    faults: Vec<FaultRule>,

    /// Let the service itself change an incident every SECONDS
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    changes_every: Option<u64>,

    /// The bearer token with all permissions; random by default
    #[arg(long)]
    token: Option<String>,

    /// Replay a recording instead of anything else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["incidents", "from", "state"])]
    replay: Option<PathBuf>,

    /// Write the last 1,000 exchanges, up to 256 MiB of them, to this file when the simulator ends, with tokens and the names of people replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,

    /// Print nothing but errors
    #[arg(long)]
    pub(crate) quiet: bool,

    /// Print the address, the token and other values as one line of JSON first, even with --quiet
    #[arg(long)]
    pub(crate) json: bool,
}

impl Arguments {
    /// Creates the simulator for the arguments.
    pub(crate) fn builder(self) -> Builder {
        let mut builder = Simulator::builder()
            .address(self.address)
            .port(self.port)
            .seed(self.seed)
            .profile(self.profile);
        if let Some(count) = self.incidents {
            builder = builder.incidents(count);
        }
        if let Some(file) = self.from {
            builder = builder.from_file(file);
        }
        if let Some(file) = self.contract {
            builder = builder.contract(file);
        }
        builder = builder.entities(self.entities);
        if let Some(file) = self.state {
            builder = builder.state(file).recover(self.recover);
        }
        if self.record.is_some() {
            builder = builder.remembered_bytes(RECORDED_BYTES);
        }
        if let Some(file) = self.replay {
            builder = builder.replay(file);
        }
        if let Some(seconds) = self.changes_every {
            builder = builder.changes_every(Duration::from_secs(seconds));
        }
        if let Some(token) = self.token {
            builder = builder.token(token);
        }
        for rule in self.faults {
            builder = builder.fault(rule);
        }
        builder
    }
}

fn profile(name: &str) -> Result<Profile, String> {
    Profile::named(name).ok_or_else(|| format!("there are {}", Profile::NAMES.join(", ")))
}

fn fault(text: &str) -> Result<FaultRule, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn unknown_faults_and_profiles_are_refused() {
        assert!(fault(r#"{"fault": {"kind": "resetAfter"}}"#).is_ok());
        assert!(fault(r#"{"fault": {"kind": "earthquake"}}"#).is_err());
        assert!(profile("chaos").unwrap_err().contains("service"));
    }
}
