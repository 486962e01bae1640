//! The failures: workers are killed and paused, Redis is restarted and disconnected, the service throttles and fails.

use std::time::{Duration, Instant};

use graph_incidents_fleet::RedisStore;
use graph_incidents_fleet::store::Store as _;
use graph_incidents_simulator::{Fault, FaultRule, RetryAfter};
use tokio::time::sleep;

use super::scene::{Scene, link};

/// Disturbs the fleet for a time, and then repairs it.
pub(crate) async fn trouble(scene: &mut Scene) {
    let began = Instant::now();
    let mut turn = 0;
    while began.elapsed() < scene.size.trouble {
        let worker = scene.random.usize(..scene.workers.len());
        // Each kind comes in turn, so that a short run includes all of them.
        match turn % 5 {
            0 => kill(scene, worker).await,
            1 => cut_off(scene, worker).await,
            2 => pause(scene, worker).await,
            3 => restart_redis(scene).await,
            _ => service_fails(scene).await,
        }
        turn += 1;
        sleep(Duration::from_millis(scene.random.u64(300..1_500))).await;
    }
    for (_, simulator) in &scene.tenants {
        simulator.faults().clear();
    }
}

async fn kill(scene: &mut Scene, worker: usize) {
    let name = scene.workers[worker].name.clone();
    let held = held_by(scene, &name);
    scene.workers[worker].kill();
    taken_over(scene, "killed with -9", &name, held).await;
    scene.workers[worker].start();
}

async fn pause(scene: &mut Scene, worker: usize) {
    let name = scene.workers[worker].name.clone();
    let held = held_by(scene, &name);
    scene.workers[worker].signal("STOP");
    taken_over(scene, "paused", &name, held).await;
    scene.workers[worker].signal("CONT");
}

async fn cut_off(scene: &mut Scene, worker: usize) {
    let name = scene.workers[worker].name.clone();
    let held = held_by(scene, &name);
    scene.proxies[worker].open(false);
    taken_over(scene, "cut off from Redis", &name, held).await;
    // What it sent meanwhile arrives now.
    scene.proxies[worker].open(true);
}

async fn restart_redis(scene: &mut Scene) {
    scene.redis.kill();
    sleep(Duration::from_millis(scene.random.u64(500..2_000))).await;
    scene.redis.restart();
}

async fn service_fails(scene: &mut Scene) {
    let status = |status, retry_after| Fault::Status {
        status,
        retry_after,
        retry_after_form: RetryAfter::Seconds,
        applied: false,
    };
    for (_, simulator) in &scene.tenants {
        simulator.faults().clear();
        for fault in [
            status(429, Some(1)),
            status(503, None),
            Fault::ResetBefore,
            Fault::ResetAfter,
        ] {
            let rule = FaultRule::new(fault).probability(scene.random.f64() / 10.0);
            simulator.faults().add(rule).unwrap();
        }
    }
    sleep(Duration::from_secs(2)).await;
}

/// The tenants that a worker holds.
fn held_by(scene: &Scene, worker: &str) -> Vec<String> {
    let names: Vec<String> = scene.tenants.iter().map(|(name, _)| name.clone()).collect();
    let owners = owners(scene, &names);
    let held = names
        .into_iter()
        .zip(owners)
        .filter(|(_, owner)| owner == worker);
    held.map(|(name, _)| name).collect()
}

/// The holder of each of these tenants; empty for none.
fn owners(scene: &Scene, tenants: &[String]) -> Vec<String> {
    const EACH: &str = "local all = {} for place, key in ipairs(KEYS) do all[place] = redis.call('HGET', key, 'owner') or '' end return all";
    let keys: Vec<String> = tenants
        .iter()
        .map(|name| format!("{{incidents}}:lease:{name}"))
        .collect();
    let count = keys.len().to_string();
    let mut words = vec!["EVAL", EACH, &count];
    words.extend(keys.iter().map(String::as_str));
    let mut owners: Vec<String> = scene
        .redis
        .ask(&words)
        .split('\n')
        .map(str::to_owned)
        .collect();
    owners.resize(tenants.len(), String::new());
    owners
}

/// Waits until other workers have all tenants of a worker, and records how long each took.
async fn taken_over(scene: &mut Scene, what: &'static str, worker: &str, mut held: Vec<String>) {
    let began = Instant::now();
    let mut times = Vec::new();
    while !held.is_empty() {
        sleep(Duration::from_millis(100)).await;
        let owners = owners(scene, &held);
        let mut owners = owners.iter();
        held.retain(|_| {
            let stays = owners
                .next()
                .is_none_or(|owner| owner == worker || owner.is_empty());
            if !stays {
                times.push(began.elapsed());
            }
            stays
        });
        if began.elapsed() > Duration::from_secs(60) {
            let living = RedisStore::new(link(&scene.redis), Duration::from_secs(3))
                .statuses()
                .await;
            let words: Vec<String> = scene
                .workers
                .iter()
                .map(super::process::Worker::last_words)
                .collect();
            panic!(
                "{worker} was {what}, and nobody has taken {held:?} in 60 s; living: {living:?}\n{}",
                words.join("\n\n")
            );
        }
    }
    scene.takeovers.push((what, times));
}
