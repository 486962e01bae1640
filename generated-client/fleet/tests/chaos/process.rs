//! A worker as a separate process: this program, started with a variable of the environment.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use graph_incidents_fleet::{FleetSettings, Secrets};

/// The variable with the settings of the worker.
pub(crate) const WORKER: &str = "FLEET_CHAOS_WORKER";

/// Runs a worker until it is killed.
pub(crate) fn work(settings: &Path) {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let text = std::fs::read_to_string(settings).unwrap();
    let settings = FleetSettings::from_toml(settings, &text).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let worker = settings.worker(Secrets::default()).await.unwrap();
        worker.run(std::future::pending()).await.unwrap();
    });
}

/// A worker process under test.
pub(crate) struct Worker {
    pub(crate) name: String,
    settings: PathBuf,
    log: PathBuf,
    child: Option<Child>,
    starts: u32,
}

impl Worker {
    pub(crate) fn new(folder: &Path, number: usize, settings: &str) -> Self {
        let path = folder.join(format!("worker-{number}.toml"));
        std::fs::write(&path, settings).unwrap();
        Self {
            name: String::new(),
            settings: path,
            log: folder.join(format!("worker-{number}.log")),
            child: None,
            starts: 0,
        }
    }

    /// Starts it, as a new worker.
    pub(crate) fn start(&mut self) {
        self.starts += 1;
        let stem = self.settings.file_stem().unwrap().to_str().unwrap();
        self.name = format!("{stem}-{}", self.starts);
        let text = std::fs::read_to_string(&self.settings).unwrap();
        let (_, rest) = text.split_once('\n').unwrap();
        std::fs::write(
            &self.settings,
            format!("worker = \"{}\"\n{rest}", self.name),
        )
        .unwrap();
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .env(WORKER, &self.settings)
            .env("RUST_LOG", "info")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    /// Kills it with -9.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Pauses it (`STOP`), or continues it (`CONT`).
    pub(crate) fn signal(&self, signal: &str) {
        let Some(child) = &self.child else { return };
        let pid = child.id().to_string();
        let status = Command::new("kill")
            .args([&format!("-{signal}"), &pid])
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// The last lines of its log, to find a reason.
    pub(crate) fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    /// Whether it ended by itself, which it never should.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child
            .as_mut()
            .is_some_and(|child| child.try_wait().unwrap().is_some())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}
