//! What the budget promises, by tokio's clock.

use super::*;

/// When each of a number of requests was allowed, in seconds from the start.
async fn times(budget: &RateBudget, count: usize) -> Vec<f64> {
    let start = Instant::now();
    let mut times = Vec::new();
    for _ in 0..count {
        budget.permission().await;
        times.push(start.elapsed().as_secs_f64());
    }
    times
}

#[tokio::test(start_paused = true)]
async fn no_window_exceeds_its_limit() {
    let budget = RateBudget::adaptive()
        .at_most(3, Duration::from_secs(10))
        .at_most(5, Duration::from_secs(60));
    let times = times(&budget, 14).await;
    for (length, limit) in [(10.0, 3), (60.0, 5)] {
        for start in &times {
            let within = times
                .iter()
                .filter(|time| (*start..start + length).contains(time))
                .count();
            assert!(
                within <= limit,
                "{within} requests in {length} s from {start}: {times:?}"
            );
        }
    }
    // Nor is it slower than it has to be: 5 in each of two minutes, 3 at once in the third, and one more.
    assert_eq!(times[13].round(), 130.0, "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn all_clones_wait_while_the_service_throttles_and_restart_slowly() {
    let budget = RateBudget::adaptive();
    let clone = budget.clone();
    assert_eq!(times(&budget, 100).await[99], 0.0);
    clone.throttled(Some(Duration::from_secs(7)));
    let times = times(&budget, 3).await;
    assert!(times[0] >= 7.0, "{times:?}");
    assert!(times[1] - times[0] > 0.019, "{times:?}");
    for _ in 0..10 {
        budget.responded();
    }
    let start = Instant::now();
    for _ in 0..10 {
        budget.permission().await;
    }
    assert!(start.elapsed() < Duration::from_millis(25));
}

#[tokio::test(start_paused = true)]
async fn one_invalid_response_does_not_stop_everybody_for_good() {
    let budget = RateBudget::adaptive();
    budget.throttled(Some(Duration::MAX));
    assert!(times(&budget, 1).await[0] <= 300.1);
}

#[tokio::test(start_paused = true)]
async fn a_shared_pause_follows_the_service_and_lasts_at_most_300_seconds() {
    for (asked, least, most) in [(120, 120.0, 121.0), (3_600, 300.0, 301.0)] {
        let budget = RateBudget::adaptive();
        budget.throttled(Some(Duration::from_secs(asked)));
        let waited = times(&budget, 1).await[0];
        assert!((least..=most).contains(&waited), "{asked}: {waited}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_endless_window_does_not_panic() {
    let budget = RateBudget::adaptive().at_most(1, Duration::MAX);
    budget.permission().await;
    assert!(!budget.permission_at_once());
}

#[tokio::test(start_paused = true)]
async fn the_longest_waiting_call_is_first_and_giving_up_leaves_no_gap() {
    let budget = RateBudget::adaptive().at_most(1, Duration::from_secs(1));
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..6 {
        let (budget, order) = (budget.clone(), order.clone());
        tasks.push(tokio::spawn(async move {
            budget.permission().await;
            order.lock().unwrap().push((number, Instant::now()));
        }));
        tokio::task::yield_now().await;
    }
    tasks[2].abort();
    let start = Instant::now();
    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.is_ok(), number != 2);
    }
    let order = order.lock().unwrap();
    assert_eq!(
        order.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
        [0, 1, 3, 4, 5]
    );
    assert_eq!(order[4].1.duration_since(start).as_secs(), 4);
}

#[derive(Debug, Default)]
struct Scripted {
    asked: Mutex<Vec<&'static str>>,
}

impl BudgetSource for Arc<Scripted> {
    fn permission(&self) -> PermissionFuture<'_> {
        self.asked.lock().unwrap().push("permission");
        Box::pin(async { false })
    }

    fn throttled(&self, _: Option<Duration>) {
        self.asked.lock().unwrap().push("throttled");
    }

    fn responded(&self) {
        self.asked.lock().unwrap().push("responded");
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_sees_every_request_and_every_response() {
    let source = Arc::new(Scripted::default());
    let budget = RateBudget::from_source(Arc::clone(&source)).at_most(1, Duration::from_secs(10));
    assert!(!budget.permission_at_once());
    assert!(!budget.permission().await, "nobody had to wait");
    budget.throttled(None);
    budget.responded();
    let start = Instant::now();
    assert!(budget.permission().await, "the limit of this process holds");
    assert_eq!(start.elapsed().as_secs(), 10);
    assert_eq!(
        *source.asked.lock().unwrap(),
        ["permission", "throttled", "responded", "permission"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_documented_budgets_allow_their_documented_rates() {
    for (budget, a_minute) in [
        (RateBudget::graph_security(), 150),
        (RateBudget::defender(), 50),
    ] {
        for number in 0..a_minute {
            assert!(budget.permission_at_once(), "request {number}");
        }
        assert!(!budget.permission_at_once());
    }
    let an_hour = times(&RateBudget::defender(), 1_501).await;
    assert!(an_hour[1_499] < 3_600.0 && an_hour[1_500] >= 3_600.0);
}

fn spacing(budget: &RateBudget) -> Duration {
    budget.own.as_ref().unwrap().state().spacing
}

#[tokio::test(start_paused = true)]
async fn a_throttle_doubles_the_spacing_once_for_all_calls_in_flight() {
    let budget = RateBudget::adaptive();
    budget.throttled(None);
    budget.throttled(None);
    assert_eq!(spacing(&budget), FIRST_SPACING);
    tokio::time::advance(FIRST_SPACING).await;
    budget.throttled(None);
    assert_eq!(spacing(&budget), FIRST_SPACING * 2);
}

#[tokio::test(start_paused = true)]
async fn successes_reduce_the_spacing_to_zero_step_by_step() {
    let budget = RateBudget::adaptive();
    BudgetSource::throttled(&budget, None);
    BudgetSource::responded(&budget);
    assert_eq!(spacing(&budget), FIRST_SPACING.mul_f64(0.7));
    for _ in 0..20 {
        BudgetSource::responded(&budget);
    }
    assert_eq!(spacing(&budget), Duration::ZERO);
}

/// Says that somebody had to wait.
#[derive(Debug)]
struct Slow(bool);

impl BudgetSource for Slow {
    fn permission(&self) -> PermissionFuture<'_> {
        Box::pin(std::future::ready(self.0))
    }

    fn throttled(&self, _: Option<Duration>) {}

    fn responded(&self) {}
}

#[tokio::test(start_paused = true)]
async fn a_wait_in_either_budget_is_reported() {
    let slow = RateBudget::from_source(Slow(true));
    assert!(!slow.permission_at_once());
    assert!(slow.permission().await);
    assert!(slow.at_most(9, Duration::from_secs(1)).permission().await);
    let quick = RateBudget::from_source(Slow(false));
    assert!(!quick.permission().await);
    let own = quick.at_most(1, Duration::from_secs(1));
    assert!(!own.permission().await);
    assert!(own.permission().await);
}
