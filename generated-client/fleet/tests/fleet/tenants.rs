//! Tenants are added and removed, fail alone, and are spread over changing workers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use graph_incidents::Client;
use graph_incidents::types::AlertUpdate;
use graph_incidents_fleet::store::Store;
use graph_incidents_fleet::{
    Board, Budgets, LocalBudgets, MemoryStore, RecordKind, RedisStore, Secrets, ServiceLimits,
    TenantFile, TenantSet, TenantState, Window, Worker,
};
use graph_incidents_simulator::{Fault, FaultRule};
use serde_json::json;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::redis::Redis;
use super::support::{Bench, LEASE, claim, held, settings, until, write};

struct Running {
    board: Arc<Board>,
    task: JoinHandle<Result<(), graph_incidents_fleet::StoreError>>,
    stop: oneshot::Sender<()>,
}

fn start(worker: Worker) -> Running {
    let (stop, stopped) = oneshot::channel::<()>();
    Running {
        board: worker.board(),
        task: tokio::spawn(worker.run(async { stopped.await.unwrap_or_default() })),
        stop,
    }
}

fn watched(board: &Board) -> BTreeSet<String> {
    let tenants = board.tenants().into_iter();
    let fine = tenants.filter(|tenant| tenant.state == TenantState::Watching);
    fine.map(|tenant| tenant.tenant).collect()
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn tenants_can_be_added_and_removed_in_a_running_fleet() {
    let bench = Bench::of(3).await;
    bench.write_tenants(|name| name != "tenant-2");
    let store = Arc::new(MemoryStore::new(LEASE, 1_000));
    let running = start(bench.worker("a", Arc::clone(&store) as Arc<dyn Store>));
    until("two are watched", async || {
        watched(&running.board) == set(["tenant-0", "tenant-1"])
    })
    .await;
    bench.write_tenants(|name| name != "tenant-0");
    until("one came and one went", async || {
        watched(&running.board) == set(["tenant-1", "tenant-2"])
    })
    .await;
    // A file that cannot be read changes nothing.
    std::fs::write(bench.tenants(), "[tenant-1\n").unwrap();
    tokio::time::sleep(LEASE).await;
    assert_eq!(watched(&running.board), set(["tenant-1", "tenant-2"]));
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_failing_tenant_is_reported_and_stops_no_other() {
    let bench = Bench::of(2).await;
    let mut text = std::fs::read_to_string(bench.tenants()).unwrap();
    text += "[broken]\ntoken = \"file:/no/such/file\"\n";
    std::fs::write(bench.tenants(), text).unwrap();
    let refused = FaultRule::new(Fault::EmptyError { status: 403 });
    bench.simulators["tenant-0"].faults().add(refused).unwrap();
    let store = Arc::new(MemoryStore::new(LEASE, 1_000));
    let running = start(bench.worker("a", Arc::clone(&store) as Arc<dyn Store>));
    until("one is watched, two fail", async || {
        let troubled = running.board.summary().troubled;
        troubled.len() == 2 && watched(&running.board).contains("tenant-1")
    })
    .await;
    let summary = running.board.summary();
    assert!(
        summary.troubled[0]
            .trouble
            .as_deref()
            .unwrap()
            .contains("/no/such/file"),
        "{summary:?}"
    );
    let healthy = &bench.simulators["tenant-1"];
    let id = healthy.incident_ids()[0].clone();
    healthy.change(&id, json!({"severity": "high"}));
    until("the change is there", async || {
        store.take_changes().iter().any(|change| change.id == id)
    })
    .await;
    // It backs off and does not poll at each interval.
    let asked = bench.simulators["tenant-0"].ledger().requests().len();
    assert!(asked < 60, "{asked}");
    bench.simulators["tenant-0"].faults().clear();
    until("the other is watched too", async || {
        watched(&running.board).contains("tenant-0")
    })
    .await;
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_tenant_without_its_secret_is_retried_until_the_secret_is_there() {
    let bench = Bench::of(1).await;
    let token = bench.folder.path().join("tenant-0.token");
    std::fs::remove_file(&token).unwrap();
    let store = Arc::new(MemoryStore::new(LEASE, 1_000));
    let running = start(bench.worker("a", store));
    // It is still the same attempt to watch: its failures are counted.
    until("it has failed three times", async || {
        let tenants = running.board.tenants();
        tenants.first().is_some_and(|tenant| tenant.errors >= 3)
    })
    .await;
    let tenant = running.board.tenants().remove(0);
    assert_eq!(tenant.state, TenantState::Failing);
    assert!(tenant.trouble.unwrap().contains("tenant-0.token"));
    std::fs::write(&token, bench.simulators["tenant-0"].token()).unwrap();
    until("it is watched", async || {
        watched(&running.board) == set(["tenant-0"])
    })
    .await;
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_slow_tenant_that_continues_from_its_cursor_keeps_its_lease_until_it_responds() {
    let bench = Bench::of(1).await;
    let store = Arc::new(MemoryStore::new(LEASE, 1_000));
    let running = start(bench.worker("a", Arc::clone(&store) as Arc<dyn Store>));
    until("it is watched", async || watched(&running.board).len() == 1).await;
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
    // Slower than the worker's rounds, but faster than the lease.
    let simulator = &bench.simulators["tenant-0"];
    let slow = Fault::LateResponse { milliseconds: 700 };
    simulator.faults().add(FaultRule::new(slow)).unwrap();
    let id = simulator.incident_ids()[0].clone();
    simulator.change(&id, json!({"severity": "high"}));
    let running = start(bench.worker("a", Arc::clone(&store) as Arc<dyn Store>));
    until("the change is there", async || {
        store.take_changes().iter().any(|change| change.id == id)
    })
    .await;
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_quiet_tenant_is_watched_without_interruption() {
    let bench = Bench::of(1).await;
    let store = Arc::new(MemoryStore::new(LEASE, 1_000));
    let running = start(bench.worker("a", store));
    // More than fit into one lease; a tenant that was taken again would count from 0.
    until("it was asked forty times", async || {
        let tenants = running.board.tenants();
        tenants.first().is_some_and(|tenant| tenant.requests >= 40)
    })
    .await;
    assert_eq!(running.board.summary().changes, 0);
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_store_that_refuses_a_worker_ends_it_only_if_it_watches_nothing() {
    let Some(redis) = Redis::start() else { return };
    let bench = Bench::of(1).await;
    let lease = Duration::from_secs(10);
    let worker = || {
        let budgets = Budgets::Local(LocalBudgets::new(ServiceLimits::new(vec![], vec![])));
        let store = Arc::new(RedisStore::new(redis.link(), lease));
        let source = TenantFile::new(bench.tenants());
        let mut settings = settings();
        settings.lease = lease;
        Worker::new("a", store, source, budgets, Secrets::default(), settings).unwrap()
    };
    const WORKERS: &str = "{incidents}:workers";
    redis.ask(&["SET", WORKERS, "x"]);
    let ends = worker().run(std::future::pending());
    let ends = tokio::time::timeout(Duration::from_secs(20), ends).await;
    let refused = ends.unwrap().unwrap_err();
    assert!(refused.to_string().contains("WRONGTYPE"), "{refused}");
    redis.ask(&["DEL", WORKERS]);
    let running = start(worker());
    until("it is watched", async || watched(&running.board).len() == 1).await;
    redis.ask(&["DEL", WORKERS]);
    redis.ask(&["SET", WORKERS, "x"]);
    let trouble = || running.board.summary().trouble;
    until("the worker says so", async || trouble().is_some()).await;
    assert!(trouble().unwrap().contains("WRONGTYPE"), "{:?}", trouble());
    assert_eq!(watched(&running.board).len(), 1);
    redis.ask(&["DEL", WORKERS]);
    until("it has recovered", async || trouble().is_none()).await;
    assert_eq!(watched(&running.board).len(), 1);
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_unusable_cursor_is_reported_and_kept() {
    let bench = Bench::of(2).await;
    let store = Arc::new(MemoryStore::new(LEASE, 1_000));
    let lease = claim(&*store, "somebody", "tenant-0").await;
    let mut held = held("tenant-0", &lease);
    write(&*store, "somebody", &mut held, "no cursor", &[])
        .await
        .unwrap();
    store.release("somebody", &held).await.unwrap();
    let running = start(bench.worker("a", Arc::clone(&store) as Arc<dyn Store>));
    until("one is watched, one fails", async || {
        let troubled = running.board.summary().troubled;
        troubled.iter().any(|one| {
            one.trouble
                .as_deref()
                .is_some_and(|why| why.contains("invalid cursor"))
        }) && watched(&running.board) == set(["tenant-1"])
    })
    .await;
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
    assert_eq!(
        claim(&*store, "b", "tenant-0").await.cursor.as_deref(),
        Some("no cursor")
    );
}

#[tokio::test]
async fn alerts_are_watched_beside_incidents_with_their_own_cursor() {
    let bench = Bench::of(1).await;
    let store = Arc::new(MemoryStore::new(LEASE, 1_000));
    let mut settings = settings();
    settings.alerts = true;
    let limits = ServiceLimits::new(vec![Window::new(1_000, 10)], vec![]);
    let budgets = Budgets::Local(LocalBudgets::new(limits));
    let source = TenantFile::new(bench.tenants());
    let shared = Arc::clone(&store) as Arc<dyn Store>;
    let running =
        start(Worker::new("a", shared, source, budgets, Secrets::default(), settings).unwrap());
    until("both are watched", async || {
        watched(&running.board) == set(["tenant-0", "tenant-0+alerts"])
    })
    .await;
    let simulator = &bench.simulators["tenant-0"];
    let client = Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .build()
        .unwrap();
    let incident = simulator
        .incident_ids()
        .into_iter()
        .find(|id| !simulator.alerts(id).unwrap().is_empty())
        .unwrap();
    let alert = simulator.alerts(&incident).unwrap()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let update = AlertUpdate::new().assigned_to("somebody@contoso.example");
    client.update_alert(&alert, &update).await.unwrap();
    let mut changes = Vec::new();
    until("the change is there", async || {
        changes.extend(store.take_changes());
        changes.iter().any(|change| change.id == alert)
    })
    .await;
    let change = changes.iter().find(|change| change.id == alert).unwrap();
    assert_eq!(
        (change.kind, change.tenant.as_str()),
        (RecordKind::Alert, "tenant-0")
    );
    assert!(change.key.starts_with(&format!("tenant-0/{alert}/")));
    assert_eq!(change.record["assignedTo"], "somebody@contoso.example");
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_full_stream_pauses_the_writer_reports_it_and_continues() {
    let bench = Bench::of(1).await;
    let store = Arc::new(MemoryStore::new(LEASE, 4));
    let running = start(bench.worker("a", Arc::clone(&store) as Arc<dyn Store>));
    until("it is watched", async || watched(&running.board).len() == 1).await;
    let simulator = &bench.simulators["tenant-0"];
    let ids = simulator.incident_ids();
    for id in &ids[..3] {
        simulator.change(id, json!({"summary": "first"}));
    }
    until("three are there", async || {
        running.board.summary().changes == 3
    })
    .await;
    for id in &ids[3..6] {
        simulator.change(id, json!({"summary": "second"}));
    }
    until("it says that there is no room", async || {
        running.board.tenants()[0].state == TenantState::Full
    })
    .await;
    let mut seen = store.take_changes();
    until("the rest comes", async || {
        running.board.summary().changes == 6
    })
    .await;
    seen.extend(store.take_changes());
    let seen: BTreeSet<String> = seen.into_iter().map(|change| change.id).collect();
    assert_eq!(seen, ids[..6].iter().cloned().collect());
    running.stop.send(()).unwrap();
    running.task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_share_the_tenants_of_redis_and_take_over_from_dead_ones() {
    let Some(redis) = Redis::start() else { return };
    let bench = Bench::of(12).await;
    let tenants = TenantSet::new(redis.link());
    for name in bench.simulators.keys() {
        tenants.add(name, &bench.tenant(name)).await.unwrap();
    }
    let worker = |name: &str| {
        let budgets = Budgets::Local(LocalBudgets::new(ServiceLimits::new(vec![], vec![])));
        let store = Arc::new(RedisStore::new(redis.link(), LEASE));
        let source = TenantSet::new(redis.link());
        start(Worker::new(name, store, source, budgets, Secrets::default(), settings()).unwrap())
    };
    let (one, two) = (worker("one"), worker("two"));
    let all: BTreeSet<String> = bench.simulators.keys().cloned().collect();
    until("both have a part", async || {
        let (of_one, of_two) = (watched(&one.board), watched(&two.board));
        of_one.is_disjoint(&of_two)
            && !of_one.is_empty()
            && !of_two.is_empty()
            && of_one.len() + of_two.len() == 12
    })
    .await;
    // Removed and added by anybody.
    assert!(tenants.remove("tenant-3").await.unwrap());
    assert!(!tenants.remove("tenant-3").await.unwrap(), "it is gone");
    until("one goes", async || {
        watched(&one.board).len() + watched(&two.board).len() == 11
    })
    .await;
    tenants
        .add("tenant-3", &bench.tenant("tenant-3"))
        .await
        .unwrap();
    until("it comes back", async || {
        watched(&one.board).len() + watched(&two.board).len() == 12
    })
    .await;
    // As if killed: it releases nothing.
    two.task.abort();
    let began = tokio::time::Instant::now();
    until("all are taken over", async || watched(&one.board) == all).await;
    assert!(
        began.elapsed() < LEASE * 3 + Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    assert!(one.board.summary().takeovers > 0);
    drop(two.stop);
    one.stop.send(()).unwrap();
    one.task.await.unwrap().unwrap();
}
