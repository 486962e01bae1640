//! Parts that no rule covers: both trees are walked again, and every difference there is reported.
//!
//! A rule marks every part of a description that it reads. So a part that no rule covers cannot be missed: it is a
//! finding of its own, "changed, not understood".

use std::collections::HashSet;

use graph_client_codegen::load::{Node, Value};

use super::super::bundle::is_files;
use super::super::document::Spot;
use super::super::finding::FindingKind;
use super::super::same::same;
use super::super::walk::Keys;
use super::super::wire::Effect;
use super::components::slot_of;
use super::keywords::value_texts;
use super::{Comparison, Difference, Owner};

/// The maximum length of a shown value.
const LONGEST_VALUE: usize = 2_000;

/// Lists whose order has no meaning.
const UNORDERED: [&str; 6] = ["allOf", "anyOf", "enum", "oneOf", "required", "type"];

/// A part that differs and that no rule read.
struct Leftover<'a> {
    key: String,
    before: Option<Spot<'a>>,
    after: Option<Spot<'a>>,
    /// Its location on both sides.
    within: (Spot<'a>, Spot<'a>),
}

/// The state of the walk, and the differences so far.
struct Walk<'a> {
    done: HashSet<(*const Node, *const Node)>,
    found: Vec<Leftover<'a>>,
    /// The role of the node's keys.
    keys: Keys,
    /// The role of the keys of the mapping that contains the node; data for an item of a list.
    around: Keys,
}

impl Walk<'_> {
    fn new() -> Self {
        Self {
            done: HashSet::new(),
            found: Vec::new(),
            keys: Keys::Keywords,
            around: Keys::Data,
        }
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn leftovers(&mut self) {
        let root = (
            Spot::item(&self.base.document.root),
            Spot::item(&self.head.document.root),
        );
        let mut walk = Walk::new();
        let twins: Vec<(Spot<'a>, Spot<'a>)> = self.twins.values().flatten().copied().collect();
        for pair in std::iter::once(root).chain(twins) {
            (walk.keys, walk.around) = (Keys::Keywords, Keys::Data);
            self.walk("", pair, pair, &mut walk);
        }
        walk.found.sort_by_key(|leftover| {
            let spot = leftover.after.or(leftover.before);
            spot.map(|spot| (spot.position.line, spot.position.column))
        });
        for leftover in walk.found {
            self.leftover(leftover);
        }
    }

    fn walk(
        &self,
        key: &str,
        (base, head): (Spot<'a>, Spot<'a>),
        within: (Spot<'a>, Spot<'a>),
        walk: &mut Walk<'a>,
    ) {
        let pair = (base.address(), head.address());
        if self.whole.contains(&pair.0) || self.whole.contains(&pair.1) || !walk.done.insert(pair) {
            return;
        }
        let refers = |spot: Spot<'a>| spot.get("$ref").is_some();
        if refers(base) != refers(head) && self.is_looked_at(base) && self.is_looked_at(head) {
            return;
        }
        let (keys, around) = (walk.keys, walk.around);
        match (&base.node.value, &head.node.value) {
            (Value::Mapping(old), Value::Mapping(new)) => {
                for entry in old.iter().filter(|entry| !is_files(&entry.key)) {
                    let spot = Spot::of(entry);
                    match new.iter().find(|twin| twin.key == entry.key) {
                        Some(twin) => {
                            (walk.keys, walk.around) = (keys.below(&entry.key), keys);
                            self.walk(&entry.key, (spot, Spot::of(twin)), (base, head), walk);
                        }
                        None => self.lone(&entry.key, Some(spot), None, (base, head), walk),
                    }
                }
                for entry in new.iter().filter(|entry| !is_files(&entry.key)) {
                    if !old.iter().any(|twin| twin.key == entry.key) {
                        self.lone(&entry.key, None, Some(Spot::of(entry)), (base, head), walk);
                    }
                }
            }
            (Value::Sequence(old), Value::Sequence(new)) => {
                let (mut old, mut new): (Vec<_>, Vec<_>) = (
                    old.iter().map(Spot::item).collect(),
                    new.iter().map(Spot::item).collect(),
                );
                if UNORDERED.contains(&key) && around == Keys::Keywords {
                    without_twins(&mut old, &mut new);
                }
                // Such parts nearly always keep their order.
                let is_aligned = key == "allOf" && old.len() == new.len();
                for index in 0..old.len().max(new.len()) {
                    match (old.get(index), new.get(index)) {
                        // A list whose items were read one by one has an order of its own.
                        (Some(from), Some(to))
                            if self.is_looked_at(*from)
                                && self.is_looked_at(*to)
                                && !is_aligned => {}
                        (Some(from), Some(to)) => {
                            (walk.keys, walk.around) = (keys.of_items(key), Keys::Data);
                            self.walk(key, (*from, *to), (base, head), walk)
                        }
                        (from, to) => {
                            self.lone(key, from.copied(), to.copied(), (base, head), walk)
                        }
                    }
                }
            }
            _ if same(base.node, head.node) => {}
            _ => self.lone(key, Some(base), Some(head), within, walk),
        }
    }

    /// Reports a part that differs, unless a rule read it: that rule compared it with its counterpart.
    fn lone(
        &self,
        key: &str,
        before: Option<Spot<'a>>,
        after: Option<Spot<'a>>,
        within: (Spot<'a>, Spot<'a>),
        walk: &mut Walk<'a>,
    ) {
        let mut spots = [before, after].into_iter().flatten();
        if !spots.any(|spot| self.is_looked_at(spot)) {
            walk.found.push(Leftover {
                key: key.to_owned(),
                before,
                after,
                within,
            });
        }
    }

    fn is_looked_at(&self, spot: Spot<'a>) -> bool {
        self.seen.contains(&spot.address()) || self.whole.contains(&spot.address())
    }

    fn leftover(&mut self, leftover: Leftover<'a>) {
        let Leftover {
            key,
            before,
            after,
            within,
        } = leftover;
        let (from, to) = value_texts(before, after);
        let cut = |text: Option<String>| {
            text.map(|text| text.chars().take(LONGEST_VALUE).collect::<String>())
        };
        let slot = slot_of("the description", Owner::Document, within);
        self.note(
            Difference::of(FindingKind::NotUnderstood, &slot, before, after)
                .detail(key)
                .values(cut(from), cut(to))
                .effect(Effect::Swaps),
        );
    }
}

/// Removes the common items of both lists, at any position; a repeated item has no meaning either.
fn without_twins<'a>(old: &mut Vec<Spot<'a>>, new: &mut Vec<Spot<'a>>) {
    let (before, after) = (old.clone(), new.clone());
    let has =
        |list: &[Spot<'a>], spot: &Spot<'a>| list.iter().any(|twin| same(twin.node, spot.node));
    old.retain(|spot| !has(&after, spot));
    new.retain(|spot| !has(&before, spot));
}

#[cfg(test)]
mod tests {
    use super::super::super::document::Description;
    use super::super::super::finding::Side;
    use super::*;
    use graph_client_codegen::load;

    /// What is left of two texts if rules read the parts with these pointers: on both sides, or on one of them; a `*`
    /// means with everything below.
    fn left(base: &str, head: &str, read: &[&str]) -> Vec<String> {
        let base = load::parse("base.yaml", base).unwrap();
        let head = load::parse("head.yaml", head).unwrap();
        let (base, head) = (Description::read(&base), Description::read(&head));
        let mut comparison = Comparison::new((&base, &[]), (&head, &[]));
        for pointer in read {
            let (pointer, is_whole) = match pointer.strip_suffix('*') {
                Some(pointer) => (pointer, true),
                None => (*pointer, false),
            };
            let (pointer, sides) = match pointer.split_once(' ') {
                Some(("base", pointer)) => (pointer, vec![&base]),
                Some((_, pointer)) => (pointer, vec![&head]),
                None => (pointer, vec![&base, &head]),
            };
            for description in sides {
                let Some(node) = description.document.root.pointer(pointer) else {
                    continue;
                };
                match is_whole {
                    true => comparison.look_at_all(Spot::item(node)),
                    false => comparison.look(Spot::item(node)),
                }
            }
        }
        comparison.leftovers();
        let told = comparison.differences.iter().map(|difference| {
            assert_eq!(difference.kind, FindingKind::NotUnderstood);
            let side = match difference.side {
                Side::Base => "base",
                Side::Head => "head",
            };
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            format!(
                "{} {}>{} {side} {}",
                difference.detail,
                text(&difference.from),
                text(&difference.to),
                difference.spot.position.line
            )
        });
        told.collect()
    }

    #[test]
    fn every_part_that_no_rule_read_is_reported_once() {
        for (base, head, found) in [
            ("a: 1", "a: 1", vec![]),
            ("a: 1", "a: 2", vec!["a 1>2 head 1"]),
            ("a: 1", "b: 1", vec!["a 1> base 1", "b >1 head 1"]),
            ("a: {b: 1}", "a: 1", vec!["a {\"b\":1}>1 head 1"]),
            ("a: [1, 2]", "a: [1, 3]", vec!["a 2>3 head 1"]),
            ("a: [1, 2]", "a: [1]", vec!["a 2> base 1"]),
            ("a: [1]", "a: [1, 2]", vec!["a >2 head 1"]),
            ("a: [{b: 1}]", "a: [{b: 2}]", vec!["b 1>2 head 1"]),
            (
                "b: 1\na: 1",
                "b: 2\na: 2",
                vec!["b 1>2 head 1", "a 1>2 head 2"],
            ),
        ] {
            assert_eq!(left(base, head, &[]), found, "{base} -> {head}");
        }
    }

    #[test]
    fn the_order_of_a_list_counts_unless_its_keyword_says_otherwise() {
        for (base, head, found) in [
            ("enum: [1, 2]", "enum: [2, 1]", vec![]),
            ("enum: [1, 2]", "enum: [2, 1, 2]", vec![]),
            ("enum: [1, 2]", "enum: [2, 3]", vec!["enum 1>3 head 1"]),
            ("allOf: [{a: 1}, {b: 1}]", "allOf: [{b: 1}, {a: 1}]", vec![]),
            // Data may have a key of that name, and so may a property.
            (
                "x-a: {enum: [1, 2]}",
                "x-a: {enum: [2, 1]}",
                vec!["enum 1>2 head 1", "enum 2>1 head 1"],
            ),
            (
                "properties: {enum: [1, 2]}",
                "properties: {enum: [2, 1]}",
                vec!["enum 1>2 head 1", "enum 2>1 head 1"],
            ),
            (
                "a: [1, 2]",
                "a: [2, 1]",
                vec!["a 1>2 head 1", "a 2>1 head 1"],
            ),
        ] {
            assert_eq!(left(base, head, &[]), found, "{base} -> {head}");
        }
    }

    #[test]
    fn what_a_rule_read_was_compared_by_it() {
        let (base, head) = ("a: [{b: 1, c: 1}]\n", "a: [{b: 2, c: 2}]\n");
        for (read, found) in [
            (vec!["#/a/0/b"], vec!["c 1>2 head 1"]),
            (vec!["#/a/0/b", "#/a/0/c"], vec![]),
            (vec!["#/a*"], vec![]),
            // Only the list itself.
            (vec!["#/a"], vec!["b 1>2 head 1", "c 1>2 head 1"]),
            // A rule that reads the items one by one pairs them by something else than their order.
            (vec!["#/a", "#/a/0"], vec![]),
            (vec!["base #/a/0"], vec!["b 1>2 head 1", "c 1>2 head 1"]),
            (vec!["head #/a/0"], vec!["b 1>2 head 1", "c 1>2 head 1"]),
            (vec!["base #/a/0/b", "head #/a/0/c"], vec![]),
        ] {
            assert_eq!(left(base, head, &read), found, "{read:?}");
        }
        // Parts of an `allOf` nearly always keep their order, unless their number changes.
        let (base, head) = ("allOf: [{b: 1}]", "allOf: [{b: 2}]");
        assert_eq!(left(base, head, &["#/allOf/0"]), ["b 1>2 head 1"]);
        let head = "allOf: [{b: 2}, {c: 1}]";
        let read = ["#/allOf/0", "#/allOf/1"];
        assert_eq!(left(base, head, &read), [""; 0]);
        // A reference against an inline part is compared through the reference.
        let (base, head) = ("a: {$ref: b}", "a: {type: c}");
        assert_eq!(left(base, head, &["#/a"]), [""; 0]);
        assert_eq!(left(base, head, &[]).len(), 2);
        let (base, head) = ("a: {$ref: b}", "a: {$ref: c}");
        assert_eq!(left(base, head, &["#/a"]), ["$ref b>c head 1"]);
    }

    #[test]
    fn a_long_value_is_cut() {
        let long = "é".repeat(LONGEST_VALUE + 1);
        let found = left("a: b", &format!("a: {long}"), &[]);
        let shown = "é".repeat(LONGEST_VALUE);
        assert_eq!(found, [format!("a b>{shown} head 1")]);
    }
}
