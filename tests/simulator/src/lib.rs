//! A stateful stand-in for the Microsoft Graph incidents service, on loopback and in memory.
//!
//! ```
//! # use graph_incidents_simulator::Simulator;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::builder().start().await?;
//! assert!(simulator.base_url().ends_with("/beta"));
//! assert_eq!(simulator.incident("2972395").unwrap()["status"], "active");
//! # Ok(())
//! # }
//! ```

mod answer;
mod auth;
mod call;
mod error;
mod ledger;
mod operations;
mod reference;
mod route;
mod service;
mod simulator;
mod store;
mod time;
mod transport;

pub use ledger::{Ledger, RequestEntry, WriteEntry};
pub use simulator::{Builder, Simulator};
