//! Operations in normal form: their parameters with those of the path, their body, and their responses by class.

use graph_client_codegen::load::{Entry, Node};

use super::document::{Description, Spot};
use super::walk::Keys;
use super::wire::Direction;

/// The keys of a path that are operations.
pub(crate) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// One method on one path.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint<'a> {
    /// The prefix of a label: for a callback, the operation that it belongs to.
    pub(crate) prefix: String,
    pub(crate) method: String,
    pub(crate) path: &'a str,
    /// The path without the names of its parameters: `/security/incidents/{}`.
    pub(crate) template: String,
    pub(crate) id: Option<&'a str>,
    /// The operation, located at its method.
    pub(crate) spot: Spot<'a>,
    /// The path of the operation.
    pub(crate) item: Spot<'a>,
    /// Whether the service makes the call.
    pub(crate) is_reversed: bool,
}

/// A parameter, and the component that defines it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) location: &'a str,
    pub(crate) spot: Spot<'a>,
    /// The location in the list, or in the components.
    pub(crate) key: Spot<'a>,
    pub(crate) component: Option<&'a str>,
}

/// A response, and the component that defines it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Response<'a> {
    /// The status as written.
    pub(crate) status: &'a str,
    /// `2`, `4` …; `default` occurs once for each class of errors.
    pub(crate) class: char,
    pub(crate) spot: Spot<'a>,
    /// The location of the status.
    pub(crate) key: Spot<'a>,
    pub(crate) component: Option<&'a str>,
}

/// Reads every operation, in the order of the text.
pub(crate) fn read<'a>(description: &Description<'a>) -> Vec<Endpoint<'a>> {
    let paths = description.document.root.get("paths");
    let entries = paths.map(Node::entries).unwrap_or_default();
    entries
        .iter()
        .filter(|path| !path.key.starts_with("x-"))
        .flat_map(|path| of_path(path, description, "", false))
        .collect()
}

/// The operations of one path.
pub(crate) fn of_path<'a>(
    path: &'a Entry,
    description: &Description<'a>,
    prefix: &str,
    is_reversed: bool,
) -> Vec<Endpoint<'a>> {
    let item = description.follow(Spot::of(path));
    let more = item.get("additionalOperations");
    let more = more.map(|spot| spot.entries()).unwrap_or_default();
    let known = item
        .entries()
        .iter()
        .filter(|entry| METHODS.contains(&entry.key.as_str()));
    known
        .chain(more)
        .map(|entry| Endpoint {
            prefix: prefix.to_owned(),
            method: entry.key.to_uppercase(),
            path: &path.key,
            template: template(&path.key),
            id: entry.node.get("operationId").and_then(Node::as_str),
            spot: Spot::of(entry),
            item,
            is_reversed,
        })
        .collect()
}

/// A path without the names of its parameters and without a trailing slash.
pub(crate) fn template(path: &str) -> String {
    let mut template = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        match character {
            '{' => {
                inside = true;
                template.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            _ => template.push(character),
        }
    }
    match template.trim_end_matches('/') {
        "" => "/".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

/// The names of a path's parameters, in order.
pub(crate) fn path_parameters(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

impl<'a> Endpoint<'a> {
    /// The name of the operation in reports.
    pub(crate) fn label(&self) -> String {
        format!("{}{} {}", self.prefix, self.method, self.shown_path())
    }

    /// The path as written, without a trailing slash.
    pub(crate) fn shown_path(&self) -> &'a str {
        match self.path.trim_end_matches('/') {
            "" => self.path,
            trimmed => trimmed,
        }
    }

    /// The identity of the operation on both sides: the names of path parameters are not sent.
    pub(crate) fn identity(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// The parts that are sent, with their direction.
    pub(crate) fn parts(&self) -> Vec<(Direction, &'a Node, Keys)> {
        let (sent, received) = match self.is_reversed {
            false => (Direction::REQUEST, Direction::RESPONSE),
            true => (Direction::RESPONSE, Direction::REQUEST),
        };
        let parts = [
            self.item.node.get("parameters"),
            self.spot.node.get("parameters"),
            self.spot.node.get("requestBody"),
        ];
        let mut parts: Vec<_> = parts
            .into_iter()
            .flatten()
            .map(|node| (sent, node, Keys::Keywords))
            .collect();
        if let Some(responses) = self.spot.node.get("responses") {
            parts.push((received, responses, Keys::Names));
        }
        parts
    }

    /// The operations that the service calls back.
    pub(crate) fn callbacks(
        &self,
        description: &Description<'a>,
    ) -> Vec<(&'a str, Spot<'a>, Vec<Endpoint<'a>>)> {
        let callbacks = self.spot.get("callbacks");
        let entries = callbacks.map(|spot| spot.entries()).unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                let target = description.follow(Spot::of(entry));
                let prefix = format!("{} callback {} ", self.label(), entry.key);
                (
                    entry.key.as_str(),
                    Spot::of(entry),
                    of_callback(target, description, &prefix),
                )
            })
            .collect()
    }

    /// The parameters of the operation, then those of the path that it does not override.
    pub(crate) fn parameters(&self, description: &Description<'a>) -> Vec<Parameter<'a>> {
        let mut parameters: Vec<Parameter<'a>> = Vec::new();
        for owner in [self.spot, self.item] {
            let list = owner.get("parameters");
            for node in list.map(|list| list.items()).unwrap_or_default() {
                let key = Spot::item(node);
                let spot = description.follow(key);
                let parameter = Parameter {
                    name: spot.text("name").unwrap_or_default(),
                    location: spot.text("in").unwrap_or_default(),
                    component: key.text("$ref"),
                    spot,
                    key,
                };
                let is_known = parameters.iter().any(|known| {
                    known.name == parameter.name && known.location == parameter.location
                });
                if !is_known {
                    parameters.push(parameter);
                }
            }
        }
        parameters
    }

    /// The responses; `default` occurs once for each class of errors that has no response of its own.
    pub(crate) fn responses(&self, description: &Description<'a>) -> Vec<Response<'a>> {
        let responses = self.spot.node.get("responses");
        let entries = responses.map(Node::entries).unwrap_or_default();
        let response = |entry: &'a Entry, class: char| {
            let key = Spot::of(entry);
            Response {
                status: &entry.key,
                class,
                spot: description.follow(key),
                key,
                component: key.text("$ref"),
            }
        };
        let named = |entry: &&'a Entry| entry.key != "default" && !entry.key.starts_with("x-");
        let mut all: Vec<Response<'a>> = entries
            .iter()
            .filter(named)
            .map(|entry| response(entry, entry.key.chars().next().unwrap_or('?')))
            .collect();
        if let Some(entry) = entries.iter().find(|entry| entry.key == "default") {
            // If no success is described, `default` covers it.
            let classes = match all.iter().any(|response| response.class == '2') {
                true => ['4', '5'].as_slice(),
                false => ['2', '4', '5'].as_slice(),
            };
            for class in classes {
                let is_covered = all
                    .iter()
                    .any(|response| response.class == *class && is_range(response.status));
                if !is_covered {
                    all.push(response(entry, *class));
                }
            }
        }
        all
    }
}

/// The operations of a callback, by the expression of its URL.
pub(crate) fn of_callback<'a>(
    callback: Spot<'a>,
    description: &Description<'a>,
    prefix: &str,
) -> Vec<Endpoint<'a>> {
    let expressions = callback
        .entries()
        .iter()
        .filter(|entry| !entry.key.starts_with("x-") && entry.key != "$ref");
    expressions
        .flat_map(|entry| of_path(entry, description, prefix, true))
        .collect()
}

/// Whether a status is a whole class: `2XX`.
pub(crate) fn is_range(status: &str) -> bool {
    status
        .get(1..)
        .is_some_and(|rest| rest.eq_ignore_ascii_case("xx"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_ignores_the_names_of_parameters() {
        assert_eq!(
            template("/security/incidents/{incident-id}"),
            "/security/incidents/{}"
        );
        assert_eq!(template("/a/b(x='{x}',y={y})/"), "/a/b(x='{}',y={})");
        assert_eq!(path_parameters("/a/{x}/b/{y-id}"), ["x", "y-id"]);
        assert_eq!(template("/"), "/");
    }
}
