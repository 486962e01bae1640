//! Differences that are kept on purpose: `keeps` of the decisions in `provenance.yaml`.

use graph_client_codegen::load::{self, Document, Node, Position};
use graph_client_codegen::{Problem, Problems};

use super::Run;

/// The file of the decisions, beside the description.
pub(super) const PROVENANCE: &str = "provenance.yaml";

/// A difference that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keep {
    /// The decision's id.
    pub(super) decision: String,
    /// The file that contains it.
    pub(super) file: String,
    /// The name of the difference: `enum-member-removed AlertDetermination.compromisedUser`.
    pub(super) what: String,
    /// The only version that it applies to.
    version: Option<String>,
    /// The only cloud that it applies to.
    cloud: Option<String>,
    /// Whether it applies to the description and not to the metadata.
    pub(super) of_description: bool,
    pub(super) position: Position,
    pub(super) pointer: String,
}

impl Keep {
    /// Whether it applies to a run.
    pub(super) fn concerns(&self, run: &Run) -> bool {
        let is =
            |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|w| w == found);
        is(&self.version, &run.version) && is(&self.cloud, run.cloud.as_str())
    }
}

/// Reads the decisions.
pub(super) fn read(name: &str, text: &str) -> Result<(Document, Vec<Keep>), Problems> {
    let document = load::parse(name, text)?;
    let mut problems = Problems::default();
    let mut keeps = Vec::new();
    let decisions = document.root.get("decisions");
    if let Some(decisions) = decisions.filter(|decisions| decisions.as_sequence().is_none()) {
        let message = format!("`decisions` is a list, not {}", decisions.kind());
        problems.push(problem(name, decisions.position, "#/decisions", message));
    }
    let decisions = decisions.and_then(Node::as_sequence).unwrap_or_default();
    for (index, decision) in decisions.iter().enumerate() {
        if decision.as_mapping().is_none() {
            let pointer = format!("#/decisions/{index}");
            let message = format!("a decision is a mapping, not {}", decision.kind());
            problems.push(problem(name, decision.position, &pointer, message));
        }
        let id = decision
            .get("id")
            .and_then(Node::as_str)
            .unwrap_or_default();
        let Some(kept) = decision.get("keeps") else {
            continue;
        };
        let pointer = format!("#/decisions/{index}/keeps");
        let Some(items) = kept.as_sequence() else {
            let message = format!("`keeps` is a list, not {}", kept.kind());
            problems.push(problem(name, kept.position, &pointer, message));
            continue;
        };
        for (item_index, item) in items.iter().enumerate() {
            match keep(name, id, item, &format!("{pointer}/{item_index}")) {
                Ok(keep) => keeps.push(keep),
                Err(problem) => problems.push(*problem),
            }
        }
    }
    match problems.is_empty() {
        true => Ok((document, keeps)),
        false => Err(problems.with_source(text)),
    }
}

fn keep(file: &str, decision: &str, item: &Node, pointer: &str) -> Result<Keep, Box<Problem>> {
    let fail =
        |node: &Node, message: String| Box::new(problem(file, node.position, pointer, message));
    let mut keep = Keep {
        decision: decision.to_owned(),
        file: file.to_owned(),
        what: item.as_str().unwrap_or_default().to_owned(),
        version: None,
        cloud: None,
        of_description: false,
        position: item.position,
        pointer: pointer.to_owned(),
    };
    for entry in item.entries() {
        let Some(text) = entry.node.as_str() else {
            let message = format!(
                "`{}` must be a string, not {}",
                entry.key,
                entry.node.kind()
            );
            return Err(fail(&entry.node, message));
        };
        match entry.key.as_str() {
            "what" => text.clone_into(&mut keep.what),
            "version" if matches!(text, "beta" | "v1.0") => keep.version = Some(text.to_owned()),
            "cloud" if matches!(text, "global" | "usGovernment") => {
                keep.cloud = Some(text.to_owned());
            }
            "source" if matches!(text, "metadata" | "description") => {
                keep.of_description = text == "description";
            }
            key => {
                return Err(fail(
                    &entry.node,
                    format!("`{key}: {text}` is not a known key"),
                ));
            }
        }
    }
    match keep.what.split_once(' ') {
        Some((kind, subject)) if !kind.is_empty() && !subject.trim().is_empty() => Ok(keep),
        _ => Err(fail(
            item,
            "an entry of `keeps` has a kind and a subject".to_owned(),
        )),
    }
}

fn problem(file: &str, position: Position, pointer: &str, message: String) -> Problem {
    Problem {
        rule: "decisions",
        message,
        file: file.to_owned(),
        position: Some(position),
        pointer: pointer.to_owned(),
        help: "copy the line from the refresh, or write `{what: …, version: v1.0, cloud: usGovernment, source: description}`"
            .to_owned(),
    }
}
