//! Sends 10,000 updates and 1,000 comments through a service that fails in every way; exits with 1 if the ledger
//! disagrees with what the client reports.
//!
//! `cargo run --release -p graph-incidents-consumer --example fault_run -- [UPDATES] [SEED] [CONCURRENCY]`

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use graph_incidents_consumer::fault_run::{Size, run};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let size = Size {
        updates: number(arguments.next(), 10_000)?,
        comment_every: 10,
        seed: number(arguments.next(), 7)?,
        concurrency: number(arguments.next(), 1)?,
    };
    println!("{size:?}");
    let started = Instant::now();
    let report = run(size).await?;
    println!("{report}");
    println!(
        "time                       {:>6.1} s",
        started.elapsed().as_secs_f64()
    );
    for disagreement in &report.disagreements {
        println!("{disagreement}");
    }
    Ok(match report.disagreements.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn number<T: std::str::FromStr>(argument: Option<String>, usual: T) -> Result<T, T::Err> {
    argument.map_or(Ok(usual), |text| text.parse())
}
