//! Accepted findings: `accepted.yaml` lists each by its id, with a reason.

use std::path::Path;

use chrono::NaiveDate;
use graph_client_codegen::load::{self, Node};
use graph_client_codegen::{Problem, Problems};
use graph_client_review::Finding;

use crate::Failure;
use crate::files;
use crate::repository::Repository;

/// The file of accepted findings, beside the description.
pub const ACCEPTED: &str = "accepted.yaml";

/// An entry of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Acceptance {
    pub(super) id: String,
    pub(super) reason: String,
    /// The last day of the acceptance.
    pub(super) expires: Option<NaiveDate>,
    place: (String, load::Position, String),
}

/// Reads the file; a missing file accepts nothing.
pub(super) fn read(
    repository: &Repository,
    named: Option<&Path>,
) -> Result<Vec<Acceptance>, Failure> {
    let Some((path, name)) = repository.named_or_beside(named, ACCEPTED) else {
        return Ok(Vec::new());
    };
    let text = match files::read_text(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return Ok(Vec::new());
        }
        Err(error) => {
            return Err(Failure::new(format!(
                "error: {name}: {error}\n  help: pass a readable file of accepted findings"
            )));
        }
    };
    Ok(parse(&name, &text)?)
}

fn parse(name: &str, text: &str) -> Result<Vec<Acceptance>, Problems> {
    let document = load::parse(name, text)?;
    let mut reading = Reading {
        name,
        problems: Problems::default(),
        acceptances: Vec::new(),
    };
    for entry in document.root.entries() {
        if entry.key != "accepted" {
            let message = format!("`{}` is not a known key", entry.key);
            let help = "write the entries under `accepted`";
            reading.report(&entry.node, &format!("#/{}", entry.key), message, help);
        }
    }
    let list = document.root.get("accepted");
    if let Some(node) = list
        && node.as_sequence().is_none()
    {
        let message = format!("`accepted` is a list, not {}", node.kind());
        let help = "write `accepted: []` if nothing is accepted";
        reading.report(node, "#/accepted", message, help);
    }
    let nodes = list.and_then(Node::as_sequence).unwrap_or_default();
    for (index, node) in nodes.iter().enumerate() {
        reading.entry(node, format!("#/accepted/{index}"));
    }
    match reading.problems.is_empty() {
        true => Ok(reading.acceptances),
        false => Err(reading.problems.with_source(text)),
    }
}

/// The valid entries, and the problems of the others.
struct Reading<'t> {
    name: &'t str,
    problems: Problems,
    acceptances: Vec<Acceptance>,
}

impl Reading<'_> {
    fn entry(&mut self, node: &Node, pointer: String) {
        for entry in node.entries() {
            if !matches!(entry.key.as_str(), "id" | "reason" | "expires") {
                let message = format!("`{}` is not a known key", entry.key);
                let help = "an entry has `id`, `reason` and optionally `expires`";
                self.report(&entry.node, &pointer, message, help);
            }
        }
        let text = |key: &str| {
            let text = node.get(key).and_then(Node::as_str).map(str::trim);
            text.filter(|text| !text.is_empty())
        };
        let (Some(id), Some(reason)) = (text("id"), text("reason")) else {
            let message = "an entry needs the `id` of a finding and a `reason`, both as strings";
            let help = "copy the id from the review; quote it if it consists of digits";
            self.report(node, &pointer, message.to_owned(), help);
            return;
        };
        if self.acceptances.iter().any(|known| known.id == id) {
            let message = format!("`{id}` is accepted twice");
            self.report(node, &pointer, message, "remove one of the two entries");
        }
        let expires = node
            .get("expires")
            .and_then(|expires| self.date(expires, &pointer));
        self.acceptances.push(Acceptance {
            id: id.to_owned(),
            reason: reason.to_owned(),
            expires,
            place: (self.name.to_owned(), node.position, pointer),
        });
    }

    fn date(&mut self, node: &Node, pointer: &str) -> Option<NaiveDate> {
        let date = node.as_str().and_then(|date| date.parse().ok());
        if date.is_none() {
            let message = "`expires` is not a date".to_owned();
            self.report(node, pointer, message, "write it as `2027-01-31`");
        }
        date
    }

    fn report(&mut self, node: &Node, pointer: &str, message: String, help: &str) {
        self.problems.push(Problem {
            rule: "accepted-findings",
            message,
            file: self.name.to_owned(),
            position: Some(node.position),
            pointer: pointer.to_owned(),
            help: help.to_owned(),
        });
    }
}

/// The acceptance of each finding, in order.
///
/// An entry that matches no finding is an error: the accepted change is gone, or the id is wrong. An expired entry
/// accepts nothing.
pub(super) fn settle(
    acceptances: &[Acceptance],
    findings: &[Finding],
) -> Result<Vec<Option<Acceptance>>, Failure> {
    let mut problems = Problems::default();
    for acceptance in acceptances {
        if !findings.iter().any(|finding| finding.id == acceptance.id) {
            let (file, position, pointer) = acceptance.place.clone();
            problems.push(Problem {
                rule: "accepted-findings",
                message: format!("`{}` matches no finding of this review", acceptance.id),
                file,
                position: Some(position),
                pointer,
                help: "remove the entry, or correct its id".to_owned(),
            });
        }
    }
    problems.into_result()?;
    let today = chrono::Utc::now().date_naive();
    let holds = |acceptance: &&Acceptance| acceptance.expires.is_none_or(|last| today <= last);
    Ok(findings
        .iter()
        .map(|finding| {
            acceptances
                .iter()
                .filter(holds)
                .find(|acceptance| acceptance.id == finding.id)
                .cloned()
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_an_id_a_reason_and_optionally_an_end() {
        let entries = parse(
            "accepted.yaml",
            "accepted:\n  - id: 0a1b2c3d4e5f\n    reason: never sent\n    expires: 2027-01-31\n",
        )
        .unwrap();
        assert_eq!(entries[0].reason, "never sent");
        assert_eq!(entries[0].expires, NaiveDate::from_ymd_opt(2027, 1, 31));
        assert_eq!(parse("accepted.yaml", "accepted: []\n").unwrap(), []);
    }

    #[test]
    fn errors_in_the_file_name_their_line() {
        for (text, message) in [
            ("accepted: {}\n", "accepted.yaml:1:11"),
            (
                "accepted:\n  - id: a\n",
                "needs the `id` of a finding and a `reason`",
            ),
            (
                "accepted:\n  - {id: a, reason: b, expires: soon}\n",
                "`expires` is not a date",
            ),
            (
                "accepted:\n  - {id: a, reason: b}\n  - {id: a, reason: c}\n",
                "accepted.yaml:3:",
            ),
            ("acepted: []\n", "`acepted` is not a known key"),
            (
                "accepted:\n  - {id: a, reason: b, until: x}\n",
                "`until` is not a known key",
            ),
        ] {
            let problems = parse("accepted.yaml", text).unwrap_err().to_string();
            assert!(problems.contains(message), "{problems}");
        }
    }
}
