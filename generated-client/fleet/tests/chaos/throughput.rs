//! How many changes per second reach the stream, through one worker and through four.

use std::time::{Duration, Instant};

use comfy_table::Table;
use graph_incidents_fleet::{Tenant, TenantSet};
use graph_incidents_simulator::Simulator;
use tokio::time::sleep;

use super::process::Worker;
use super::scene::link;
use super::server::Redis;

const TENANTS: u64 = 8;
/// Incidents of each tenant: all of them are changes for a worker that starts long ago.
const INCIDENTS: u64 = 2_000;
/// No limit of the service applies.
const SETTINGS: &str = "tenants = \"redis\"\nevery = 1\nlease = 6\nsince = \"1970-01-01T00:00:00Z\"\nstate = \"no-such-folder\"\n\
    [limits]\ntenant = [{ requests = 100000, seconds = 1 }]\napplication = [{ requests = 100000, seconds = 1 }]\n";

/// Measures, and prints a table.
pub(crate) async fn measure() {
    let mut simulators = Vec::new();
    for seed in 0..TENANTS {
        simulators.push(
            Simulator::builder()
                .seed(seed)
                .incidents(INCIDENTS)
                .start()
                .await
                .unwrap(),
        );
    }
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(["workers", "changes", "seconds", "changes a second"]);
    for workers in [1, 4] {
        let Some(redis) = Redis::with(&["--appendonly", "yes", "--appendfsync", "everysec"]) else {
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let mut running: Vec<Worker> = (0..workers)
            .map(|number| {
                let settings =
                    format!("worker = \"\"\nredis = \"{}\"\n{SETTINGS}", redis.address());
                Worker::new(folder.path(), number, &settings)
            })
            .collect();
        running.iter_mut().for_each(Worker::start);
        let workers_are_there =
            || redis.ask(&["ZCARD", "{incidents}:workers"]) == workers.to_string();
        while !workers_are_there() {
            sleep(Duration::from_millis(50)).await;
        }
        // All workers know each other before the tenants are distributed.
        sleep(Duration::from_secs(2)).await;
        let set = TenantSet::new(link(&redis));
        let began = Instant::now();
        for (number, simulator) in simulators.iter().enumerate() {
            let token = folder.path().join(format!("token-{number}"));
            std::fs::write(&token, simulator.token()).unwrap();
            let mut tenant = Tenant::with_token(format!("file:{}", token.display()));
            tenant.base_url = Some(simulator.base_url().to_owned());
            set.add(&format!("tenant-{number}"), &tenant).await.unwrap();
        }
        let all = TENANTS * INCIDENTS;
        while redis
            .ask(&["XLEN", "{incidents}:changes"])
            .parse::<u64>()
            .unwrap_or(0)
            < all
        {
            assert!(
                began.elapsed() < Duration::from_secs(600),
                "{}",
                running[0].last_words()
            );
            sleep(Duration::from_millis(50)).await;
        }
        let seconds = began.elapsed().as_secs_f64();
        table.add_row([
            workers.to_string(),
            all.to_string(),
            format!("{seconds:.1}"),
            format!("{:.0}", all as f64 / seconds),
        ]);
    }
    println!("{table}");
}
