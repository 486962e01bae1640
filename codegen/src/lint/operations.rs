//! Rules for paths and operations: ids, path templates, request bodies.

use std::collections::BTreeMap;

use crate::load::Place;
use crate::model::METHODS;
use crate::names;

use super::Linter;

/// An operation and its location.
pub(super) struct OperationNode<'a> {
    pub(super) path: &'a str,
    pub(super) item: Place<'a>,
    pub(super) method: &'a str,
    pub(super) place: Place<'a>,
}

impl<'a> Linter<'a> {
    /// Every operation, in the order of the document.
    pub(super) fn operations(&self) -> Vec<OperationNode<'a>> {
        let root = Place::new(&self.document.root, "#");
        let paths = root
            .get("paths")
            .map(|paths| paths.entries())
            .unwrap_or_default();
        let mut operations = Vec::new();
        for (path, item) in paths {
            for (method, place) in item.entries() {
                if METHODS.contains(&method) {
                    let item = item.clone();
                    operations.push(OperationNode {
                        path,
                        item,
                        method,
                        place,
                    });
                }
            }
        }
        operations
    }

    /// The node itself, or the component that its `$ref` refers to.
    pub(super) fn follow(&self, place: &Place<'a>) -> Place<'a> {
        let target = place
            .node
            .get("$ref")
            .and_then(|reference| reference.as_str());
        target
            .and_then(|target| Some(Place::new(self.document.resolve(target)?, target)))
            .unwrap_or_else(|| place.clone())
    }

    pub(super) fn check_operations(&mut self) {
        self.check_paths();
        for operation in self.operations() {
            self.check_id(&operation);
            self.check_body(&operation);
        }
    }

    fn check_paths(&mut self) {
        let root = Place::new(&self.document.root, "#");
        let mut templates: BTreeMap<String, &str> = BTreeMap::new();
        for (path, item) in root
            .get("paths")
            .map(|paths| paths.entries())
            .unwrap_or_default()
        {
            if path.starts_with("x-") {
                continue;
            }
            let Some(template) = anonymous(path) else {
                self.report_key(
                    &item,
                    "path-template",
                    format!("`{path}` is not a path template"),
                    "start it with `/`, close every brace, and leave out `?`, `#` and white space",
                );
                continue;
            };
            match templates.get(&template) {
                Some(earlier) => self.report_key(
                    &item,
                    "duplicate-path",
                    format!("`{path}` is the same path as `{earlier}`"),
                    "put all methods under one of the two",
                ),
                None => {
                    templates.insert(template, path);
                }
            }
        }
    }

    fn check_id(&mut self, operation: &OperationNode<'a>) {
        let place = &operation.place;
        let Some(id) = place.get("operationId") else {
            self.report_key(
                place,
                "missing-operation-id",
                format!(
                    "`{} {}` has no `operationId`",
                    operation.method.to_uppercase(),
                    operation.path
                ),
                "add one: it becomes the name of the method",
            );
            return;
        };
        let Some(text) = id.node.as_str() else {
            return;
        };
        if !names::is_usable(text) {
            self.report(
                &id,
                "unusable-name",
                format!("`{text}` cannot be turned into a Rust name"),
                "use ASCII letters and digits",
            );
        }
    }

    fn check_body(&mut self, operation: &OperationNode<'a>) {
        let Some(body) = operation.place.get("requestBody") else {
            return;
        };
        if matches!(operation.method, "get" | "head" | "trace") {
            let message = format!("`{}` has a request body", operation.method.to_uppercase());
            self.report_key(
                &body,
                "body-without-meaning",
                message,
                "remove it, or use another method",
            );
        }
        let body = self.follow(&body);
        let content = body.get("content");
        let types: Vec<(&str, Place<'a>)> = content
            .as_ref()
            .map(|content| content.entries())
            .unwrap_or_default();
        match types.as_slice() {
            types
                if types
                    .iter()
                    .any(|(name, media)| is_json(name) && media.node.get("schema").is_some()) => {}
            [(name, media)] if is_json(name) => {
                let message = "the request body has no schema".to_owned();
                self.report_key(media, "missing-schema", message, "describe its content");
            }
            [] => {
                let message = "the request body has no content".to_owned();
                self.report_key(&body, "missing-keyword", message, "add `application/json`");
            }
            [(name, _), ..] if is_form(name) => {
                let message = format!("a request body as `{name}` is not supported");
                let place = content.as_ref().unwrap_or(&body);
                self.report_key(
                    place,
                    "unsupported-media-type",
                    message,
                    "describe it as JSON or as bytes, or leave the operation out",
                );
            }
            // Bytes of that media type.
            _ => {}
        }
    }
}

/// Whether a media type is JSON, whatever its parameters.
fn is_json(name: &str) -> bool {
    crate::model::media_type(name) == "application/json"
}

/// Whether a media type is a form, whose parts have types of their own.
fn is_form(name: &str) -> bool {
    let name = crate::model::media_type(name);
    name.starts_with("multipart/") || name == "application/x-www-form-urlencoded"
}

/// A template without the names of its parameters; none if it is invalid.
fn anonymous(path: &str) -> Option<String> {
    if !path.starts_with('/')
        || path.contains(|c: char| {
            matches!(c, '?' | '#' | '\\') || c.is_whitespace() || c.is_control()
        })
    {
        return None;
    }
    let mut template = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if before.contains('}') || !names::is_usable(name) || name.contains(['{', '/']) {
            return None;
        }
        template.push_str(before);
        template.push_str("{}");
        rest = after;
    }
    template.push_str(rest);
    (!rest.contains('}')).then_some(template)
}

/// The names in a path template, in order.
pub(super) fn template_names(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect()
}
