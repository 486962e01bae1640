//! A short soak of `SOAK_SECONDS`; `--example soak` is the long one. In its own binary, because it starts itself again as
//! the service.

use std::process::ExitCode;
use std::time::Duration;

use graph_incidents_consumer::soak::{Size, run, serve_if_asked};

const NAME: &str = "memory_is_flat_and_reports_are_true_while_the_service_fails_and_is_killed";

fn main() -> ExitCode {
    let tokio = tokio::runtime::Runtime::new();
    let result = tokio
        .map_err(Into::into)
        .and_then(|tokio| tokio.block_on(soak()));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("soak: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn soak() -> Result<(), Box<dyn std::error::Error>> {
    if serve_if_asked().await? {
        return Ok(());
    }
    // The standard harness's reaction to a filter or to `--list`.
    let mut words = std::env::args().skip(1);
    if words.any(|word| word == "--list" || !(word.starts_with('-') || NAME.contains(&word))) {
        return Ok(());
    }
    let seconds = std::env::var("SOAK_SECONDS").map_or(Ok(15), |text| text.parse())?;
    let time = Duration::from_secs(seconds);
    let report = run(Size { time, seed: 7 }).await?;
    println!("{report}");
    if !report.faults.is_empty() {
        return Err(report.faults.join("\n").into());
    }
    if report.updated < 100 || report.seen < 100 || report.resumed == 0 || report.jumps == 0 {
        return Err("nothing much happened".into());
    }
    println!("test {NAME} ... ok");
    Ok(())
}
