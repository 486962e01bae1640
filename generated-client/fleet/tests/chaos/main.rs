//! Seeded chaos with real processes: the promises of a fleet while workers, Redis and the service fail.
//!
//! `cargo test -p graph-incidents-fleet --test chaos` runs a small slice; the whole one is
//! `cargo test -p graph-incidents-fleet --test chaos -- --workers 8 --tenants 300 --seconds 60 --rounds 3 --seed 7`,
//! or `-- --ignored`. `-- --throughput` measures how many changes a second come through one worker and through four.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

#[cfg(unix)]
mod checks;
#[cfg(unix)]
mod events;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod proxy;
#[cfg(unix)]
mod scene;
#[cfg(unix)]
#[path = "../fleet/server.rs"]
mod server;
mod size;
#[cfg(unix)]
mod throughput;

fn main() {
    let Some(size) = size::Size::of_arguments() else {
        return;
    };
    #[cfg(unix)]
    {
        if let Some(settings) = std::env::var_os(process::WORKER) {
            return process::work(std::path::Path::new(&settings));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        match std::env::args().any(|argument| argument == "--throughput") {
            true => runtime.block_on(throughput::measure()),
            false => runtime.block_on(scene::play(size)),
        }
    }
    #[cfg(not(unix))]
    eprintln!("SKIPPED: chaos of {size:?}: it kills and pauses processes as Unix does");
}
