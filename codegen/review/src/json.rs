//! A review as JSON, and the schema that it follows: for programs that read it, whoever wrote it.

use serde_json::{Value, json};

use super::finding::{Finding, Location};
use super::{Review, RustBasis};

/// The schema as it is published beside the sources.
const SCHEMA: &str = include_str!("../review.schema.json");

impl Review {
    /// Writes the review as JSON that follows [`json_schema`].
    ///
    /// ```
    /// use graph_client_review::{Source, review};
    ///
    /// let text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n";
    /// let source = |file, text| Source { file, text };
    /// let review = review(source("a.yaml", text), source("b.yaml", text))?;
    /// assert_eq!(review.to_json()["verdict"], "none");
    /// # Ok::<(), graph_client_review::Unreadable>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        let summary = self.summary();
        let (basis, reason) = match &self.rust.basis {
            RustBasis::Generated => ("generated", None),
            RustBasis::Names(reason) => ("names", Some(reason)),
        };
        json!({
            "verdict": self.verdict().as_str(),
            "summary": {
                "wire_breaking": summary.wire_breaking,
                "rust_breaking": summary.rust_breaking,
                "additive": summary.additive,
                "docs": summary.docs,
            },
            "rust_axis": {"basis": basis, "reason": reason, "other_items": self.rust.other_items},
            "findings": self.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Finding {
    /// Writes the finding as it stands in [`Review::to_json`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "kind": self.kind.as_str(),
            "subject": self.subject,
            "detail": self.detail,
            "from": self.from,
            "to": self.to,
            "wire": self.wire.as_str(),
            "request": self.request.map(|wire| wire.as_str()),
            "response": self.response.map(|wire| wire.as_str()),
            "understood": self.understood,
            "rust": self.rust.as_str(),
            "certainty": self.certainty,
            "at": place(&self.at),
            "nearest": self.nearest.as_ref().map(place),
            "used_by": self.used_by,
            "rust_items": self.rust_items,
        })
    }
}

fn place(location: &Location) -> Value {
    json!({
        "side": location.side.as_str(),
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "pointer": location.pointer,
    })
}

/// The JSON Schema (2020-12) that [`Review::to_json`] follows, as text.
///
/// It stays what it is within a major version, but for members that are added: a reader passes over what it does not
/// know. What `graph-client review --format json` adds to it has a schema of its own: `--schema`.
#[must_use]
pub fn json_schema() -> &'static str {
    SCHEMA
}
