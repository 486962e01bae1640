//! Compares security requirements: any one of them suffices, and the schemes of one are required together.

use std::collections::{BTreeMap, BTreeSet};

use graph_client_codegen::load::Node;

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::operation::Endpoint;
use super::super::same::inline_text;
use super::super::wire::{Direction, Effect};
use super::components::slot_of;
use super::{Comparison, Difference, Owner, Slot};

/// Schemes that are required together, each with its scopes.
pub(super) type Requirement = BTreeMap<String, BTreeSet<String>>;

/// Alternative requirements; without any, every caller is authorized.
pub(super) type Ways = BTreeSet<Requirement>;

impl<'a> Comparison<'a> {
    /// Compares the requirements of all operations without their own.
    pub(super) fn root_requirements(&mut self) {
        let security = |root: &'a Node| root.entry("security").map(Spot::of);
        let (old, new) = (
            security(&self.base.document.root),
            security(&self.head.document.root),
        );
        [old, new]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look_at_all(spot));
        let (from, to) = (ways(old), ways(new));
        let root = (
            Spot::item(&self.base.document.root),
            Spot::item(&self.head.document.root),
        );
        if from == to {
            return self.more_than_needed(&slot_of("security", Owner::Nobody, root), old, new);
        }
        let inherits = |operation: &&Endpoint<'a>| operation.spot.get("security").is_none();
        let of = |operations: &'a [Endpoint<'a>]| {
            let labels = operations
                .iter()
                .filter(inherits)
                .map(|operation| operation.identity());
            labels.collect::<BTreeSet<String>>()
        };
        let (base, head) = (of(self.base_operations), of(self.head_operations));
        let in_both: BTreeSet<String> = self
            .head_operations
            .iter()
            .filter(|operation| {
                base.contains(&operation.identity()) && head.contains(&operation.identity())
            })
            .map(Endpoint::label)
            .collect();
        let owner = match in_both.is_empty() {
            false => Owner::Operations(in_both, Direction::BOTH),
            // A requirement of the document on one side is one of each operation on the other: each of them is
            // compared.
            true if !(base.is_empty() && head.is_empty()) => return,
            true => Owner::Nobody,
        };
        self.ways_changed(&slot_of("security", owner, root), (old, &from), (new, &to));
    }

    /// The requirements of an operation: its own, or the document's.
    pub(super) fn requirements_of(
        &mut self,
        slot: &Slot<'a>,
        old: &Endpoint<'a>,
        new: &Endpoint<'a>,
    ) {
        let own = (old.spot.get("security"), new.spot.get("security"));
        [own.0, own.1]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look_at_all(spot));
        if own.0.is_none() && own.1.is_none() {
            return;
        }
        let root = |side: Side, this: &Self| {
            this.description(side)
                .document
                .root
                .entry("security")
                .map(Spot::of)
        };
        let before = own.0.or_else(|| root(Side::Base, self));
        let after = own.1.or_else(|| root(Side::Head, self));
        let (from, to) = (ways(before), ways(after));
        match from == to {
            true => self.more_than_needed(slot, before, after),
            false => self.ways_changed(slot, (before, &from), (after, &to)),
        }
    }

    /// A requirement that includes another one authorizes nobody else; still, its change is reported.
    fn more_than_needed(
        &mut self,
        slot: &Slot<'a>,
        before: Option<Spot<'a>>,
        after: Option<Spot<'a>>,
    ) {
        let (from, to) = (said(before), said(after));
        if from != to {
            let (old, new) = (entry(before, &to), entry(after, &from));
            self.note(
                Difference::of(FindingKind::ScopesChanged, slot, old, new)
                    .from(text(&from))
                    .to(text(&to)),
            );
        }
    }

    fn ways_changed(
        &mut self,
        slot: &Slot<'a>,
        (old, from): (Option<Spot<'a>>, &Ways),
        (new, to): (Option<Spot<'a>>, &Ways),
    ) {
        let schemes = |ways: &Ways| {
            ways.iter()
                .map(|way| way.keys().cloned().collect())
                .collect::<BTreeSet<Vec<String>>>()
        };
        let kind = match schemes(from) == schemes(to) {
            true => FindingKind::ScopesChanged,
            false => FindingKind::SecurityChanged,
        };
        // Every caller stays authorized if each old requirement satisfies a new one.
        let is_let_in =
            |way: &Requirement| to.is_empty() || to.iter().any(|needed| suffices(way, needed));
        let nothing = Requirement::new();
        let all_are = match from.is_empty() {
            true => is_let_in(&nothing),
            false => from.iter().all(is_let_in),
        };
        let effect = match all_are {
            true => Effect::Offers,
            false => Effect::Withdraws,
        };
        let (before, after) = (entry(old, to), entry(new, from));
        let (before, after) = match (before, after) {
            (None, None) => (old, new),
            found => found,
        };
        self.note(
            Difference::of(kind, slot, before, after)
                .from(text(from))
                .to(text(to))
                .effect(effect),
        );
    }
}

/// Whether the credentials of one requirement satisfy another one.
fn suffices(has: &Requirement, needed: &Requirement) -> bool {
    needed
        .iter()
        .all(|(scheme, scopes)| has.get(scheme).is_some_and(|known| scopes.is_subset(known)))
}

/// The requirements, without those that include another one; none if one requires nothing.
pub(super) fn ways(spot: Option<Spot<'_>>) -> Ways {
    let all: Ways = spot
        .map(|spot| spot.items())
        .unwrap_or_default()
        .iter()
        .map(requirement)
        .collect();
    if all.iter().any(BTreeMap::is_empty) {
        return Ways::new();
    }
    let is_least = |way: &&Requirement| {
        !all.iter()
            .any(|other| other != *way && suffices(way, other))
    };
    all.iter().filter(is_least).cloned().collect()
}

/// The written requirements, without the one that requires nothing.
fn said(spot: Option<Spot<'_>>) -> Ways {
    let items = spot.map(|spot| spot.items()).unwrap_or_default();
    let ways = items.iter().map(requirement);
    ways.filter(|way| !way.is_empty()).collect()
}

fn requirement(node: &Node) -> Requirement {
    let scopes = |node: &Node| {
        let scopes = node.as_sequence().unwrap_or_default();
        scopes.iter().map(inline_text).collect()
    };
    node.entries()
        .iter()
        .map(|entry| (entry.key.clone(), scopes(&entry.node)))
        .collect()
}

/// The first requirement that the other side lacks.
fn entry<'a>(spot: Option<Spot<'a>>, others: &Ways) -> Option<Spot<'a>> {
    let items = spot.map(|spot| spot.items()).unwrap_or_default();
    let lone = items
        .iter()
        .find(|node| !others.contains(&requirement(node)));
    lone.map(Spot::item)
}

fn text(ways: &Ways) -> String {
    let one = |(scheme, scopes): (&String, &BTreeSet<String>)| {
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        format!("{scheme}({})", scopes.join(", "))
    };
    match ways.is_empty() {
        true => "nothing".to_owned(),
        false => ways
            .iter()
            .map(|way| way.iter().map(one).collect::<Vec<_>>().join(" and "))
            .collect::<Vec<_>>()
            .join(" or "),
    }
}
