//! Limits how many levels of schemas may extend one another, so that neither a reader nor the stack overflows.

use std::collections::{BTreeMap, HashMap, HashSet};

use graph_client_codegen::load::{Node, Value};

use super::super::document::Description;
use super::Check;

/// The maximum number of levels over which schemas may extend, or be choices of, one another.
const DEEPEST: usize = 200;

impl Check<'_> {
    /// Refuses chains of schemas that apply to the same value and are longer than [`DEEPEST`].
    pub(super) fn chains(&mut self) {
        let description = Description::read(self.document);
        let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, spot) in &description.schemas {
            let mut names = Vec::new();
            applied(spot.node, &description, &mut names);
            next.insert(name, names);
        }
        let depths = depths(&next);
        let deepest = depths
            .iter()
            .max_by_key(|(name, depth)| (**depth, std::cmp::Reverse(**name)));
        if let Some((name, depth)) = deepest
            && *depth > DEEPEST
            && let Some(spot) = description.schemas.get(name)
        {
            let pointer = format!(
                "#/components/schemas/{}",
                graph_client_codegen::load::escape(name)
            );
            let message =
                format!("`{name}` extends schemas over {depth} levels; the limit is {DEEPEST}");
            self.report(
                "too-deep",
                spot.node,
                &pointer,
                message,
                "use fewer levels of inheritance",
            );
        }
    }
}

/// The named schemas that apply to the same value as a schema: by reference, as parts, or as choices.
fn applied<'a>(node: &'a Node, description: &Description<'a>, names: &mut Vec<&'a str>) {
    for entry in node.entries() {
        match (entry.key.as_str(), &entry.node.value) {
            ("$ref", Value::String(reference)) => names.extend(description.schema_name(reference)),
            ("allOf" | "oneOf" | "anyOf", Value::Sequence(parts)) => {
                parts
                    .iter()
                    .for_each(|part| applied(part, description, names));
            }
            _ => {}
        }
    }
}

/// The length of the longest chain from each schema; a chain that leads back to itself ends there.
fn depths<'a>(next: &BTreeMap<&'a str, Vec<&'a str>>) -> HashMap<&'a str, usize> {
    let mut depths: HashMap<&str, usize> = HashMap::new();
    for start in next.keys() {
        let mut open = vec![(*start, false)];
        let mut above: HashSet<&str> = HashSet::new();
        while let Some((name, is_done)) = open.pop() {
            let below = next.get(name).map(Vec::as_slice).unwrap_or_default();
            if is_done {
                let deepest = below.iter().filter_map(|name| depths.get(name)).max();
                depths.insert(name, deepest.map_or(0, |depth| depth + 1));
                above.remove(name);
            } else if !depths.contains_key(name) && above.insert(name) {
                open.push((name, true));
                open.extend(below.iter().map(|name| (*name, false)));
            }
        }
    }
    depths
}
