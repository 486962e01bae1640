//! A review as JSON, and the schema of that JSON.

use serde_json::{Value, json};

use super::finding::{Finding, Location};
use super::{Review, RustBasis};

/// The schema, as published beside the sources.
const SCHEMA: &str = include_str!("../review.schema.json");

impl Review {
    /// Returns the review as JSON that follows [`json_schema`].
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
    /// Returns the finding as JSON, as in [`Review::to_json`].
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

/// Returns the JSON Schema (2020-12) of [`Review::to_json`] as text.
///
/// Within a major version, it only gains members: readers should ignore members that they do not know. `graph-client
/// review --format json` adds members of its own, which `--schema` describes.
#[must_use]
pub fn json_schema() -> &'static str {
    SCHEMA
}
