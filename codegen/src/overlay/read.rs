//! Reads an overlay document.

use serde_json_path::JsonPath;

use crate::diagnostic::Problems;
use crate::load::{self, Node, Place, Value};
use crate::newer::is_patch_of;

use super::{Action, Modifier, Overlay, Target, problem};

/// The maximum length of a JSONPath: its parser recurses.
const LONGEST_PATH: usize = 1000;

pub(super) fn read(file: &str, text: &str) -> Result<Overlay, Problems> {
    let document = load::parse(file, text)?;
    let mut reader = Reader {
        file,
        problems: Problems::default(),
    };
    let root = Place::new(&document.root, "#");
    reader.only(
        &root,
        "an overlay",
        &["overlay", "info", "extends", "actions"],
    );
    reader.version(&root);
    reader.info(&root);
    let actions = reader.actions(&root);
    reader.problems.into_result()?;
    Ok(Overlay {
        file: file.to_owned(),
        text: text.to_owned(),
        actions,
    })
}

struct Reader<'t> {
    file: &'t str,
    problems: Problems,
}

impl Reader<'_> {
    fn report(&mut self, place: &Place<'_>, rule: &'static str, message: String, help: &str) {
        self.problems.push(problem(
            self.file,
            place.node.position,
            &place.pointer,
            rule,
            message,
            help,
        ));
    }

    /// Refuses unknown keywords; extensions have no effect.
    fn only(&mut self, place: &Place<'_>, what: &str, known: &[&str]) {
        for (name, child) in place.entries() {
            if !known.contains(&name) && !name.starts_with("x-") {
                self.problems.push(problem(
                    self.file,
                    child.key_position.unwrap_or(child.node.position),
                    &child.pointer,
                    "unknown-keyword",
                    format!("{what} has no keyword `{name}`"),
                    &format!("known here: `{}`", known.join("`, `")),
                ));
            }
        }
    }

    fn version(&mut self, root: &Place<'_>) {
        let help = "write `overlay: 1.1.0`";
        match root.get("overlay") {
            None => self.report(
                root,
                "missing-version",
                "the overlay has no version".to_owned(),
                help,
            ),
            Some(version) => {
                let text = version.node.trimmed();
                let known = ["1.0", "1.1"];
                if !known.iter().any(|minor| is_patch_of(&text, minor)) {
                    let message = format!("Overlay `{text}` is not supported");
                    self.report(&version, "unsupported-version", message, help);
                }
            }
        }
    }

    fn info(&mut self, root: &Place<'_>) {
        for (name, is_right, kind) in [
            (
                "info",
                (|node| node.as_mapping().is_some()) as fn(&Node) -> bool,
                "a mapping",
            ),
            ("extends", |node| node.as_str().is_some(), "a string"),
        ] {
            if let Some(child) = root.get(name).filter(|child| !is_right(child.node)) {
                let message = format!("`{name}` must be {kind}, but is {}", child.node.kind());
                self.report(
                    &child,
                    "wrong-kind",
                    message,
                    &format!("write {kind} there"),
                );
            }
        }
        match root.get("info") {
            Some(info) => self.only(&info, "`info`", &["title", "version", "description"]),
            None => self.report(
                root,
                "missing-keyword",
                "the overlay has no `info`".to_owned(),
                "describe its purpose: `info: {title: …, version: \"1\"}`",
            ),
        }
    }

    fn actions(&mut self, root: &Place<'_>) -> Vec<Action> {
        let items = root
            .get("actions")
            .map(|actions| actions.items())
            .unwrap_or_default();
        if items.is_empty() {
            let message = "the overlay has no actions".to_owned();
            self.report(
                root,
                "missing-keyword",
                message,
                "add a list of `actions`, each with its `target`",
            );
        }
        items.iter().filter_map(|item| self.action(item)).collect()
    }

    fn action(&mut self, place: &Place<'_>) -> Option<Action> {
        self.only(
            place,
            "an action",
            &["target", "description", "update", "copy", "remove"],
        );
        let target = match place.get("target") {
            Some(target) => self.path(&target),
            None => {
                self.report(
                    place,
                    "missing-keyword",
                    "the action has no `target`".to_owned(),
                    "add a JSONPath",
                );
                None
            }
        };
        Some(Action {
            target: target?,
            modifier: self.modifier(place)?,
            pointer: place.pointer.clone(),
        })
    }

    fn modifier(&mut self, place: &Place<'_>) -> Option<Modifier> {
        let remove = place
            .get("remove")
            .filter(|remove| remove.node.value != Value::Bool(false));
        if let Some(remove) = &remove
            && remove.node.as_bool().is_none()
        {
            let message = format!(
                "`remove` must be `true` or `false`, but is {}",
                remove.node.kind()
            );
            self.report(remove, "wrong-kind", message, "write `remove: true`");
            return None;
        }
        match (remove, place.get("update"), place.get("copy")) {
            (Some(_), None, None) => Some(Modifier::Remove),
            (None, Some(update), None) => Some(Modifier::Update(update.node.clone())),
            (None, None, Some(copy)) => self.path(&copy).map(Modifier::Copy),
            (None, None, None) => {
                let message = "the action does nothing".to_owned();
                self.report(
                    place,
                    "empty-action",
                    message,
                    "add `update`, `copy` or `remove: true`",
                );
                None
            }
            _ => {
                let message =
                    "the action does several things, but only one of them is allowed".to_owned();
                self.report(
                    place,
                    "ambiguous-action",
                    message,
                    "use a separate action for each",
                );
                None
            }
        }
    }

    fn path(&mut self, place: &Place<'_>) -> Option<Target> {
        let text = match place.node.as_str() {
            Some(text) if text.len() <= LONGEST_PATH => text,
            Some(text) => {
                let message = format!(
                    "the JSONPath has {} bytes; the limit is {LONGEST_PATH}",
                    text.len()
                );
                self.report(
                    place,
                    "invalid-path",
                    message,
                    "split it into several actions",
                );
                return None;
            }
            None => {
                let message = format!("a JSONPath must be a string, not {}", place.node.kind());
                self.report(place, "wrong-kind", message, "quote it");
                return None;
            }
        };
        match JsonPath::parse(text) {
            Ok(_) => Some(Target {
                text: text.to_owned(),
                position: place.node.position,
            }),
            Err(error) => {
                let message = format!(
                    "`{text}` is not a JSONPath: {} (at character {})",
                    error.message(),
                    error.position() + 1
                );
                self.report(
                    place,
                    "invalid-path",
                    message,
                    "write it as RFC 9535 defines: `$.paths['/tags'].get`",
                );
                None
            }
        }
    }
}

/// The kind of a node, as far as actions distinguish it.
pub(super) fn kind(node: &Node) -> &'static str {
    match node.value {
        Value::Mapping(_) => "an object",
        Value::Sequence(_) => "an array",
        _ => "a primitive value",
    }
}
