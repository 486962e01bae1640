//! Rules for parameters: their location, their type, and that they match the path.

use std::collections::BTreeSet;

use crate::load::{Node, Place};
use crate::names;

use super::Linter;
use super::grammar::NodeKind;
use super::operations::{OperationNode, template_names};

/// Headers that a description cannot change, by the specification, or must not.
const RESERVED_HEADERS: [&str; 4] = ["accept", "authorization", "content-type", "host"];

impl<'a> Linter<'a> {
    pub(super) fn check_parameters(&mut self) {
        for place in self.of_kind(NodeKind::Parameter) {
            if place.node.get("$ref").is_none() {
                self.check_parameter(&place);
            }
        }
        for operation in self.operations() {
            self.check_parameters_of(&operation);
        }
    }

    fn check_parameter(&mut self, place: &Place<'a>) {
        for required in ["name", "in", "schema"] {
            if place.node.get(required).is_none() {
                let message = format!("a parameter has no `{required}`");
                self.report(place, "missing-keyword", message, "add it");
            }
        }
        let (name, location) = (place.text("name"), place.text("in"));
        if !name.is_empty() && !names::is_usable(&name) {
            self.report(
                place,
                "unusable-name",
                format!("`{name}` cannot be turned into a Rust name"),
                "use ASCII letters and digits",
            );
        }
        match location.as_str() {
            "path" if place.node.get("required").and_then(Node::as_bool) != Some(true) => self
                .report(
                    place,
                    "optional-path-parameter",
                    format!("the path parameter `{name}` is not required"),
                    "write `required: true`",
                ),
            "header" => self.check_header(place, &name),
            "" | "path" | "query" => {}
            other => self.report(
                place,
                "unsupported-parameter",
                format!("a parameter in `{other}` is not supported"),
                "use `path`, `query` or `header`",
            ),
        }
        if let Some(schema) = place.get("schema") {
            self.check_parameter_type(place, &location, &schema);
        }
    }

    fn check_header(&mut self, place: &Place<'a>, name: &str) {
        let is_token = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if !is_token {
            let message = format!("`{name}` is not a valid header name");
            self.report(
                place,
                "header-name",
                message,
                "use letters, digits and hyphens",
            );
        }
        if RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            let message = format!("the header `{name}` is set by the client");
            self.report(place, "header-name", message, "remove the parameter");
        }
    }

    fn check_parameter_type(&mut self, place: &Place<'a>, location: &str, schema: &Place<'a>) {
        let schema = self.follow(schema);
        let kind = schema.text("type");
        match kind.as_str() {
            "string" | "integer" | "number" | "boolean" => {}
            "array" => {
                let items = schema
                    .get("items")
                    .map(|items| self.follow(&items).text("type"));
                if items.as_deref() != Some("string") {
                    let message =
                        "a list parameter whose items are not strings is not supported".to_owned();
                    self.report(
                        &schema,
                        "unsupported-parameter",
                        message,
                        "make its items strings",
                    );
                }
                if location != "query" {
                    let message = format!("a list parameter in `{location}` is not supported");
                    self.report(
                        place,
                        "unsupported-parameter",
                        message,
                        "make it a string, or move it to the query",
                    );
                } else if place.node.get("explode").and_then(Node::as_bool) != Some(false) {
                    let message =
                        "a list parameter that is repeated for each item is not supported"
                            .to_owned();
                    self.report(
                        place,
                        "unsupported-parameter",
                        message,
                        "write `explode: false`, as OData requires",
                    );
                }
            }
            _ => {
                let shown = if kind.is_empty() {
                    "no type".to_owned()
                } else {
                    format!("type `{kind}`")
                };
                self.report(
                    &schema,
                    "unsupported-parameter",
                    format!("a parameter of {shown} is not supported"),
                    "use `string`, `integer`, `number`, `boolean`, or an array of strings",
                );
            }
        }
    }

    fn check_parameters_of(&mut self, operation: &OperationNode<'a>) {
        let own = self.list(&operation.place);
        let shared = self.list(&operation.item);
        let mut declared: BTreeSet<(String, String)> = BTreeSet::new();
        for list in [&own, &shared] {
            let mut here = BTreeSet::new();
            for parameter in list {
                let key = (parameter.text("in"), parameter.text("name"));
                if !here.insert(key.clone()) {
                    self.report(
                        parameter,
                        "duplicate-parameter",
                        format!("parameter `{}` in `{}` is declared twice", key.1, key.0),
                        "remove one of the two",
                    );
                }
            }
            declared.extend(here);
        }
        self.check_template(operation, &declared);
    }

    /// The parameters of a list, with references followed.
    fn list(&self, owner: &Place<'a>) -> Vec<Place<'a>> {
        let list = owner
            .get("parameters")
            .map(|list| list.items())
            .unwrap_or_default();
        list.iter()
            .map(|parameter| self.follow(parameter))
            .collect()
    }

    fn check_template(
        &mut self,
        operation: &OperationNode<'a>,
        declared: &BTreeSet<(String, String)>,
    ) {
        let in_template = template_names(operation.path);
        let in_path = declared.iter().filter(|(location, _)| location == "path");
        let in_path: Vec<&str> = in_path.map(|(_, name)| name.as_str()).collect();
        for (index, name) in in_template.iter().enumerate() {
            if in_template
                .iter()
                .take(index)
                .any(|earlier| earlier == name)
            {
                let message = format!("`{{{name}}}` occurs twice in the path");
                self.report_key(
                    &operation.place,
                    "path-parameter",
                    message,
                    "rename one of the two",
                );
            }
            if !in_path.contains(name) {
                let message = format!("the path parameter `{name}` is not declared");
                self.report_key(
                    &operation.place,
                    "path-parameter",
                    message,
                    "add it to `parameters`, with `in: path` and `required: true`",
                );
            }
        }
        for name in in_path {
            if !in_template.contains(&name) {
                let message = format!("the path parameter `{name}` is not in the path");
                self.report_key(
                    &operation.place,
                    "path-parameter",
                    message,
                    "remove the parameter, or put it into the path",
                );
            }
        }
    }
}
