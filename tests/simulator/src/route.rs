//! Finds the operation of the contract for a method and a path.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::{Method, StatusCode};

use crate::action::Action;
use crate::contract::{Contract, Operation};
use crate::error::Refusal;

/// The paths of a contract.
pub(crate) struct Routes {
    entries: Vec<Entry>,
}

struct Entry {
    method: Method,
    segments: Vec<Segment>,
    operation: Arc<Operation>,
    action: Action,
}

/// A segment of a path in the contract. Literal ones are sorted first, so that they win over parameters.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    /// A parameter within text, such as `getByPath(path='{path}')`.
    Framed(String, String),
    Parameter,
}

/// An operation, with the values of its path parameters.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) operation: Arc<Operation>,
    pub(crate) action: Action,
    /// The values of the parameters, in order.
    pub(crate) parameters: Vec<String>,
}

impl Route {
    /// The first id of the path.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.parameters.first().map(String::as_str)
    }
}

impl Routes {
    /// The routes of a contract, with the implementation of each operation.
    pub(crate) fn new(contract: &Contract, action: impl Fn(&Operation) -> Action) -> Self {
        let mut entries: Vec<Entry> = contract
            .operations
            .iter()
            .filter_map(|operation| {
                Some(Entry {
                    method: Method::from_bytes(operation.method.as_bytes()).ok()?,
                    segments: segments(&operation.path),
                    action: action(operation),
                    operation: Arc::clone(operation),
                })
            })
            .collect();
        entries.sort_by(|left, right| left.segments.cmp(&right.segments));
        Self { entries }
    }

    /// Finds the operation of a path below the version.
    pub(crate) fn find(&self, method: &Method, path: &[Cow<'_, str>]) -> Result<Route, Refusal> {
        let fits =
            |entry: &Entry| entry.segments.len() == path.len() && entry.matched(path) == path.len();
        // The first match has the most literal path: with another method, the segment is still not an id of later ones.
        let Some(place) = self.entries.iter().position(fits) else {
            return Err(self.unknown(path));
        };
        let mut allowed: Vec<&str> = Vec::new();
        // Entries are sorted, so those of the same path follow each other.
        let (first, following) = (&self.entries[place], &self.entries[place..]);
        let same_path = |entry: &&Entry| entry.segments == first.segments;
        for entry in following.iter().take_while(same_path) {
            if entry.method == method {
                return Ok(Route {
                    operation: Arc::clone(&entry.operation),
                    action: entry.action.clone(),
                    parameters: entry.parameters(path),
                });
            }
            if !allowed.contains(&entry.method.as_str()) {
                allowed.push(entry.method.as_str());
            }
        }
        allowed.sort_unstable();
        let allowed = allowed.join(", ");
        Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            format!("{method} is not allowed here, only {allowed}"),
        )
        .allowing(allowed))
    }

    /// Reports the first segment that no path of the contract has.
    fn unknown(&self, path: &[Cow<'_, str>]) -> Refusal {
        let known = self
            .entries
            .iter()
            .map(|entry| entry.matched(path))
            .max()
            .unwrap_or(0);
        let segment = path.get(known).or(path.last()).map_or("", Cow::as_ref);
        Refusal::bad_request(format!("resource not found for the segment '{segment}'"))
    }
}

impl Entry {
    /// The number of matching segments of a path, from the first one on.
    fn matched(&self, path: &[Cow<'_, str>]) -> usize {
        self.segments
            .iter()
            .zip(path)
            .take_while(|(segment, text)| segment.value(text).is_some())
            .count()
    }

    fn parameters(&self, path: &[Cow<'_, str>]) -> Vec<String> {
        self.segments
            .iter()
            .zip(path)
            .filter(|(segment, _)| !matches!(segment, Segment::Literal(_)))
            .filter_map(|(segment, text)| segment.value(text).map(str::to_owned))
            .collect()
    }
}

impl Segment {
    /// The value of the parameter, or the text itself if there is none; none if the text does not match.
    fn value<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self {
            Self::Literal(literal) => same(literal, text).then_some(text),
            Self::Framed(before, after) => text.strip_prefix(before.as_str())?.strip_suffix(after),
            Self::Parameter => (!text.is_empty()).then_some(text),
        }
    }
}

/// Functions and actions can be called by their short names, with or without parentheses.
fn same(literal: &str, text: &str) -> bool {
    // Nearly always it is this simple.
    if literal == text {
        return true;
    }
    if !literal.starts_with("microsoft.graph.") && !literal.ends_with(')') && !text.ends_with(')') {
        return false;
    }
    let plain = |name: &str| name.strip_suffix("()").map(str::len).unwrap_or(name.len());
    let (literal, text) = (&literal[..plain(literal)], &text[..plain(text)]);
    literal == text
        || (literal.starts_with("microsoft.graph.")
            && literal
                .rsplit('.')
                .next()
                .is_some_and(|short| short == text))
}

fn segments(path: &str) -> Vec<Segment> {
    path.trim_matches('/')
        .split('/')
        .map(|segment| match segment.split_once('{') {
            Some((before, rest)) => match rest.split_once('}') {
                Some((_, after)) if before.is_empty() && after.is_empty() => Segment::Parameter,
                Some((_, after)) => Segment::Framed(before.to_owned(), after.to_owned()),
                None => Segment::Literal(segment.to_owned()),
            },
            None => Segment::Literal(segment.to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn routes() -> Routes {
        let operation = |id: &str, method: &str, path: &str| json!({"id": id, "method": method, "path": path, "success": {}});
        let contract: Contract = serde_json::from_value(json!({"schemas": {}, "operations": [
            operation("getThing", "GET", "/things/{id}"),
            operation("deleteThing", "DELETE", "/things/{id}"),
            operation("count", "GET", "/things/$count"),
            operation("delta", "GET", "/things/delta()"),
            operation("move", "POST", "/things/microsoft.graph.move"),
            operation("byPath", "GET", "/things/getByPath(path='{path}')"),
            operation("part", "GET", "/things/{id}/parts/{part}"),
        ]}))
        .unwrap();
        Routes::new(&contract, |_| Action::NotImplemented)
    }

    fn found(method: Method, path: &str) -> Result<(String, Vec<String>), Refusal> {
        let path: Vec<Cow<'_, str>> = path.split('/').map(Cow::Borrowed).collect();
        routes()
            .find(&method, &path)
            .map(|route| (route.operation.id.clone(), route.parameters))
    }

    #[test]
    fn literal_segments_win_over_parameters() {
        let id = |path| found(Method::GET, path).unwrap();
        assert_eq!(id("things/$count"), ("count".to_owned(), vec![]));
        assert_eq!(id("things/delta"), ("delta".to_owned(), vec![]));
        assert_eq!(id("things/7").1, ["7"]);
        assert_eq!(id("things/7/parts/a b").1, ["7", "a b"]);
        assert_eq!(
            id("things/getByPath(path='x')"),
            ("byPath".to_owned(), vec!["x".to_owned()])
        );
        assert_eq!(found(Method::POST, "things/move").unwrap().0, "move");
    }

    #[test]
    fn unknown_paths_and_methods_are_reported() {
        let message = |method, path| found(method, path).unwrap_err();
        assert!(
            message(Method::GET, "things/7/bits/1")
                .message
                .contains("'bits'")
        );
        assert!(message(Method::GET, "thing").message.contains("'thing'"));
        assert!(message(Method::GET, "things/").message.contains("''"));
        let refusal = message(Method::PATCH, "things/7");
        assert_eq!(refusal.allow.as_deref(), Some("DELETE, GET"));
        let refusal = message(Method::GET, "things/move");
        assert_eq!(refusal.allow.as_deref(), Some("POST"));
        let refusal = message(Method::DELETE, "things/$count");
        assert_eq!(refusal.allow.as_deref(), Some("GET"));
    }
}
