//! `incidents doctor`: checks the connection to the service step by step, and names the cause of each problem.

mod causes;
mod permissions;

use std::process::ExitCode;

use chrono::{TimeDelta, Utc};
use graph_incidents::auth::{AccessToken, FixedToken, TokenClaims, TokenSource as _};
use graph_incidents::{Error, RetryPolicy};
use serde_json::{Value, json};

use crate::connect::{self, Connection, connect};
use crate::exit::{self, Failure};
use crate::global::Global;
use crate::output::Output;
use crate::output::table::Column;

/// The result of a check.
pub(crate) static COLUMNS: [Column; 3] = [
    Column::text("CHECK", "check"),
    Column::text("RESULT", "result"),
    Column::text("WHAT IT SAYS", "detail"),
];

/// A larger difference breaks signed assertions, and makes certificates look expired.
const MOST_OFF: TimeDelta = TimeDelta::minutes(5);

/// The results of the checks, and the exit code.
#[derive(Default)]
struct Findings {
    rows: Vec<Value>,
    code: u8,
}

impl Findings {
    fn ok(&mut self, check: &str, detail: impl Into<String>) {
        self.add(check, "ok", detail.into());
    }

    fn failed(&mut self, check: &str, code: u8, detail: impl Into<String>) {
        self.code = self.code.max(code);
        self.add(check, "failed", detail.into());
    }

    /// A check that could not be made.
    fn unknown(&mut self, check: &str, detail: impl Into<String>) {
        self.add(check, "unknown", detail.into());
    }

    fn add(&mut self, check: &str, result: &str, detail: String) {
        self.rows
            .push(json!({"check": check, "result": result, "detail": detail}));
    }
}

/// Checks settings, proxy, connection, clock, sign-in, permissions and throttling.
pub(crate) async fn run(global: &Global, output: &Output) -> Result<ExitCode, Failure> {
    let mut findings = Findings::default();
    match connect(global).await {
        Err(failure) => findings.failed("settings", exit::USAGE, failure.to_string()),
        Ok(connection) => {
            let base_url = connection.client.base_url();
            let cloud = connection.cloud.graph_url();
            let place = match base_url.starts_with(cloud) {
                true => base_url.to_owned(),
                false => format!("{base_url}, in the place of {cloud}"),
            };
            findings.ok("settings", place);
            findings.ok("proxy", causes::proxy_in_words());
            if reaches(&connection, &mut findings).await? {
                signs_in(&connection, &mut findings).await;
            }
        }
    }
    output.list(&findings.rows, &COLUMNS)?;
    Ok(ExitCode::from(findings.code))
}

/// Checks whether the service responds, and its clock. This needs no token.
async fn reaches(connection: &Connection, findings: &mut Findings) -> Result<bool, Failure> {
    let probe = connect::builder(&connection.settings, connection.cloud)?
        .base_url(connection.client.base_url())
        .token_source(FixedToken::new(AccessToken::new("doctor")))
        .retry(RetryPolicy::none())
        .build()?;
    let result = probe
        .core()
        .get("/security/incidents")
        .query("$top", "1")
        .await;
    if let Err(error) = &result
        && error.status().is_none()
        && !error.is_decode()
    {
        let code = exit::code_of(error);
        findings.failed("connection", code, causes::of_connection(error));
        return Ok(false);
    }
    findings.ok("connection", "the service responds");
    let off = Utc::now() - probe.core().service_time();
    match off.abs() > MOST_OFF {
        true => findings.failed("clock", exit::FAILED, causes::clock_is_off(off)),
        false => findings.ok("clock", "it agrees with the service's clock"),
    }
    Ok(true)
}

/// Signs in by a read request, and checks the token's permissions.
async fn signs_in(connection: &Connection, findings: &mut Findings) {
    let core = connection.client.core();
    let first = core.get("/security/incidents").query("$top", "1").await;
    let claims = claims(connection, &first).await;
    if let Err(error) = &first
        && error.is_unauthenticated()
    {
        let cause = causes::of_sign_in(error, connection, claims.as_ref());
        findings.failed("sign-in", exit::SIGN_IN, cause);
        return;
    }
    findings.ok("sign-in", connection.sign_in());
    if let Some(claims) = &claims {
        let (kind, names) = match claims.roles.is_empty() {
            false => ("roles", &claims.roles),
            true => ("scopes", &claims.scopes),
        };
        let names = match names.is_empty() {
            true => "none".to_owned(),
            false => names.join(", "),
        };
        findings.ok(kind, names);
    }
    permissions::check(connection, first, claims.as_ref(), findings).await;
    throttling(findings);
}

/// The claims of the token, if there is one and it can be read.
async fn claims(connection: &Connection, first: &Result<Value, Error>) -> Option<TokenClaims> {
    let chain = connection.chain.as_ref()?;
    // After a failed sign-in, nothing more is requested.
    let has_token = first
        .as_ref()
        .map_or_else(|error| error.status().is_some(), |_| true);
    match has_token && chain.chosen().is_some() {
        true => chain.token().await.ok()?.claims(),
        false => None,
    }
}

fn throttling(findings: &mut Findings) {
    let throttled = findings.code == exit::THROTTLED;
    match throttled {
        true => findings.add(
            "throttling",
            "failed",
            "the service throttles this application now".to_owned(),
        ),
        false => findings.ok("throttling", "none of these requests was throttled"),
    }
}
