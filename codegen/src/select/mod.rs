//! Takes from a description what is asked for and what that needs, and nothing else.
//!
//! A [`Selection`] names operations (by path, id or tag) and types. [`apply`] leaves in the document the operations, the
//! components that they lead to, the bases of those and, where a type stands for a value, its subtypes. What is left
//! keeps its place in the text and its order, so that names and order do not depend on what else is selected.
//!
//! A navigation property of Graph leads to further entities, which the service sends only on `$expand`: one `user`
//! leads to thousands of schemas. Such properties are left out unless they are asked for; a value that the service
//! sends all the same stays readable among the additional properties.

mod choose;
mod closure;
mod navigation;
mod near;
mod prune;
mod schema;

use crate::diagnostic::{Position, Problem, Problems};
use crate::load::Document;
use crate::report::{Remark, Treatment};

pub(crate) use near::near;

/// Something that is asked for by its text, and where it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// A regular expression, an id or a name.
    pub text: String,
    /// The settings file and the place in it, if it comes from one.
    pub origin: Option<(String, Position)>,
}

impl<T: Into<String>> From<T> for Wanted {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            origin: None,
        }
    }
}

/// What becomes of navigation properties that are not asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Navigation {
    /// They are left out.
    #[default]
    LeaveOut,
    /// They are open JSON.
    Raw,
    /// They are typed, with all that they lead to.
    Keep,
}

/// What a client is made of. One that names nothing stands for the whole description.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::select::Selection;
///
/// let selection = Selection::new()
///     .path(r"^/users(/\{user-id\})?$")
///     .operation("GET /organization")
///     .expand("user.manager");
/// assert!(!selection.is_everything());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// Regular expressions; a path is selected when any of them matches a part of it.
    pub paths: Vec<Wanted>,
    /// Ids of operations, or `METHOD /path`.
    pub operations: Vec<Wanted>,
    /// Tags of operations.
    pub tags: Vec<Wanted>,
    /// Names of schemas, whole or after their last dot.
    pub types: Vec<Wanted>,
    /// Navigation properties that are typed: `property`, or `type.property`.
    pub expand: Vec<Wanted>,
    /// What becomes of the other navigation properties. Default: left out where anything is selected, else kept.
    pub navigation: Option<Navigation>,
}

impl Selection {
    /// Everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the operations of all paths that a regular expression matches.
    #[must_use]
    pub fn path(mut self, pattern: impl Into<Wanted>) -> Self {
        self.paths.push(pattern.into());
        self
    }

    /// Adds an operation by its id, or as `METHOD /path`.
    #[must_use]
    pub fn operation(mut self, operation: impl Into<Wanted>) -> Self {
        self.operations.push(operation.into());
        self
    }

    /// Adds the operations of a tag.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<Wanted>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Adds a type.
    #[must_use]
    pub fn type_named(mut self, name: impl Into<Wanted>) -> Self {
        self.types.push(name.into());
        self
    }

    /// Keeps a navigation property, with the type that it leads to: `manager`, or `user.manager`.
    #[must_use]
    pub fn expand(mut self, property: impl Into<Wanted>) -> Self {
        self.expand.push(property.into());
        self
    }

    /// Says what becomes of navigation properties that are not expanded.
    #[must_use]
    pub fn navigation(mut self, navigation: Navigation) -> Self {
        self.navigation = Some(navigation);
        self
    }

    /// Whether no operation and no type is named, so that all of them are meant.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        [&self.paths, &self.operations, &self.tags, &self.types]
            .iter()
            .all(|wanted| wanted.is_empty())
    }

    fn treatment_of_navigation(&self) -> Navigation {
        match self.navigation {
            Some(navigation) => navigation,
            None if self.is_everything() && self.expand.is_empty() => Navigation::Keep,
            None => Navigation::LeaveOut,
        }
    }
}

/// Reduces a document to a selection. Returns what was selected and left out.
///
/// # Errors
///
/// Every part of the selection that matches nothing, with what there is near it, and every pattern that is not a
/// regular expression. The document is as it was then.
pub fn apply(document: &mut Document, selection: &Selection) -> Result<Vec<Remark>, Problems> {
    let mut problems = Problems::default();
    let choice = choose::choose(document, selection, &mut problems);
    let cuts = navigation::cuts(document, selection, &mut problems);
    problems.into_result()?;
    navigation::cut(document, &cuts);
    let mut remarks = choice.remarks();
    let owners: Vec<_> = match selection.is_everything() {
        true => cuts.iter().collect(),
        false => {
            let reached = closure::reached(document, &choice);
            remarks.extend(prune::prune(document, &choice, &reached));
            cuts.iter()
                .filter(|cut| reached.holds_schema(&cut.schema))
                .collect()
        }
    };
    remarks.extend(owners.into_iter().map(|cut| cut.remark()));
    Ok(remarks)
}

/// A problem of something that was asked for, at the place where it was asked.
pub(crate) fn refusal(
    document: &Document,
    wanted: &Wanted,
    rule: &'static str,
    message: String,
    help: String,
) -> Problem {
    let (file, position) = match &wanted.origin {
        Some((file, position)) => (file.clone(), Some(*position)),
        None => (document.file.clone(), None),
    };
    Problem {
        rule,
        message,
        file,
        position,
        pointer: "#".to_owned(),
        help,
    }
}

/// A remark that is no warning: it is what the selection says.
fn remark(
    treatment: Treatment,
    rule: &'static str,
    subject: String,
    reason: &str,
    position: Position,
    pointer: String,
) -> Remark {
    Remark {
        treatment,
        rule,
        subject,
        reason: reason.to_owned(),
        is_warning: false,
        position: Some(position),
        pointer,
    }
}

#[cfg(test)]
mod tests;
