//! Simulates a fleet of 10,000 tenants in virtual time: its requests, and how soon it sees changes.
//!
//! `cargo run --release -p graph-incidents-fleet --example scale -- [tenants] [hours]`. It uses the client's own budget
//! with tokio's clock, and a model of the service and the network: a check is one request of 300 ms, and a second one
//! if more than 50 incidents changed; a tenant changes an incident every two minutes on average.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use comfy_table::Table;
use graph_incidents::RateBudget;
use graph_incidents::runtime::BudgetSource as _;
use graph_incidents_fleet::{ServiceLimits, Window};
use tokio::time::{Instant, sleep};

/// The duration of a request.
const REQUEST: Duration = Duration::from_millis(300);
/// The average time between two changes of a tenant.
const CHANGE: Duration = Duration::from_secs(120);
/// The number of incidents of a page.
const PAGE: u64 = 50;

/// The sums of a run.
#[derive(Default)]
struct Sums {
    requests: AtomicU64,
    /// The age of each change when it was seen, in ms.
    ages: Mutex<Vec<u32>>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| {
        arguments
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (tenants, hours) = (number(10_000_u64), number(2));
    let limits = ServiceLimits::default();
    println!(
        "{tenants} tenants for {hours} h; limits of a tenant: {}; of the application: {}\n",
        words(&limits.tenant),
        words(&limits.application)
    );
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header([
        "looks every",
        "requests a second",
        "of what a tenant has in an hour",
        "of what the application has",
        "a change is seen after: middle",
        "99 of 100",
        "at most",
    ]);
    for every in [1, 5, 15, 30, 60, 120, 300] {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => return eprintln!("error: failed to start: {error}"),
        };
        let length = Duration::from_secs(hours * 3_600);
        let sums = runtime.block_on(run(&limits, tenants, Duration::from_secs(every), length));
        table.add_row(row(&limits, tenants, every, length, &sums));
    }
    println!("{table}");
}

fn words(windows: &[Window]) -> String {
    let each = windows
        .iter()
        .map(|window| format!("{} in {} s", window.requests, window.seconds));
    each.collect::<Vec<_>>().join(", ")
}

/// Watches all tenants for a period of virtual time.
async fn run(limits: &ServiceLimits, tenants: u64, every: Duration, length: Duration) -> Arc<Sums> {
    let sums = Arc::<Sums>::default();
    let application = budget(&limits.application);
    let mut tasks = Vec::new();
    for number in 0..tenants {
        let (tenant, application, sums) = (
            budget(&limits.tenant),
            application.clone(),
            Arc::clone(&sums),
        );
        tasks.push(tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(number);
            // Workers do not begin with all tenants at once.
            sleep(every.mul_f64(random.f64())).await;
            watch(tenant, application, every, length, &sums, &mut random).await;
        }));
    }
    for task in tasks {
        // A failed task would show in the sums.
        let _ = task.await;
    }
    sums
}

async fn watch(
    tenant: RateBudget,
    application: RateBudget,
    every: Duration,
    length: Duration,
    sums: &Sums,
    random: &mut fastrand::Rng,
) {
    let began = Instant::now();
    let mut next_change = began + pause(random);
    while began.elapsed() < length {
        let mut seen = Vec::new();
        loop {
            tenant.permission().await;
            application.permission().await;
            sums.requests.fetch_add(1, Ordering::Relaxed);
            let asked = Instant::now();
            let mut on_page = 0;
            while next_change <= asked && on_page < PAGE {
                seen.push(next_change);
                next_change += pause(random);
                on_page += 1;
            }
            sleep(REQUEST).await;
            if on_page < PAGE {
                break;
            }
        }
        let ages = seen
            .into_iter()
            .map(|change| u32::try_from(change.elapsed().as_millis()).unwrap_or(u32::MAX));
        sums.ages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(ages);
        sleep(every).await;
    }
}

/// The time until the next change: exponentially distributed.
fn pause(random: &mut fastrand::Rng) -> Duration {
    CHANGE.mul_f64(-(1.0 - random.f64()).ln())
}

fn budget(windows: &[Window]) -> RateBudget {
    windows
        .iter()
        .fold(RateBudget::adaptive(), |budget, window| {
            budget.at_most(
                usize::try_from(window.requests).unwrap_or(usize::MAX),
                Duration::from_secs(window.seconds),
            )
        })
}

fn row(
    limits: &ServiceLimits,
    tenants: u64,
    every: u64,
    length: Duration,
    sums: &Sums,
) -> [String; 7] {
    let mut ages = sums
        .ages
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    ages.sort_unstable();
    let age = |part: f64| {
        let place = ((ages.len() as f64 * part) as usize).min(ages.len().saturating_sub(1));
        format!(
            "{:.1} s",
            f64::from(ages.get(place).copied().unwrap_or_default()) / 1_000.0
        )
    };
    let a_second = sums.requests.load(Ordering::Relaxed) as f64 / length.as_secs_f64();
    let share = |requests_a_second: f64, windows: &[Window]| {
        let granted = windows
            .iter()
            .map(|window| window.requests as f64 / window.seconds as f64)
            .fold(f64::INFINITY, f64::min);
        format!("{:.0} %", 100.0 * requests_a_second / granted)
    };
    [
        format!("{every} s"),
        format!("{a_second:.0}"),
        share(a_second / tenants as f64, &limits.tenant),
        share(a_second, &limits.application),
        age(0.5),
        age(0.99),
        age(1.0),
    ]
}
