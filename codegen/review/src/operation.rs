//! Operations in normal form: their parameters with those of the path, their body and their responses by class.

use graph_client_codegen::load::Node;

use super::document::{Description, Place};
use super::wire::Direction;

/// The keys of a path that are operations.
pub(super) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// One method on one path.
#[derive(Debug, Clone)]
pub(super) struct Operation<'a> {
    pub(super) method: String,
    pub(super) path: &'a str,
    /// The path with the names of its parameters taken out: `/security/incidents/{}`.
    pub(super) template: String,
    pub(super) id: Option<&'a str>,
    /// The operation, at its method.
    pub(super) place: Place<'a>,
    /// The path that it is on.
    pub(super) item: Place<'a>,
}

/// A parameter, and the component that it comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    pub(super) location: &'a str,
    pub(super) place: Place<'a>,
    pub(super) component: Option<&'a str>,
}

/// A response, and the component that it comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Response<'a> {
    /// The status as it is written.
    pub(super) status: &'a str,
    /// `2`, `4` …; a response for every other status is there once for each class of errors.
    pub(super) class: char,
    pub(super) place: Place<'a>,
    /// Where the status stands.
    pub(super) key: Place<'a>,
    pub(super) component: Option<&'a str>,
}

/// Reads every operation, in the order of the text.
pub(super) fn read<'a>(description: &Description<'a>) -> Vec<Operation<'a>> {
    let mut operations = Vec::new();
    let paths = description.document.root.get("paths");
    for path in paths.map(Node::entries).unwrap_or_default() {
        for entry in path.node.entries() {
            if METHODS.contains(&entry.key.as_str()) {
                operations.push(Operation {
                    method: entry.key.to_uppercase(),
                    path: &path.key,
                    template: template(&path.key),
                    id: entry.node.get("operationId").and_then(Node::as_str),
                    place: Place::of(entry),
                    item: Place::of(path),
                });
            }
        }
    }
    operations
}

/// A path without the names of its parameters, and without a slash at its end.
pub(super) fn template(path: &str) -> String {
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

/// The names of a path's parameters, in their order.
pub(super) fn path_parameters(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

impl<'a> Operation<'a> {
    /// How the operation is called in reports.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// What travels, and in which direction.
    pub(super) fn parts(&self) -> Vec<(Direction, &'a Node)> {
        let sent = [
            self.item.node.get("parameters"),
            self.place.node.get("parameters"),
            self.place.node.get("requestBody"),
        ];
        let mut parts: Vec<_> = sent
            .into_iter()
            .flatten()
            .map(|node| (Direction::REQUEST, node))
            .collect();
        if let Some(responses) = self.place.node.get("responses") {
            parts.push((Direction::RESPONSE, responses));
        }
        parts
    }

    /// The parameters of the operation, then those of the path that it does not override.
    pub(super) fn parameters(&self, description: &Description<'a>) -> Vec<Parameter<'a>> {
        let mut parameters: Vec<Parameter<'a>> = Vec::new();
        for owner in [self.place, self.item] {
            for node in owner
                .get("parameters")
                .map(|p| p.items())
                .unwrap_or_default()
            {
                let written = Place::item(node);
                let place = description.follow(written);
                let parameter = Parameter {
                    name: place.text("name").unwrap_or_default(),
                    location: place.text("in").unwrap_or_default(),
                    component: written.text("$ref"),
                    place,
                };
                let is_known = parameters
                    .iter()
                    .any(|p| p.name == parameter.name && p.location == parameter.location);
                if !is_known {
                    parameters.push(parameter);
                }
            }
        }
        parameters
    }

    /// The responses, a response for `default` once for each class of errors that has none of its own.
    pub(super) fn responses(&self, description: &Description<'a>) -> Vec<Response<'a>> {
        let mut responses: Vec<Response<'a>> = Vec::new();
        let entries = self
            .place
            .node
            .get("responses")
            .map(Node::entries)
            .unwrap_or_default();
        for entry in entries
            .iter()
            .filter(|entry| entry.key != "default" && !entry.key.starts_with("x-"))
        {
            let key = Place::of(entry);
            responses.push(Response {
                status: &entry.key,
                class: entry.key.chars().next().unwrap_or('?'),
                place: description.follow(key),
                key,
                component: key.text("$ref"),
            });
        }
        if let Some(entry) = entries.iter().find(|entry| entry.key == "default") {
            let key = Place::of(entry);
            let place = description.follow(key);
            // Where no success is named, it is among all others.
            let classes = match responses.iter().any(|response| response.class == '2') {
                true => ['4', '5'].as_slice(),
                false => ['2', '4', '5'].as_slice(),
            };
            for class in classes {
                let is_covered = responses
                    .iter()
                    .any(|response| response.class == *class && is_range(response.status));
                if !is_covered {
                    responses.push(Response {
                        status: "default",
                        class: *class,
                        place,
                        key,
                        component: key.text("$ref"),
                    });
                }
            }
        }
        responses
    }
}

/// Whether a status stands for a whole class: `2XX`.
pub(super) fn is_range(status: &str) -> bool {
    status.len() == 3 && status[1..].eq_ignore_ascii_case("xx")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_does_not_know_the_names_of_parameters() {
        assert_eq!(
            template("/security/incidents/{incident-id}"),
            "/security/incidents/{}"
        );
        assert_eq!(template("/a/b(x='{x}',y={y})/"), "/a/b(x='{}',y={})");
        assert_eq!(path_parameters("/a/{x}/b/{y-id}"), ["x", "y-id"]);
        assert_eq!(template("/"), "/");
    }
}
