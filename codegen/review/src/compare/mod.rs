//! Walks two descriptions side by side and records every difference at the location that caused it.

mod alternatives;
mod bodies;
mod callbacks;
mod components;
mod difference;
mod encodings;
mod enum_texts;
mod enumerations;
mod facets;
mod flat;
mod headers;
mod info;
mod keywords;
mod kinds;
mod leftovers;
mod media_types;
mod named;
mod names;
mod objects;
mod operations;
mod parameters;
mod renames;
mod required;
mod responses;
mod schemas;
mod schemes;
mod security;
mod servers;
mod styles;
mod subtypes;
mod types;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use graph_client_codegen::load::Node;

use super::document::{Description, Spot};
use super::finding::{FindingKind, Side};
use super::flavour::Signals;
use super::operation::{Endpoint, Parameter};
use super::pairs::Pairs;
use super::wire::{Direction, Effect};

use named::Trial;

pub(super) use difference::{Difference, Owner, Role, Slot, Touch, Touched};
pub(super) use objects::ways;

/// The identity of two compared types: the nodes that each is read from.
type Pair = (Vec<*const Node>, Vec<*const Node>);

/// The state of a comparison.
pub(super) struct Comparison<'a> {
    pub(super) base: &'a Description<'a>,
    pub(super) head: &'a Description<'a>,
    pub(super) base_operations: &'a [Endpoint<'a>],
    pub(super) head_operations: &'a [Endpoint<'a>],
    pub(super) pairs: Pairs<'a>,
    /// Whether the two have different flavours.
    pub(super) flavours_differ: bool,
    pub(super) differences: Vec<Difference<'a>>,
    /// Named schemas that are inline on the other side.
    pub(super) inlined: BTreeMap<Side, BTreeSet<&'a str>>,
    /// The compared pairs.
    twins: HashMap<*const Node, Vec<(Spot<'a>, Spot<'a>)>>,
    /// The nodes that were read, on either side.
    seen: HashSet<*const Node>,
    /// The nodes that were read with everything below them.
    whole: HashSet<*const Node>,
    /// The pairs of types that are being compared, so that cycles end.
    open: HashSet<Pair>,
    /// The results of trial comparisons of two types.
    trials: HashMap<(Pair, bool), Trial>,
    /// Whether findings are only counted and not recorded.
    is_trial: bool,
}

/// Compares two descriptions.
pub(super) fn compare<'a>(
    base: &'a Description<'a>,
    head: &'a Description<'a>,
    base_operations: &'a [Endpoint<'a>],
    head_operations: &'a [Endpoint<'a>],
) -> Comparison<'a> {
    let mut comparison = Comparison::new((base, base_operations), (head, head_operations));
    comparison.globals();
    comparison.operations();
    comparison.webhooks();
    comparison.components();
    comparison.schemas();
    comparison.leftovers();
    comparison.merge();
    comparison
}

impl<'a> Comparison<'a> {
    /// Creates the state before anything was compared.
    fn new(
        (base, base_operations): (&'a Description<'a>, &'a [Endpoint<'a>]),
        (head, head_operations): (&'a Description<'a>, &'a [Endpoint<'a>]),
    ) -> Self {
        Self {
            pairs: Pairs::find(base, head),
            base,
            head,
            base_operations,
            head_operations,
            flavours_differ: Signals::of(base.document).differ(Signals::of(head.document)),
            differences: Vec::new(),
            inlined: BTreeMap::new(),
            twins: HashMap::new(),
            seen: HashSet::new(),
            whole: HashSet::new(),
            open: HashSet::new(),
            trials: HashMap::new(),
            is_trial: false,
        }
    }

    /// Records a difference; missing details follow from its location.
    fn note(&mut self, difference: Difference<'a>) {
        // The whole part was added or removed.
        match difference.kind.is_of_whole() {
            true => self.look_at_all(difference.spot),
            false => self.look(difference.spot),
        }
        self.differences.push(difference);
    }

    /// Marks a node as read with everything below it.
    fn look_at_all(&mut self, spot: Spot<'a>) {
        if !self.is_trial {
            self.whole.insert(spot.address());
        }
    }

    /// Marks a node as read.
    fn look(&mut self, spot: Spot<'a>) {
        if !self.is_trial {
            self.seen.insert(spot.address());
        }
    }

    /// Marks some keywords of a node as read.
    fn look_at_keys(&mut self, spot: Spot<'a>, keys: &[&str]) {
        for key in keys {
            if let Some(inner) = spot.get(key) {
                self.look(inner);
            }
        }
    }

    /// Marks two nodes as counterparts: what is below them is compared together.
    fn twin(&mut self, base: Spot<'a>, head: Spot<'a>) {
        if self.is_trial {
            return;
        }
        self.look(base);
        self.look(head);
        // The target of a reference is compared with the inline counterpart, not with the reference.
        if base.get("$ref").is_some() != head.get("$ref").is_some() {
            return;
        }
        let known = self.twins.entry(base.address()).or_default();
        if !known
            .iter()
            .any(|(_, other)| other.address() == head.address())
        {
            known.push((base, head));
        }
    }

    /// The node itself, or the component that its `$ref` refers to; both are marked as read.
    fn follow(&mut self, side: Side, spot: Spot<'a>) -> Spot<'a> {
        let target = self.description(side).follow(spot);
        if target.address() != spot.address() {
            self.look(spot);
            if let Some(reference) = spot.get("$ref") {
                self.look(reference);
            }
            self.look(target);
        }
        target
    }

    /// Merges the differences with one cause into one.
    fn merge(&mut self) {
        let mut merged: Vec<Difference<'a>> = Vec::new();
        let mut known: BTreeMap<(FindingKind, String), usize> = BTreeMap::new();
        for difference in std::mem::take(&mut self.differences) {
            let Some(cause) = &difference.cause else {
                merged.push(difference);
                continue;
            };
            match known.get(&(difference.kind, cause.clone())) {
                Some(index) => merged[*index].join(difference),
                None => {
                    known.insert((difference.kind, cause.clone()), merged.len());
                    merged.push(difference);
                }
            }
        }
        self.differences = merged;
    }

    fn mark_inlined(&mut self, side: Side, name: &'a str) {
        if !self.is_trial {
            self.inlined.entry(side).or_default().insert(name);
        }
    }

    /// Whether a named schema is inline on the other side.
    fn is_inlined(&self, side: Side, name: &str) -> bool {
        self.inlined
            .get(&side)
            .is_some_and(|names| names.contains(name))
    }

    fn description(&self, side: Side) -> &'a Description<'a> {
        match side {
            Side::Base => self.base,
            Side::Head => self.head,
        }
    }

    fn operations_of(&self, side: Side) -> &'a [Endpoint<'a>] {
        match side {
            Side::Base => self.base_operations,
            Side::Head => self.head_operations,
        }
    }

    /// The direction in which a slot's own value travels, if it belongs to an operation.
    fn towards(owner: &Owner<'a>, direction: Direction) -> Owner<'a> {
        match owner {
            Owner::Operations(labels, known) if *known == Direction::BOTH => {
                Owner::Operations(labels.clone(), direction)
            }
            other => other.clone(),
        }
    }
}
