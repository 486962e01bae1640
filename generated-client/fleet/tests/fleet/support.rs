//! Changes, commits and workers that tests share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use graph_incidents_fleet::store::{Claim, Commit, Held, Lease, Store};
use graph_incidents_fleet::{
    Budgets, LocalBudgets, Secrets, ServiceLimits, StoreError, StreamedChange, Tenant, TenantFile,
    WatchSettings, Window, Worker,
};
use graph_incidents_simulator::Simulator;
use serde_json::json;

pub(crate) const LEASE: Duration = Duration::from_millis(1_500);

/// A change as a worker writes it.
pub(crate) fn change(tenant: &str, id: &str, version: &str) -> StreamedChange {
    serde_json::from_value(json!({
        "key": format!("{tenant}/{id}/{version}"), "tenant": tenant, "kind": "incident", "id": id,
        "version": version, "changeKind": "changed", "changedAt": "2026-01-01T00:00:00Z",
        "seenAt": "2026-01-01T00:00:01Z", "properties": ["severity"],
        "record": {"id": id, "severity": "high", "text": "ü\u{0}\n"},
    }))
    .unwrap()
}

pub(crate) async fn claim(store: &dyn Store, worker: &str, tenant: &str) -> Lease {
    match store.claim(worker, tenant).await.unwrap() {
        Claim::Held(lease) => lease,
        Claim::Taken(time) => panic!("{tenant} is taken for {time:?}"),
    }
}

pub(crate) fn held(tenant: &str, lease: &Lease) -> Held {
    Held {
        tenant: tenant.to_owned(),
        fence: lease.fence,
        revision: lease.revision,
    }
}

pub(crate) async fn write(
    store: &dyn Store,
    worker: &str,
    held: &mut Held,
    cursor: &str,
    changes: &[StreamedChange],
) -> Result<(), StoreError> {
    let commit = Commit {
        worker,
        held,
        cursor,
        changes,
    };
    held.revision = store.commit(commit).await?;
    Ok(())
}

/// Simulators as tenants, and the file that lists them.
pub(crate) struct Bench {
    pub(crate) simulators: BTreeMap<String, Simulator>,
    pub(crate) folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) async fn of(tenants: usize) -> Self {
        let mut simulators = BTreeMap::new();
        for number in 0..tenants {
            let simulator = Simulator::builder()
                .seed(number as u64)
                .start()
                .await
                .unwrap();
            simulators.insert(format!("tenant-{number}"), simulator);
        }
        let bench = Self {
            simulators,
            folder: tempfile::tempdir().unwrap(),
        };
        bench.write_tenants(|_| true);
        bench
    }

    /// Lists the given tenants in the file.
    pub(crate) fn write_tenants(&self, wanted: impl Fn(&str) -> bool) {
        let mut text = String::new();
        for (name, simulator) in self.simulators.iter().filter(|(name, _)| wanted(name)) {
            let token = self.folder.path().join(format!("{name}.token"));
            std::fs::write(&token, simulator.token()).unwrap();
            text += &format!(
                "[{name}]\ntoken = \"file:{}\"\nbase-url = \"{}\"\n",
                token.display(),
                simulator.base_url()
            );
        }
        std::fs::write(self.tenants(), text).unwrap();
    }

    pub(crate) fn tenants(&self) -> std::path::PathBuf {
        self.folder.path().join("tenants.toml")
    }

    pub(crate) fn tenant(&self, name: &str) -> Tenant {
        let token = self.folder.path().join(format!("{name}.token"));
        let mut tenant = Tenant::with_token(format!("file:{}", token.display()));
        tenant.base_url = Some(self.simulators[name].base_url().to_owned());
        tenant
    }

    /// A worker with its own budget.
    pub(crate) fn worker(&self, name: &str, store: Arc<dyn Store>) -> Worker {
        let limits = ServiceLimits::new(vec![Window::new(1_000, 10)], vec![]);
        let budgets = Budgets::Local(LocalBudgets::new(limits));
        let source = TenantFile::new(self.tenants());
        Worker::new(name, store, source, budgets, Secrets::default(), settings()).unwrap()
    }
}

pub(crate) fn settings() -> WatchSettings {
    let mut settings = WatchSettings::default();
    settings.every = Duration::from_millis(100);
    settings.lease = LEASE;
    settings
}

/// Waits until a condition is met.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = tokio::time::Instant::now();
    while !holds().await {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "{what}: not within 20 s"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
