//! Overlay 1.1 documents: corrections of a description as data, with JSONPath (RFC 9535).
//!
//! An overlay is applied before corrections and before the selection. By the specification, an action that selects
//! nothing succeeds; here it is an error with its location, like a correction that changes nothing, because a
//! correction that is silently lost makes a client that is silently wrong.

mod apply;
mod merge;
mod read;

use crate::diagnostic::{Position, Problem, Problems};
use crate::load::{Document, Node};

/// A valid overlay.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::overlay::Overlay;
///
/// let overlay = Overlay::parse(
///     "fixes.yaml",
///     r#"
/// overlay: 1.1.0
/// info: {title: Fixes, version: "1"}
/// actions:
///   - target: $.components.schemas.Tag.properties.displayName
///     update: {nullable: true}
///   - target: $.paths['/tags'].delete
///     remove: true
/// "#,
/// )?;
/// assert_eq!(overlay.len(), 2);
/// # Ok::<(), graph_client_codegen::Problems>(())
/// ```
#[derive(Debug, Clone)]
pub struct Overlay {
    file: String,
    text: String,
    actions: Vec<Action>,
}

/// One change, to every node that its target selects.
#[derive(Debug, Clone)]
struct Action {
    target: Target,
    modifier: Modifier,
    pointer: String,
}

/// A JSONPath and its location.
#[derive(Debug, Clone)]
struct Target {
    /// It was parsed when the overlay was read. The result is not kept, because it must not cross a panic.
    text: String,
    position: Position,
}

#[derive(Debug, Clone)]
enum Modifier {
    Remove,
    Update(Node),
    Copy(Target),
}

impl Overlay {
    /// Parses an overlay. `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// Returns every problem with line, column and remedy: invalid YAML, another version, keywords that Overlay 1.1
    /// does not have, an invalid JSONPath, an action without an effect or with two.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        read::read(file, text).map_err(|problems| problems.with_source_of(file, text))
    }

    /// Returns the number of actions; at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an overlay needs actions")]
    pub fn len(&self) -> usize {
        self.actions.len()
    }
}

/// Two overlays are equal if their texts are.
impl PartialEq for Overlay {
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file && self.text == other.text
    }
}

/// Applies overlays and their actions in order.
///
/// # Errors
///
/// Returns every action that selects nothing, changes nothing, or does not fit any node that it selects, with its
/// location in the overlay.
pub fn apply(document: &mut Document, overlays: &[Overlay]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for overlay in overlays {
        let found = apply::apply(document, overlay);
        problems.extend(found.with_source_of(&overlay.file, &overlay.text));
    }
    problems.into_result()
}

fn problem(
    file: &str,
    position: Position,
    pointer: &str,
    rule: &'static str,
    message: String,
    help: &str,
) -> Problem {
    Problem {
        rule,
        message,
        file: file.to_owned(),
        position: Some(position),
        pointer: pointer.to_owned(),
        help: help.to_owned(),
    }
}

#[cfg(test)]
mod tests;
