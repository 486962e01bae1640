//! A short fault run; `--example fault_run` is the long one.

use graph_incidents_consumer::fault_run::{Report, Size, run};

async fn report(seed: u64, concurrency: usize) -> Report {
    let size = Size {
        updates: 300,
        comment_every: 3,
        concurrency,
        seed,
    };
    let report = run(size).await.unwrap();
    assert_eq!(report.disagreements, [""; 0], "seed {seed}");
    assert!(report.faults > 40, "{report}");
    assert!(report.updated > 250, "{report}");
    assert!(report.not_commented > 0, "{report}");
    report
}

#[tokio::test]
async fn the_ledger_agrees_with_every_report() {
    report(11, 8).await;
}

#[tokio::test]
async fn the_same_seed_repeats_the_same_run() {
    assert_eq!(report(12, 1).await, report(12, 1).await);
}
