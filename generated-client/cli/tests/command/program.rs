//! Runs the program without any setting of this machine.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use graph_incidents_simulator::Simulator;
use tempfile::TempDir;

/// A simulator, and a folder in which the program runs.
pub(crate) struct Bench {
    pub(crate) simulator: Simulator,
    pub(crate) folder: TempDir,
}

/// The result of a run.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Bench {
    /// A tenant with a number of generated incidents.
    pub(crate) async fn with(incidents: u64) -> Self {
        let simulator = Simulator::builder()
            .incidents(incidents)
            .start()
            .await
            .unwrap();
        Self::of(simulator)
    }

    /// A simulator that is running already.
    pub(crate) fn of(simulator: Simulator) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { simulator, folder }
    }

    /// The program, ready to be run against the simulator.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(self.folder.path(), arguments);
        command
            .env("INCIDENTS_BASE_URL", self.simulator.base_url())
            .env("GRAPH_TOKEN", self.simulator.token());
        command
    }

    /// Runs it without blocking the thread, since the simulator runs in this process.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "").await
    }

    /// Runs it with something on standard input.
    pub(crate) async fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        finish(self.command(arguments), input.to_owned()).await
    }
}

/// The program without any setting of this machine.
pub(crate) fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_incidents"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("TZ", "UTC")
        .env("INCIDENTS_CONFIG", folder.join("config.toml"));
    command
}

/// Runs a command to its end.
pub(crate) async fn finish(mut command: Command, input: String) -> Run {
    let output = tokio::task::spawn_blocking(move || -> Output {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || {
            use std::io::Write as _;
            // A program that ends early does not read its input.
            let _ = stdin.write_all(input.as_bytes());
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output
    })
    .await
    .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
