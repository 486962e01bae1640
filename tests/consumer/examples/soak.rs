//! Watches and writes for an hour while the service fails and is killed: memory is constant, reports are true.
//!
//! `cargo run --release -p graph-incidents-consumer --example soak -- [SECONDS] [SEED]`

use std::error::Error;
use std::time::Duration;

use graph_incidents_consumer::soak::{Size, run, serve_if_asked};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if serve_if_asked().await? {
        return Ok(());
    }
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().map_or(Ok(3_600), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let time = Duration::from_secs(seconds);
    let report = run(Size { time, seed }).await?;
    println!("{report}");
    for fault in &report.faults {
        println!("  {fault}");
    }
    match report.faults.is_empty() {
        true => Ok(()),
        false => Err("the soak found faults".into()),
    }
}
