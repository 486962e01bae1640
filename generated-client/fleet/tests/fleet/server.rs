//! A separate Redis on a free port, in a temporary folder.

use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server.
pub(crate) struct Redis {
    child: Option<Child>,
    pub(crate) port: u16,
    pub(crate) folder: tempfile::TempDir,
    options: Vec<String>,
}

impl Redis {
    /// Starts a server. Prints that tests are skipped and returns `None` if `redis-server` is not installed.
    pub(crate) fn with(options: &[&str]) -> Option<Self> {
        if Command::new("redis-server")
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_err()
        {
            let name = std::thread::current().name().unwrap_or_default().to_owned();
            let mut stderr = std::io::stderr();
            writeln!(
                stderr,
                "SKIPPED: {name}: `redis-server` is not installed (apt-get install redis-server)"
            )
            .unwrap();
            return None;
        }
        // The port is free now; if somebody takes it meanwhile, the start fails and is repeated.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port();
            let mut redis = Self {
                child: None,
                port,
                folder: tempfile::tempdir().unwrap(),
                options: options.iter().map(|option| (*option).to_owned()).collect(),
            };
            if redis.begin() {
                return Some(redis);
            }
        }
        panic!("redis-server does not start");
    }

    fn begin(&mut self) -> bool {
        let mut child = Command::new("redis-server")
            .args([
                "--port",
                &self.port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
            ])
            .args(["--dir", self.folder.path().to_str().unwrap()])
            .args(&self.options)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(10) {
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                self.child = Some(child);
                return true;
            }
            if child.try_wait().unwrap().is_some() {
                let mut text = String::new();
                child
                    .stdout
                    .take()
                    .unwrap()
                    .read_to_string(&mut text)
                    .unwrap();
                eprintln!("redis-server ended: {text}");
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let _ = child.wait();
        false
    }

    /// Kills it with -9.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Restarts it with its data.
    pub(crate) fn restart(&mut self) {
        self.kill();
        assert!(self.begin(), "redis-server does not start again");
    }

    pub(crate) fn address(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Sends a command and returns the response as text, as `redis-cli` prints it.
    pub(crate) fn ask(&self, words: &[&str]) -> String {
        let output = Command::new("redis-cli")
            .args(["-p", &self.port.to_string()])
            .args(words)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
