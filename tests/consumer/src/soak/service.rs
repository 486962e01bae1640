//! A simulator with a state file in another process, which can be killed and whose clock can be changed at any time.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use graph_incidents_simulator::{Fault, FaultRule, Simulator, set_clock_ahead};
use serde_json::json;

use crate::fault_run;

/// The argument that turns a program into the service.
const SERVE: &str = "serve-and-fail";
const TOKEN: &str = "a-token-of-the-soak";

/// The id of an incident that is updated.
pub(super) fn id(number: usize) -> String {
    (7_000_000 + number).to_string()
}

/// The service, which ends when this is dropped.
pub(super) struct Killable {
    child: Child,
    state: PathBuf,
    port: u16,
    seed: u64,
    incidents: usize,
    /// How many seconds its clock is ahead of ours.
    ahead: i64,
    /// Open connections that nobody uses.
    forgotten: Vec<TcpStream>,
}

impl Killable {
    pub(super) fn start(
        folder: &Path,
        seed: u64,
        incidents: usize,
    ) -> Result<Self, Box<dyn Error>> {
        let state = folder.join("state.jsonl");
        let (child, port) = spawn(&state, 0, seed, incidents)?;
        Ok(Self {
            child,
            state,
            port,
            seed,
            incidents,
            ahead: 0,
            forgotten: Vec::new(),
        })
    }

    pub(super) fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/beta", self.port)
    }

    pub(super) fn token(&self) -> &'static str {
        TOKEN
    }

    /// Kills it like a power failure, and restarts it on the same file and port.
    pub(super) async fn kill_and_start_again(&mut self, pause: u64) -> Result<(), Box<dyn Error>> {
        self.end();
        tokio::time::sleep(Duration::from_millis(pause)).await;
        self.seed += 1;
        self.spawn_again(self.seed).await
    }

    /// Restarts it without faults.
    pub(super) async fn is_well_from_now_on(&mut self) -> Result<(), Box<dyn Error>> {
        self.end();
        self.spawn_again(0).await
    }

    async fn spawn_again(&mut self, seed: u64) -> Result<(), Box<dyn Error>> {
        // The port may be busy for a moment after a kill.
        for _ in 0..50 {
            if let Ok((child, _)) = spawn(&self.state, self.port, seed, self.incidents) {
                self.child = child;
                return self.set_clock_ahead(self.ahead);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("the service does not start again".into())
    }

    /// Changes its clock, also for later restarts.
    pub(super) fn set_clock_ahead(&mut self, seconds: i64) -> Result<(), Box<dyn Error>> {
        self.ahead = seconds;
        let input = self.child.stdin.as_mut();
        let input = input.ok_or("the service has no input")?;
        writeln!(input, "{seconds}")?;
        Ok(())
    }

    /// Opens a connection and sends half a request; a few of them stay.
    pub(super) fn leave_a_request_half_sent(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.write_all(b"GET /beta/security/incidents HTTP/1.1\r\nhost: x\r\n");
            self.forgotten.push(stream);
        }
        if self.forgotten.len() > 4 {
            self.forgotten.remove(0);
        }
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Killable {
    fn drop(&mut self) {
        self.end();
    }
}

fn spawn(
    state: &Path,
    port: u16,
    seed: u64,
    incidents: usize,
) -> Result<(Child, u16), Box<dyn Error>> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg(SERVE)
        .arg(state)
        .args([port.to_string(), seed.to_string(), incidents.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let output = child.stdout.take().ok_or("the service has no output")?;
    BufReader::new(output).read_line(&mut line)?;
    match line.trim().parse() {
        Ok(port) => Ok((child, port)),
        Err(_) => {
            let _ = child.kill();
            let _ = child.wait();
            Err("the service did not start".into())
        }
    }
}

/// Runs the service if the program was started as one, and returns whether it was.
///
/// # Errors
///
/// Returns an error if the simulator cannot be started.
pub async fn serve_if_asked() -> Result<bool, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, state, port, seed, incidents] = arguments.as_slice() else {
        return Ok(false);
    };
    if command != SERVE {
        return Ok(false);
    }
    let seed: u64 = seed.parse()?;
    let simulator = Simulator::builder()
        .state(state)
        .port(port.parse()?)
        .token(TOKEN)
        .start()
        .await?;
    for number in 0..incidents.parse()? {
        if simulator.incident(&id(number)).is_none() {
            let incident = json!({"id": id(number), "displayName": "soak", "status": "active"});
            simulator.insert(incident, Vec::new());
        }
    }
    // 0 means no faults.
    if seed > 0 {
        for rule in fault_run::faults().into_iter().chain(of_listings()) {
            simulator.faults().add(rule)?;
        }
    }
    println!("{}", simulator.address().port());
    tokio::task::spawn_blocking(obey).await??;
    Ok(true)
}

/// Sets the clock to each line of the input, until it ends.
fn obey() -> std::io::Result<()> {
    for line in std::io::stdin().lines() {
        if let Ok(seconds) = line?.parse() {
            set_clock_ahead(seconds);
        }
    }
    Ok(())
}

/// The faults of pages.
fn of_listings() -> impl Iterator<Item = FaultRule> {
    let faults = [
        Fault::ByteOrderMark,
        Fault::ErrorAfterItems { items: 1 },
        Fault::DuplicateItems,
        Fault::LinkCycle,
        Fault::EmptyLink,
        Fault::EmptyPage,
        Fault::LoneSurrogates,
        Fault::UnknownProperties,
        Fault::UnknownEnumMembers,
        Fault::MalformedValues,
        Fault::LaggingIndex,
    ];
    let rules = faults.into_iter();
    rules.map(|fault| FaultRule::new(fault).on("listIncidents").probability(0.03))
}
