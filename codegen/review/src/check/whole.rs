//! Every part has what identifies it: a parameter its name, a server its URL.

use graph_client_codegen::load::{Node, Value, escape};

use super::Check;

/// What each entry of a list or map must have.
fn needs(key: &str) -> &'static [&'static str] {
    match key {
        "parameters" => &["name", "in"],
        "servers" => &["url"],
        "securitySchemes" => &["type"],
        "tags" => &["name"],
        _ => &[],
    }
}

/// Parts with a boolean `required`; elsewhere it is a list of names.
fn is_demanded(key: &str) -> bool {
    matches!(key, "parameters" | "headers" | "requestBodies")
}

impl<'a> Check<'a> {
    /// Checks the parts that a keyword lists.
    pub(super) fn parts_are_whole(&mut self, key: &str, node: &'a Node, pointer: &str) {
        // The values that a link passes on are data, and the top-level keys of another file are names of its own
        // choice.
        if pointer == "#/paths" {
            return self.are_paths(node);
        }
        if key == "responses" && !pointer.starts_with("#/components/responses") {
            return self.are_statuses(node, pointer);
        }
        if key == "requestBody" && !pointer.contains("/links/") {
            return self.says_whether_required(node, pointer);
        }
        if (needs(key).is_empty() && !is_demanded(key))
            || pointer.contains("/links/")
            || pointer.contains('\u{1}')
        {
            return;
        }
        match &node.value {
            Value::Mapping(entries) => {
                for entry in entries.iter().filter(|entry| !entry.key.starts_with("x-")) {
                    let pointer = format!("{pointer}/{}", escape(&entry.key));
                    self.is_whole(key, &entry.node, &pointer);
                }
            }
            Value::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.is_whole(key, item, &format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
    }

    fn is_whole(&mut self, key: &str, node: &'a Node, pointer: &str) {
        if node.as_mapping().is_none() || node.get("$ref").is_some() {
            return;
        }
        if is_demanded(key) {
            self.says_whether_required(node, pointer);
        }
        for needed in needs(key) {
            if node.get(needed).and_then(Node::as_str).is_none() {
                let message = format!("an entry of `{key}` has no `{needed}`");
                let help = format!("write `{needed}` there");
                self.report("missing-key", node, pointer, message, &help);
            }
        }
    }

    fn are_paths(&mut self, node: &'a Node) {
        for entry in node.entries() {
            let key = entry.key.as_str();
            if !key.starts_with('/') && !key.starts_with("x-") {
                let message = format!("`{key}` is not a path");
                let pointer = format!("#/paths/{}", escape(key));
                let help = "start the path with `/`";
                self.report("invalid-path", &entry.node, &pointer, message, help);
            }
        }
    }

    /// The key of a response is a status, a class of statuses, or `default`.
    fn are_statuses(&mut self, node: &'a Node, pointer: &str) {
        for entry in node.entries() {
            let key = entry.key.as_str();
            let is_status = key.len() == 3
                && key.starts_with(|first: char| ('1'..='5').contains(&first))
                && (key[1..].eq_ignore_ascii_case("xx")
                    || key.chars().all(|digit| digit.is_ascii_digit()));
            if !is_status && key != "default" && !key.starts_with("x-") && key != "$ref" {
                let message = format!("`{key}` is not a response status");
                let pointer = format!("{pointer}/{}", escape(key));
                let help = "write three digits such as `200`, a class such as `2XX`, or `default`";
                self.report("invalid-status", &entry.node, &pointer, message, help);
            }
        }
    }

    fn says_whether_required(&mut self, node: &'a Node, pointer: &str) {
        if let Some(required) = node.get("required")
            && required.as_bool().is_none()
        {
            let message = format!(
                "`required` must be `true` or `false`, but is {}",
                required.kind()
            );
            let pointer = format!("{pointer}/required");
            self.report(
                "unexpected-type",
                required,
                &pointer,
                message,
                "write `true` or `false` there",
            );
        }
    }
}
