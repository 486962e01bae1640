//! Overlay 1.1 documents: corrections of a description as data, with JSONPath after RFC 9535.
//!
//! An overlay is applied before corrections and before anything is selected. The specification lets an action that
//! selects nothing succeed; here it is an error with its place, like a correction that no longer changes anything, for
//! a correction that is silently lost makes a client that is silently wrong.

mod apply;
mod merge;
mod read;

use crate::diagnostic::{Position, Problem, Problems};
use crate::load::{Document, Node};

/// An overlay that was read and is valid.
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

/// One change, at every node that its target selects.
#[derive(Debug, Clone)]
struct Action {
    target: Target,
    modifier: Modifier,
    pointer: String,
}

/// A JSONPath, and where it stands.
#[derive(Debug, Clone)]
struct Target {
    /// It was parsed when the overlay was read. What the parser makes of it is not kept, for that may not cross a panic.
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
    /// Reads an overlay. `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, with line, column and remedy: what is not YAML, another version, keywords
    /// that Overlay 1.1 does not have, a target that is not a JSONPath, an action that does nothing or two things.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        read::read(file, text).map_err(|problems| problems.with_source_of(file, text))
    }

    /// How many actions there are; at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an overlay needs actions")]
    pub fn len(&self) -> usize {
        self.actions.len()
    }
}

/// Two overlays are equal when their texts are.
impl PartialEq for Overlay {
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file && self.text == other.text
    }
}

/// Applies overlays in their order, and the actions of each in theirs.
///
/// # Errors
///
/// Every action that selects nothing or changes nothing, or that fits no node that it selects, with its place in the
/// overlay.
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
