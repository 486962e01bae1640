//! Opens an issue with the report, or updates it; closes it when there are no more differences.

use std::io;

use reqwest::Method;
use serde_json::{Value, json};

use super::fetch::{chain, client};
use super::tell::RefreshReport;
use crate::environment::variable;
use crate::review::Format;
use crate::{Failure, Outcome};

/// The mark by which the issue is found.
const MARK: &str = "<!-- spec-refresh -->";

/// Its label, which is created with the first issue.
const LABEL: &str = "refresh";

/// The maximum number of pages of labelled issues to search.
const MOST_PAGES: usize = 10;

/// Writes the report as an issue: updates the open one with the mark, or opens a new one.
pub(super) fn open_or_update(
    report: &RefreshReport<'_>,
    repository: &str,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let token = variable("GITHUB_TOKEN")?.ok_or_else(|| {
        Failure::new(
            "error: GITHUB_TOKEN is not set\n  help: set it to a token that may write issues",
        )
    })?;
    let api = variable("GITHUB_API_URL")?.unwrap_or_else(|| "https://api.github.com".to_owned());
    let mut text = Vec::new();
    report.write(Format::Markdown, &mut text)?;
    let tracker = Tracker {
        issues: format!("{}/repos/{repository}/issues", api.trim_end_matches('/')),
        token,
    };
    let differs = !report.found.is_empty();
    let body = differs.then(|| format!("{MARK}\n{}", String::from_utf8_lossy(&text)));
    let title = format!(
        "The fragment differs from {} of the {}",
        report.run.version,
        report.run.cloud.title()
    );
    let done = super::block_on(tracker.bring(&title, body.as_deref()))??;
    writeln!(out, "{:>12} {}", done.0, done.1)?;
    Ok(Outcome::Fine)
}

struct Tracker {
    issues: String,
    token: String,
}

impl Tracker {
    /// Updates the issue to the report; without a report, closes it.
    async fn bring(
        &self,
        title: &str,
        body: Option<&str>,
    ) -> Result<(&'static str, String), Failure> {
        let known = self.known(title).await?;
        let address = |issue: &Value| {
            issue
                .get("html_url")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        match (known, body) {
            (None, None) => Ok((
                "Unchanged",
                "nothing differs, and there is no open issue".to_owned(),
            )),
            (None, Some(body)) => {
                let issue = json!({"title": title, "body": body, "labels": [LABEL]});
                let made = self.call(Method::POST, &self.issues, Some(issue)).await?;
                Ok(("Opened", address(&made)))
            }
            (Some(issue), Some(body)) => {
                if issue.get("body").and_then(Value::as_str) == Some(body) {
                    return Ok(("Unchanged", address(&issue)));
                }
                let made = self
                    .call(
                        Method::PATCH,
                        &self.one(&issue)?,
                        Some(json!({"body": body})),
                    )
                    .await?;
                Ok(("Updated", address(&made)))
            }
            (Some(issue), None) => {
                let closed = json!({"state": "closed", "state_reason": "completed"});
                let made = self
                    .call(Method::PATCH, &self.one(&issue)?, Some(closed))
                    .await?;
                Ok(("Closed", address(&made)))
            }
        }
    }

    fn one(&self, issue: &Value) -> Result<String, Failure> {
        match issue.get("number").and_then(Value::as_u64) {
            Some(number) => Ok(format!("{}/{number}", self.issues)),
            None => Err(self.unexpected("an issue has no number")),
        }
    }

    fn unexpected(&self, what: &str) -> Failure {
        Failure::new(format!(
            "error: unexpected response from {}: {what}",
            self.issues
        ))
    }

    /// The open issue with the mark and the title.
    async fn known(&self, title: &str) -> Result<Option<Value>, Failure> {
        for page in 1..=MOST_PAGES {
            let address = format!(
                "{}?state=open&labels={LABEL}&per_page=100&page={page}",
                self.issues
            );
            let issues = self.call(Method::GET, &address, None).await?;
            let Value::Array(issues) = issues else {
                return Err(self.unexpected("it is not a list of issues"));
            };
            let is_last = issues.len() < 100;
            let found = issues.into_iter().find(|issue| {
                let text = |key: &str| issue.get(key).and_then(Value::as_str).unwrap_or_default();
                text("body").starts_with(MARK) && text("title") == title
            });
            if found.is_some() || is_last {
                return Ok(found);
            }
        }
        // If the issue were not found, the report would be opened a second time.
        Err(Failure::new(format!(
            "error: more than {} open issues have the label `{LABEL}`\n  help: close some of them",
            MOST_PAGES * 100
        )))
    }

    async fn call(
        &self,
        method: Method,
        address: &str,
        body: Option<Value>,
    ) -> Result<Value, Failure> {
        let fail = |reason: String| {
            Failure::new(format!(
                "error: {method} {address}: {reason}\n  help: the token needs the right to write issues of this repository"
            ))
        };
        let client = client().map_err(|error| fail(chain(&error)))?;
        let mut request = client
            .request(method.clone(), address)
            .bearer_auth(&self.token)
            .header("Accept", "application/vnd.github+json");
        if let Some(body) = body {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_string());
        }
        let response = request.send().await.map_err(|error| fail(chain(&error)))?;
        let status = response.status();
        let text = response.text().await.map_err(|error| fail(chain(&error)))?;
        if !status.is_success() {
            let message = serde_json::from_str::<Value>(&text).ok().and_then(|body| {
                body.get("message")
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            });
            return Err(fail(format!("{status} {}", message.unwrap_or_default())));
        }
        serde_json::from_str(&text)
            .map_err(|error| fail(format!("the response is not JSON: {error}")))
    }
}
