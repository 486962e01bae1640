//! The token's permissions, and the effect of each missing one.

use graph_incidents::Error;
use graph_incidents::auth::TokenClaims;
use serde_json::{Value, json};

use super::{Findings, causes};
use crate::connect::Connection;
use crate::exit;

/// An action, the permissions of which one is needed, and the commands that need it.
struct Need {
    check: &'static str,
    any_of: &'static [&'static str],
    breaks: &'static str,
    /// A request that checks it without changing anything, if there is one.
    probe: Option<&'static str>,
}

const NEEDS: [Need; 6] = [
    Need {
        check: "read incidents",
        any_of: &[
            "SecurityIncident.Read.All",
            "SecurityIncident.ReadWrite.All",
        ],
        breaks: "list, show, watch, export, evidence",
        probe: Some("/security/incidents"),
    },
    Need {
        check: "change incidents",
        any_of: &["SecurityIncident.ReadWrite.All"],
        breaks: "update, resolve, assign, comment",
        probe: None,
    },
    Need {
        check: "merge incidents",
        any_of: &["SecurityData.Manage.All"],
        breaks: "merge",
        probe: None,
    },
    Need {
        check: "read alerts",
        any_of: &["SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All"],
        breaks: "alerts list, alerts show",
        probe: Some("/security/alerts_v2"),
    },
    Need {
        check: "change alerts",
        any_of: &["SecurityAlert.ReadWrite.All"],
        breaks: "alerts update, alerts comment, alerts move",
        probe: None,
    },
    Need {
        check: "hunting",
        any_of: &["ThreatHunting.Read.All"],
        breaks: "hunt",
        probe: Some("/security/runHuntingQuery"),
    },
];

/// Tries what can be tried, and derives the rest from the token.
pub(super) async fn check(
    connection: &Connection,
    first: Result<Value, Error>,
    claims: Option<&TokenClaims>,
    findings: &mut Findings,
) {
    let mut first = Some(first);
    for need in &NEEDS {
        match need.probe {
            Some(path) => {
                let result = match first.take() {
                    Some(result) => result,
                    None => probe(connection, path).await,
                };
                tried(need, result, findings);
            }
            None => read_from_token(need, claims, findings),
        }
    }
}

async fn probe(connection: &Connection, path: &str) -> Result<Value, Error> {
    let core = connection.client.core();
    match path.ends_with("runHuntingQuery") {
        true => {
            core.post(path)
                .json(&json!({"query": "AlertInfo | take 1"}))
                .await
        }
        false => core.get(path).query("$top", "1").await,
    }
}

fn tried(need: &Need, result: Result<Value, Error>, findings: &mut Findings) {
    match result {
        Ok(_) => findings.ok(need.check, "works"),
        Err(error) => {
            let cause = causes::of_call(&error);
            let detail = format!("{cause}; without it these fail: {}", need.breaks);
            findings.failed(need.check, exit::code_of(&error), detail);
        }
    }
}

fn read_from_token(need: &Need, claims: Option<&TokenClaims>, findings: &mut Findings) {
    let wanted = need.any_of.join(" or ");
    let Some(claims) = claims else {
        let detail = format!(
            "the token does not list its roles; for {} it needs {wanted}",
            need.breaks
        );
        findings.unknown(need.check, detail);
        return;
    };
    let mut held = claims.roles.iter().chain(&claims.scopes);
    match held.any(|name| need.any_of.contains(&name.as_str())) {
        true => findings.ok(need.check, "the token has the permission"),
        false => {
            let detail = format!(
                "the token lacks {wanted}; without it these fail: {}",
                need.breaks
            );
            findings.add(need.check, "lacking", detail);
        }
    }
}
