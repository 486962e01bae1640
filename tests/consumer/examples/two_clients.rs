//! Two generated clients in one program, on one core: `cargo run -p graph-incidents-consumer --example two_clients`.
//!
//! One is the client for incidents; a build script generated the other from a fragment with only what a triage screen
//! shows. They share connections, token and budget.

use graph_client_build_time::triage;
use graph_incidents::Client;
use graph_incidents_simulator::Simulator;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let simulator = Simulator::builder().start().await?;
    let incidents = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .build()?;
    let triage = triage::Client::from_core(incidents.core().clone());

    let incident = incidents.get_incident("2972395").await?;
    let ticket = triage.get_ticket("2972395").await?;
    println!("incident {} is ticket {}", incident.id, ticket.id);
    assert_eq!(incident.id, ticket.id);
    Ok(())
}
