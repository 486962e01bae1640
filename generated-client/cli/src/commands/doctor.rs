//! `incidents doctor`: checks the way to the service step by step, and names the cause of what does not work.

use std::process::ExitCode;

use graph_incidents::Error;
use serde_json::{Value, json};

use crate::arguments::Global;
use crate::connect::{Connection, connect};
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::output::table::Column;

static COLUMNS: [Column; 3] = [
    Column::text("CHECK", "check"),
    Column::text("RESULT", "result"),
    Column::text("WHAT IT SAYS", "detail"),
];

/// What is checked with a request, and what does not work without it.
const READS: [(&str, &str, &str); 3] = [
    (
        "read incidents",
        "/security/incidents",
        "list, show, watch, export, evidence",
    ),
    ("read alerts", "/security/alerts_v2", "alerts"),
    ("hunting", "/security/runHuntingQuery", "hunt"),
];

/// Checks settings, sign-in, connection and permissions.
pub(crate) async fn run(global: &Global, output: &Output) -> Result<ExitCode, Failure> {
    let mut findings = Vec::new();
    let mut code = 0;
    match connect(global).await {
        Err(failure) => {
            findings.push(finding("settings", false, &failure.to_string()));
            code = exit::SIGN_IN;
        }
        Ok(connection) => {
            findings.push(finding("settings", true, &connection.sign_in));
            findings.push(finding("address", true, connection.client.base_url()));
            findings.push(proxy());
            code = code.max(reads(&connection, &mut findings).await);
        }
    }
    output.list(&findings, &COLUMNS)?;
    Ok(ExitCode::from(code))
}

async fn reads(connection: &Connection, findings: &mut Vec<Value>) -> u8 {
    let core = connection.client.core();
    let mut code = 0;
    for (check, path, breaks) in READS {
        let result = match path.ends_with("runHuntingQuery") {
            true => {
                let body = json!({"query": "print incidents = 1"});
                core.post(path).json(&body).await
            }
            false => core.get(path).query("$top", "1").await,
        };
        match result {
            Ok(_) => findings.push(finding(check, true, "works")),
            Err(error) => {
                code = code.max(exit::code_of(&error));
                let detail = format!("{}; without it these fail: {breaks}", cause(&error));
                findings.push(finding(check, false, &detail));
                // The same connection and the same token: the other checks would say the same.
                if error.is_connection() || error.is_unauthenticated() {
                    break;
                }
            }
        }
    }
    code
}

/// The cause of an error, in one sentence.
fn cause(error: &Error) -> String {
    if error.is_permission_denied() && !error.missing_roles().is_empty() {
        return format!("the token lacks {}", error.missing_roles().join(" or "));
    }
    error.to_string()
}

/// The proxy that requests go through.
fn proxy() -> Value {
    let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let set = names
        .into_iter()
        .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    match set {
        // Its address can hold a password.
        Some(name) => finding(
            "proxy",
            true,
            &format!("requests go through the one in {name}"),
        ),
        None => finding("proxy", true, "none is set"),
    }
}

fn finding(check: &str, works: bool, detail: &str) -> Value {
    json!({"check": check, "result": if works { "ok" } else { "failed" }, "detail": detail})
}
