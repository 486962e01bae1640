//! `incidents fleet top`: the state of the workers and their tenants, repeatedly.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use comfy_table::Table;
use graph_incidents_fleet::store::Store as _;
use graph_incidents_fleet::{Secrets, Storage, TenantStatus, WorkerStatus, read_status};
use std::io::{IsTerminal as _, Write as _};

use super::{SettingsOptions, asked_to_stop, failure};
use crate::exit::{self, Failure};
use crate::output::safe;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    settings: SettingsOptions,
    /// The endpoints of a worker, for a fleet without Redis
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9464")]
    url: String,
    /// The seconds between two checks
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    every: u64,
    /// Print the state once
    #[arg(long)]
    once: bool,
}

pub(super) async fn run(options: &Options) -> Result<ExitCode, Failure> {
    let settings = options.settings.load()?;
    let storage = settings
        .storage(&Secrets::default())
        .await
        .map_err(failure)?;
    let is_terminal = std::io::stdout().is_terminal();
    let stop = asked_to_stop();
    tokio::pin!(stop);
    loop {
        let workers = match &storage {
            Storage::Redis(link) => in_redis(&settings.redis_store(link)).await,
            _ => read_status(&options.url)
                .await
                .map(|status| vec![status])
                .map_err(|reason| {
                    Failure::new(exit::NO_CONNECTION, reason)
                        .help("`incidents fleet run` serves it; --url names another place")
                }),
        };
        let text = match workers {
            Ok(workers) => view(&workers),
            Err(error) if options.once => return Err(error),
            Err(error) => format!("{error}\n"),
        };
        {
            let mut out = std::io::stdout().lock();
            if is_terminal && !options.once {
                // Starts at the top of an empty screen.
                write!(out, "\x1b[2J\x1b[H")?;
            }
            write!(out, "{text}")?;
            out.flush()?;
        }
        if options.once {
            return Ok(ExitCode::SUCCESS);
        }
        tokio::select! {
            () = &mut stop => return Ok(ExitCode::SUCCESS),
            () = tokio::time::sleep(Duration::from_secs(options.every)) => {}
        }
    }
}

async fn in_redis(store: &graph_incidents_fleet::RedisStore) -> Result<Vec<WorkerStatus>, Failure> {
    let all = store.statuses().await.map_err(failure)?;
    let mut workers = Vec::new();
    for (name, text) in all {
        // A worker of another version shows at least its name.
        let status = serde_json::from_str(&text).unwrap_or_else(|_| WorkerStatus::unknown(&name));
        workers.push(status);
    }
    workers.sort_by(|one: &WorkerStatus, other| one.worker.cmp(&other.worker));
    Ok(workers)
}

fn view(workers: &[WorkerStatus]) -> String {
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::NOTHING);
    table.set_header([
        "WORKER",
        "TENANTS",
        "WATCHING",
        "WORST LAG",
        "REQUESTS",
        "429",
        "CHANGES",
        "TAKEOVERS",
        "STORE",
        "TROUBLE",
    ]);
    for one in workers {
        table.add_row([
            safe::line(&one.worker).into_owned(),
            one.tenants.to_string(),
            one.watching.to_string(),
            format!("{:.0} s", one.worst_lag_seconds),
            one.requests.to_string(),
            one.throttles.to_string(),
            one.changes.to_string(),
            one.takeovers.to_string(),
            format!("{} s ago", one.store_seconds),
            short(one.trouble.as_deref()),
        ]);
    }
    let mut text = format!("{table}\n");
    let mut troubled: Vec<&TenantStatus> =
        workers.iter().flat_map(|worker| &worker.troubled).collect();
    if troubled.is_empty() {
        return text;
    }
    troubled.sort_by(|one, other| other.lag_seconds.total_cmp(&one.lag_seconds));
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::NOTHING);
    table.set_header(["TENANT", "STATE", "LAG", "ERRORS", "TROUBLE"]);
    for one in troubled {
        table.add_row([
            safe::line(&one.tenant).into_owned(),
            one.state.to_string(),
            format!("{:.0} s", one.lag_seconds),
            one.errors.to_string(),
            short(one.trouble.as_deref()),
        ]);
    }
    text += &format!("\n{table}\n");
    text
}

/// The part that fits a line of a table.
fn short(trouble: Option<&str>) -> String {
    let line = safe::line(trouble.unwrap_or_default());
    match line.chars().count() > 100 {
        true => line.chars().take(99).chain(['…']).collect(),
        false => line.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_and_failing_tenants_are_shown_without_control_characters() {
        let mut worker = WorkerStatus::unknown("one\x1b[31m");
        worker.tenants = 3;
        let mut tenant = worker.clone();
        tenant.worker = "two".to_owned();
        let text = view(&[worker, tenant]);
        assert!(text.contains("two") && !text.contains('\x1b'), "{text}");
        assert_eq!(short(Some(&"x".repeat(300))).chars().count(), 100);
    }
}
