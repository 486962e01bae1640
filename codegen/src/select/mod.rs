//! Reduces a description to the requested parts and their dependencies.
//!
//! A [`Selection`] names operations (by path, id or tag) and types. [`apply`] keeps the operations, the components that
//! they refer to, the bases of those and, if a value can be of a type, its subtypes. The remaining parts keep their
//! positions and order, so that names and order do not depend on the rest of the selection.
//!
//! A navigation property of Graph leads to other entities, which the service sends only with `$expand`: a single `user`
//! leads to thousands of schemas. Such properties are left out unless they are requested; if the service sends a value
//! anyway, it can be read from the additional properties.

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

/// A requested name or pattern, and where it was requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// A regular expression, an id or a name.
    pub text: String,
    /// The settings file and the location in it, if it comes from one.
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

/// How to treat navigation properties that are not requested by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Navigation {
    /// Leave them out.
    #[default]
    LeaveOut,
    /// Keep them as untyped JSON.
    Raw,
    /// Keep them typed, with everything that they lead to.
    Keep,
}

/// The parts of a description that a client is made of. An empty selection selects the whole description.
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
    /// Regular expressions; a path is selected if any of them matches a part of it.
    pub paths: Vec<Wanted>,
    /// Ids of operations, or `METHOD /path`.
    pub operations: Vec<Wanted>,
    /// Tags of operations.
    pub tags: Vec<Wanted>,
    /// Names of schemas, in full or the part after the last dot.
    pub types: Vec<Wanted>,
    /// Navigation properties to keep, typed: `property`, or `type.property`.
    pub expand: Vec<Wanted>,
    /// How to treat the other navigation properties. Default: left out if anything is selected, else kept.
    pub navigation: Option<Navigation>,
}

impl Selection {
    /// Selects everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the operations of all paths that match a regular expression.
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

    /// Keeps a navigation property and its type: `manager`, or `user.manager`.
    #[must_use]
    pub fn expand(mut self, property: impl Into<Wanted>) -> Self {
        self.expand.push(property.into());
        self
    }

    /// Sets how to treat navigation properties that are not expanded.
    #[must_use]
    pub fn navigation(mut self, navigation: Navigation) -> Self {
        self.navigation = Some(navigation);
        self
    }

    /// Returns whether no operation and no type is named, so that everything is selected.
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
/// Returns every part of the selection that matches nothing, with similar names, and every invalid regular expression.
/// The document is then unchanged.
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

/// A problem of a request, at the location of the request.
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

/// A remark that is not a warning: the selection says so.
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
