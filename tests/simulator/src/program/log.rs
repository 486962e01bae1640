//! A readable log: one line for each request, with colours on a terminal.

use std::io::{IsTerminal, Write};

use graph_incidents_simulator::{RequestEntry, Simulator};
use serde_json::json;

/// The first steps for the user.
pub(crate) fn welcome(simulator: &Simulator) {
    let origin = simulator.origin();
    say(&format!(
        "Microsoft Graph incidents, simulated: {count} incidents\n\
         \n  page       {origin}/\
         \n  base URL   {base}\
         \n  token      {token}\
         \n  sign-in    {sign_in}\
         \n             client id {client}, secret {secret}\
         \n  admin API  {origin}/admin/state\n\
         \n  curl -H 'Authorization: Bearer {token}' '{base}/security/incidents?$top=1'\
         \n  curl -H 'Content-Type: application/json' -d '{{\"fault\": {{\"kind\": \"resetAfter\"}}}}' {origin}/admin/faults\n",
        count = simulator.incident_count(),
        base = simulator.base_url(),
        token = simulator.token(),
        sign_in = simulator.token_url(),
        client = simulator.client_id(),
        secret = simulator.client_secret(),
    ));
}

/// The values that a script needs, on one line.
pub(crate) fn address(simulator: &Simulator) {
    let line = json!({
        "address": simulator.address().to_string(),
        "origin": simulator.origin(),
        "baseUrl": simulator.base_url(),
        "page": format!("{}/", simulator.origin()),
        "token": simulator.token(),
        "tokenUrl": simulator.token_url(),
        "clientId": simulator.client_id(),
        "clientSecret": simulator.client_secret(),
        "tenantId": simulator.tenant_id(),
    });
    say(&line.to_string());
}

/// `19:12:28.123 PATCH  200   0.2 ms updateIncident /beta/security/incidents/2972395 {"status":"resolved"}`
pub(crate) fn request(entry: &RequestEntry) {
    say(&line(entry, std::io::stdout().is_terminal()));
}

fn line(entry: &RequestEntry, colours: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colours {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    };
    let status = match entry.status {
        200..300 => "32",
        300..500 => "33",
        _ => "31",
    };
    let time = entry.at.get(11..).unwrap_or_default().trim_end_matches('Z');
    let time = format!("{time:<12}");
    let mut line = format!(
        "{} {:<5} {} {:>7.1} ms {:<21} {}",
        paint("2", time.get(..12).unwrap_or(&time)),
        entry.method,
        paint(status, &entry.status.to_string()),
        entry.duration_us as f64 / 1_000.0,
        entry.operation.as_deref().unwrap_or("-"),
        entry.target,
    );
    if !entry.body.is_empty() {
        let body: String = entry
            .body
            .chars()
            .filter(|letter| !letter.is_control())
            .take(80)
            .collect();
        line.push_str(&format!(" {}", paint("2", &body)));
    }
    for fault in &entry.faults {
        line.push_str(&format!(" {}", paint("31", &format!("! {fault}"))));
    }
    line
}

/// A closed log does not stop the service.
fn say(text: &str) {
    writeln!(std::io::stdout().lock(), "{text}").ok();
}
