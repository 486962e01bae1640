//! One budget for all workers: never exceeded, fair, and safe without Redis.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use graph_incidents::runtime::BudgetSource as _;
use graph_incidents_fleet::{ServiceLimits, SharedBudget, SharedBudgets, Window};
use tokio::time::{sleep, timeout};

use super::redis::Redis;

/// The margin that is added to each window for the latency of requests.
const MARGIN: Duration = Duration::from_secs(2);

fn budgets(redis: &Redis, worker: &str, tenant: Window, application: Window) -> SharedBudgets {
    let limits = ServiceLimits::new(vec![tenant], vec![application]);
    SharedBudgets::new(redis.link(), worker, limits, 4)
}

/// The largest number of times within any window of that length.
fn most_in(times: &[Instant], length: Duration) -> usize {
    let mut times = times.to_vec();
    times.sort_unstable();
    let windows = times.iter().enumerate().map(|(first, start)| {
        times[first..]
            .iter()
            .take_while(|time| time.duration_since(*start) < length)
            .count()
    });
    windows.max().unwrap_or(0)
}

/// Requests permissions repeatedly for a time, and returns when each was granted.
async fn ask(budget: SharedBudget, time: Duration, times: Arc<Mutex<Vec<Instant>>>) {
    let _ = timeout(time, async {
        loop {
            budget.permission().await;
            times.lock().unwrap().push(Instant::now());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_share_the_limits_of_a_tenant_fairly() {
    let Some(redis) = Redis::start() else { return };
    let (window, free) = (Window::new(20, 1), Window::new(100_000, 10));
    let all: Vec<_> = (0..4)
        .map(|_| Arc::<Mutex<Vec<Instant>>>::default())
        .collect();
    let tasks = all.iter().enumerate().map(|(number, times)| {
        let budgets = budgets(&redis, &format!("worker-{number}"), window, free);
        let times = Arc::clone(times);
        tokio::spawn(async move {
            let one = budgets.of("t", "app");
            let ask = |budget| ask(budget, Duration::from_secs(10), Arc::clone(&times));
            // The first worker uses many tasks, which gains it nothing.
            match number {
                0 => drop(futures_util::future::join_all((0..8).map(|_| ask(one.clone()))).await),
                _ => ask(one).await,
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let counts: Vec<usize> = all
        .iter()
        .map(|times| times.lock().unwrap().len())
        .collect();
    let times: Vec<Instant> = all
        .iter()
        .flat_map(|times| times.lock().unwrap().clone())
        .collect();
    // A tenth is reserved; the margin is part of the window.
    assert!(
        most_in(
            &times,
            Duration::from_secs(1) + MARGIN - Duration::from_millis(200)
        ) <= 18,
        "{counts:?}"
    );
    assert!(
        times.len() >= 3 * 18,
        "it is not slower than it has to be: {counts:?}"
    );
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!(most - least <= 8, "{counts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_share_the_limit_of_an_application_fairly() {
    let Some(redis) = Redis::start() else { return };
    let (free, window) = (Window::new(10_000, 60), Window::new(20, 1));
    let mut tasks = Vec::new();
    let all: Vec<_> = (0..3)
        .map(|_| Arc::<Mutex<Vec<Instant>>>::default())
        .collect();
    for (number, times) in all.iter().enumerate() {
        let budgets = budgets(&redis, &format!("worker-{number}"), free, window);
        // One worker has ten times as many tenants as another.
        for tenant in 0..if number == 0 { 20 } else { 2 } {
            let budget = budgets.of(&format!("{number}-{tenant}"), "app");
            tasks.push(tokio::spawn(ask(
                budget,
                Duration::from_secs(10),
                Arc::clone(times),
            )));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    let counts: Vec<usize> = all
        .iter()
        .map(|times| times.lock().unwrap().len())
        .collect();
    let times: Vec<Instant> = all
        .iter()
        .flat_map(|times| times.lock().unwrap().clone())
        .collect();
    assert!(
        most_in(
            &times,
            Duration::from_secs(1) + MARGIN - Duration::from_millis(200)
        ) <= 18,
        "{counts:?}"
    );
    assert!(
        *counts.iter().min().unwrap() * 3 >= times.len() / 2,
        "{counts:?}"
    );
}

#[tokio::test]
async fn a_429_of_one_worker_holds_all_back() {
    let Some(redis) = Redis::start() else { return };
    let free = Window::new(10_000, 60);
    let (one, other) = (
        budgets(&redis, "one", free, free),
        budgets(&redis, "other", free, free),
    );
    let (one, stranger) = (one.of("t", "app"), other.of("u", "app"));
    let other = other.of("t", "app");
    other.permission().await;
    one.throttled(Some(Duration::from_secs(2)));
    sleep(Duration::from_millis(200)).await;
    let began = Instant::now();
    stranger.permission().await;
    assert!(
        began.elapsed() < Duration::from_millis(500),
        "another tenant is not concerned"
    );
    assert!(other.permission().await, "it had to wait");
    assert!(
        began.elapsed() > Duration::from_millis(1_500),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn without_redis_a_worker_waits_a_whole_window_and_keeps_to_its_share() {
    let Some(mut redis) = Redis::start() else {
        return;
    };
    // A tenth of 80 is reserved for four workers: 2 per window for each.
    let window = Window::new(80, 1);
    let budget = budgets(&redis, "one", window, Window::new(1_000, 1)).of("t", "app");
    budget.permission().await;
    let last = Instant::now();
    redis.kill();
    let times = Arc::<Mutex<Vec<Instant>>>::default();
    ask(budget.clone(), Duration::from_secs(8), Arc::clone(&times)).await;
    let alone = times.lock().unwrap().clone();
    let first = alone.first().unwrap().duration_since(last);
    let length = Duration::from_secs(1) + MARGIN;
    assert!(
        first >= length - Duration::from_millis(50),
        "the first came after {first:?}"
    );
    assert_eq!(most_in(&alone, length - Duration::from_millis(50)), 2);
    // Redis is back: nothing is sent until a whole window after the last request without it.
    redis.restart();
    sleep(Duration::from_millis(700)).await;
    budget.permission().await;
    let waited = Instant::now().duration_since(*alone.last().unwrap());
    assert!(waited >= length - Duration::from_millis(50), "{waited:?}");
}

#[tokio::test]
async fn a_worker_waits_one_window_after_a_restart_and_the_longest_after_a_loss() {
    let Some(mut redis) = Redis::start() else {
        return;
    };
    let limits = ServiceLimits::new(
        vec![Window::new(50, 1), Window::new(500, 3)],
        vec![Window::new(9_000, 1)],
    );
    let budgets = SharedBudgets::new(redis.link(), "one", limits, 4);
    let budget = budgets.of("t", "app");
    budget.permission().await;
    for (is_lost, least, most) in [(false, 2_800, 4_900), (true, 4_800, 6_500)] {
        match is_lost {
            false => redis.restart(),
            true => redis.restart_empty(),
        }
        let began = Instant::now();
        budget.permission().await;
        let waited = began.elapsed();
        assert!(
            (least..most).contains(&(waited.as_millis() as u64)),
            "lost: {is_lost}, {waited:?}"
        );
    }
}
