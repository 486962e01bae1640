//! The simulator in another process, so that its cost is not counted.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use graph_incidents_simulator::Simulator;
use serde_json::{Value, json};

/// The argument that turns a program into the service.
const SERVE: &str = "serve";

/// A simulator in another process, which ends when this is dropped.
#[derive(Debug)]
pub struct Service {
    child: Child,
    /// The base URL of the API.
    pub base_url: String,
    /// A token with all permissions.
    pub token: String,
}

impl Service {
    /// Starts the running program again as the service, with a number of further incidents.
    ///
    /// # Errors
    ///
    /// Returns an error if it does not start.
    pub fn start(incidents: usize) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([SERVE, &incidents.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().ok_or("the service has no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let (base_url, token) = line
            .trim()
            .split_once(' ')
            .ok_or("the service did not start")?;
        Ok(Self {
            base_url: base_url.to_owned(),
            token: token.to_owned(),
            child,
        })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It ends when its input does.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Runs the service if the program was started as one, and returns whether it was.
///
/// # Errors
///
/// Returns an error if the simulator cannot be started.
pub async fn serve_if_asked() -> Result<bool, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, incidents] = arguments.as_slice() else {
        return Ok(false);
    };
    if command != SERVE {
        return Ok(false);
    }
    let simulator = Simulator::builder().start().await?;
    let model = simulator
        .incident("2972395")
        .ok_or("the reference incident is missing")?;
    for number in 0..incidents.parse()? {
        simulator.insert(copy(&model, number), Vec::new());
    }
    println!("{} {}", simulator.base_url(), simulator.token());
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(true)
}

fn copy(model: &Value, number: usize) -> Value {
    let mut incident = model.clone();
    incident["id"] = json!((5_000_000 + number).to_string());
    incident
}
