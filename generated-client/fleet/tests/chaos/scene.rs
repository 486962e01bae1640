//! The fleet of a run: tenants, Redis, its proxies, workers, and the changes by the service itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use graph_incidents_fleet::{Link, LinkSettings, Tenant, TenantSet};
use graph_incidents_simulator::{Limit, Profile, Simulator, Throttling};
use serde_json::json;

use super::checks::{self, Seen};
use super::events;
use super::process::Worker;
use super::proxy::Proxy;
use super::server::Redis;
use super::size::Size;

/// The service's limit for a tenant: a number of requests in a number of seconds.
pub(crate) const TENANT_LIMIT: (usize, u64) = (10, 5);
const LEASE: u64 = 3;

/// Everything in a run.
pub(crate) struct Scene {
    pub(crate) size: Size,
    pub(crate) tenants: Vec<(String, Arc<Simulator>)>,
    pub(crate) redis: Redis,
    pub(crate) proxies: Vec<Proxy>,
    pub(crate) workers: Vec<Worker>,
    pub(crate) written: Arc<Mutex<Written>>,
    pub(crate) takeovers: Vec<(&'static str, Vec<Duration>)>,
    pub(crate) random: fastrand::Rng,
}

/// The states of incidents, in order.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) states: BTreeMap<(String, String), Vec<String>>,
    pub(crate) count: u64,
}

impl Scene {
    async fn set(size: Size) -> Option<(Self, tempfile::TempDir)> {
        let redis = Redis::with(&["--appendonly", "yes", "--appendfsync", &size.fsync])?;
        let folder = tempfile::tempdir().unwrap();
        let set = TenantSet::new(link(&redis));
        let mut tenants = Vec::new();
        for number in 0..size.tenants {
            let mut profile = Profile::plain();
            let (calls, seconds) = TENANT_LIMIT;
            profile.throttling = Throttling::of([Limit::new(calls, Duration::from_secs(seconds))]);
            let simulator = Simulator::builder()
                .seed(number as u64)
                .profile(profile)
                .start()
                .await
                .unwrap();
            let name = format!("tenant-{number:03}");
            let token = folder.path().join(&name);
            std::fs::write(&token, simulator.token()).unwrap();
            let mut tenant = Tenant::with_token(format!("file:{}", token.display()));
            tenant.base_url = Some(simulator.base_url().to_owned());
            set.add(&name, &tenant).await.unwrap();
            tenants.push((name, Arc::new(simulator)));
        }
        let (mut proxies, mut workers) = (Vec::new(), Vec::new());
        for number in 0..size.workers {
            let proxy = Proxy::to(redis.port).await;
            workers.push(Worker::new(
                folder.path(),
                number,
                &settings(&size, proxy.port),
            ));
            proxies.push(proxy);
        }
        let random = fastrand::Rng::with_seed(size.seed);
        let scene = Self {
            size,
            tenants,
            redis,
            proxies,
            workers,
            written: Arc::default(),
            takeovers: Vec::new(),
            random,
        };
        Some((scene, folder))
    }

    /// The service changes incidents until it is told to stop.
    fn change_incidents(&self) -> tokio::task::JoinHandle<()> {
        let tenants = self.tenants.clone();
        let written = Arc::clone(&self.written);
        let mut random = fastrand::Rng::with_seed(self.size.seed ^ 1);
        let pause = Duration::from_micros(1_000_000 / self.size.changes.max(1));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                let (name, simulator) = &tenants[random.usize(..tenants.len())];
                let ids = simulator.incident_ids();
                let id = &ids[random.usize(..ids.len().min(6))];
                let mut written = written.lock().unwrap();
                written.count += 1;
                let state = format!("state {}", written.count);
                assert!(simulator.change(id, json!({"summary": state})));
                written
                    .states
                    .entry((name.clone(), id.clone()))
                    .or_default()
                    .push(state);
            }
        })
    }
}

/// The first line is the worker's name, which is new at each start.
fn settings(size: &Size, port: u16) -> String {
    let (requests, seconds) = TENANT_LIMIT;
    format!(
        "worker = \"\"\nredis = \"redis://127.0.0.1:{port}/\"\ntenants = \"redis\"\nevery = {}\nlease = {LEASE}\n\
         state = \"no-such-folder\"\n\
         [limits]\ntenant = [{{ requests = {requests}, seconds = {seconds} }}]\n\
         application = [{{ requests = {}, seconds = {seconds} }}]\n",
        size.every,
        size.of_all(),
    )
}

pub(crate) fn link(redis: &Redis) -> Arc<Link> {
    Arc::new(Link::new(&LinkSettings::new(redis.address())).unwrap())
}

/// Runs the chaos, and fails if a promise is broken.
pub(crate) async fn play(size: Size) {
    println!("chaos: {size:?}");
    let Some((mut scene, _folder)) = Scene::set(size.clone()).await else {
        return;
    };
    for worker in &mut scene.workers {
        worker.start();
    }
    let seen = Arc::new(Mutex::new(Seen::default()));
    let reading = checks::read_on(&scene, Arc::clone(&seen));
    checks::all_are_watched(&mut scene).await;
    for round in 1..=size.rounds {
        let changing = scene.change_incidents();
        events::trouble(&mut scene).await;
        changing.abort();
        let began = Instant::now();
        checks::newest_states_arrive(&mut scene, &seen).await;
        println!(
            "round {round}: every newest state was in the stream {:.1} s after the trouble",
            began.elapsed().as_secs_f64()
        );
    }
    reading.abort();
    checks::report(&scene, &seen.lock().unwrap());
    println!("test chaos ... ok");
}
