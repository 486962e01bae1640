//! Applies the actions of an overlay to a document.

use std::collections::BTreeSet;

use serde_json_path::JsonPath;

use crate::diagnostic::{Problem, Problems};
use crate::load::{DEEPEST, Document, Node, Value, unescape};

use super::merge::into_selected;
use super::read::kind;
use super::{Action, Modifier, Overlay, Target, problem};

pub(super) fn apply(document: &mut Document, overlay: &Overlay) -> Problems {
    let mut problems = Problems::default();
    let mut root = document.root.clone();
    // JSONPath reads a tree without positions, which is rebuilt after each change.
    let mut json = root.to_json();
    for action in &overlay.actions {
        let pointers = select(&action.target, &json);
        let outcome = match pointers.is_empty() {
            true => Err((
                "overlay-selects-nothing",
                format!(
                    "`{}` selects nothing in {}{}",
                    action.target.text,
                    document.file,
                    beginning(&action.target.text, &json)
                ),
                "remove the action if the description has been fixed, or correct its target",
            )),
            false => carry_out(&mut root, &json, action, &pointers),
        };
        match outcome {
            Ok(()) => json = root.to_json(),
            Err((rule, message, help)) => {
                problems.push(at(overlay, action, rule, message, help));
            }
        }
    }
    *document = Document::new(&document.file, root);
    problems
}

/// As much of a target as is there, to say where it goes wrong.
fn beginning(target: &str, json: &serde_json::Value) -> String {
    let ends = target
        .char_indices()
        .filter(|(_, letter)| matches!(letter, '.' | '['));
    let ends: Vec<usize> = ends.map(|(end, _)| end).collect();
    let mut beginnings = ends.into_iter().rev().filter_map(|end| target.get(..end));
    let found = beginnings.find(|text| {
        let path = JsonPath::parse(text);
        text.len() > 1 && path.is_ok_and(|path| !path.query(json).is_empty())
    });
    found.map_or_else(String::new, |text| format!("; `{text}` is there"))
}

type Refusal = (&'static str, String, &'static str);

fn at(
    overlay: &Overlay,
    action: &Action,
    rule: &'static str,
    message: String,
    help: &str,
) -> Problem {
    problem(
        &overlay.file,
        action.target.position,
        &action.pointer,
        rule,
        message,
        help,
    )
}

/// The JSON pointers that a path selects, without duplicates, in the order of the document.
fn select(target: &Target, json: &serde_json::Value) -> Vec<String> {
    let mut known = BTreeSet::new();
    let Ok(path) = JsonPath::parse(&target.text) else {
        return Vec::new();
    };
    path.query_located(json)
        .locations()
        .map(|location| location.to_json_pointer())
        .filter(|pointer| known.insert(pointer.clone()))
        .collect()
}

fn carry_out(
    root: &mut Node,
    json: &serde_json::Value,
    action: &Action,
    pointers: &[String],
) -> Result<(), Refusal> {
    let update = match &action.modifier {
        Modifier::Remove => return remove(root, pointers),
        Modifier::Update(update) => update.clone(),
        Modifier::Copy(source) => copied(root, json, source)?,
    };
    let mut changed = root.clone();
    let mut kinds = BTreeSet::new();
    let mut is_changed = false;
    for pointer in pointers {
        let Some(node) = pointer_mut(&mut changed, pointer) else {
            continue;
        };
        kinds.insert(kind(node));
        is_changed |= into_selected(node, &update).map_err(|reason| misfit(pointer, &reason))?;
    }
    if kinds.len() > 1 {
        let kinds: Vec<&str> = kinds.into_iter().collect();
        let message = format!("`{}` selects {}", action.target.text, kinds.join(" and "));
        return Err((
            "mixed-targets",
            message,
            "use a separate action for each kind",
        ));
    }
    if !is_changed {
        let message = format!("the action at `{}` changes nothing", action.target.text);
        return Err((
            "overlay-changes-nothing",
            message,
            "remove it: the description already has this value",
        ));
    }
    if is_deeper(&changed, DEEPEST) {
        let message = format!("after it, mappings and lists are nested more than {DEEPEST} deep");
        return Err((
            "too-deep",
            message,
            "refer to a component instead of copying it",
        ));
    }
    *root = changed;
    Ok(())
}

fn misfit(pointer: &str, reason: &str) -> Refusal {
    let message = format!("at `#{pointer}`, {reason}");
    (
        "overlay-misfit",
        message,
        "remove the old value with a separate action first",
    )
}

/// The source of a `copy`: exactly one node.
fn copied(root: &Node, json: &serde_json::Value, source: &Target) -> Result<Node, Refusal> {
    let found = select(source, json);
    match &found[..] {
        [pointer] => root
            .pointer(pointer)
            .cloned()
            .ok_or_else(|| not_one(source, 0)),
        _ => Err(not_one(source, found.len())),
    }
}

fn not_one(source: &Target, count: usize) -> Refusal {
    let message = format!(
        "`{}` selects {count} nodes, but must select one",
        source.text
    );
    (
        "overlay-copies-not-one",
        message,
        "use the full path of the node",
    )
}

/// Removes nodes: the last of a list first, so that the others keep their indices.
fn remove(root: &mut Node, pointers: &[String]) -> Result<(), Refusal> {
    let mut paths: Vec<Vec<String>> = pointers
        .iter()
        .map(|pointer| pointer.split('/').skip(1).map(unescape).collect())
        .collect();
    paths.sort_by(|left: &Vec<String>, right| compare(right, left));
    for path in paths {
        let Some((last, parents)) = path.split_last() else {
            let message = "the whole document cannot be removed".to_owned();
            return Err(("overlay-misfit", message, "name the part to remove"));
        };
        let parent = parents
            .iter()
            .try_fold(&mut *root, |node, key| child_mut(node, key));
        match parent.map(|parent| &mut parent.value) {
            Some(Value::Mapping(entries)) => entries.retain(|entry| entry.key != *last),
            Some(Value::Sequence(items)) => {
                if let Ok(index) = last.parse::<usize>()
                    && index < items.len()
                {
                    items.remove(index);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Compares paths; indices as numbers.
fn compare(left: &[String], right: &[String]) -> std::cmp::Ordering {
    let key = |part: &String| (part.parse::<usize>().ok(), part.clone());
    left.iter().map(key).cmp(right.iter().map(key))
}

fn pointer_mut<'n>(root: &'n mut Node, pointer: &str) -> Option<&'n mut Node> {
    let keys = pointer.split('/').skip(1).map(unescape);
    keys.into_iter()
        .try_fold(root, |node, key| child_mut(node, &key))
}

fn child_mut<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    match &mut node.value {
        Value::Sequence(items) => items.get_mut(key.parse::<usize>().ok()?),
        Value::Mapping(entries) => entries
            .iter_mut()
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.node),
        _ => None,
    }
}

fn is_deeper(node: &Node, levels: usize) -> bool {
    let inner: Vec<&Node> = match &node.value {
        Value::Sequence(items) => items.iter().collect(),
        Value::Mapping(entries) => entries.iter().map(|entry| &entry.node).collect(),
        _ => return false,
    };
    levels == 0 || inner.into_iter().any(|inner| is_deeper(inner, levels - 1))
}
