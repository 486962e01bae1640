//! Compares who is let in: requirements, any one of which suffices, each with schemes that are asked for together.

use std::collections::{BTreeMap, BTreeSet};

use graph_client_codegen::load::Node;

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::operation::Endpoint;
use super::super::same::inline_text;
use super::super::wire::{Direction, Effect};
use super::components::slot_of;
use super::keywords::{changed_keywords, is_text};
use super::{Comparison, Difference, Owner, Slot};

/// Schemes that are asked for together, each with its scopes.
type Requirement = BTreeMap<String, BTreeSet<String>>;

/// The ways to be let in; without any everybody is.
type Ways = BTreeSet<Requirement>;

impl<'a> Comparison<'a> {
    /// What holds for all operations that say nothing of their own.
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
        if from == to {
            return;
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
            // What was said for all is said of each, or the other way round: each of them is compared.
            true if !(base.is_empty() && head.is_empty()) => return,
            true => Owner::Nobody,
        };
        let root = (
            Spot::item(&self.base.document.root),
            Spot::item(&self.head.document.root),
        );
        self.ways_changed(&slot_of("security", owner, root), (old, &from), (new, &to));
    }

    /// What an operation asks for, by itself or because all do.
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
        if from != to {
            self.ways_changed(slot, (before, &from), (after, &to));
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
        // Whoever was let in still is, where every way there was is enough for one that there is.
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

    pub(super) fn schemes(&mut self) {
        let of = |root: &'a Node| {
            let components = root.entry("components").map(Spot::of);
            components.and_then(|components| components.get("securitySchemes"))
        };
        let (old, new) = (of(&self.base.document.root), of(&self.head.document.root));
        if let (Some(before), Some(after)) = (old, new) {
            self.twin(before, after);
        }
        [old, new]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look(spot));
        let entries = |spot: Option<Spot<'a>>| spot.map(|spot| spot.entries()).unwrap_or_default();
        let names: BTreeSet<&'a str> = entries(old)
            .iter()
            .chain(entries(new))
            .map(|entry| entry.key.as_str())
            .collect();
        for name in names {
            let find = |spot: Option<Spot<'a>>| spot.and_then(|spot| spot.get(name));
            let (before, after) = (find(old), find(new));
            let root = (
                Spot::item(&self.base.document.root),
                Spot::item(&self.head.document.root),
            );
            let owner = self.users_of_scheme(name);
            let slot = slot_of(&format!("security scheme {name}"), owner, root);
            match (before, after) {
                (Some(before), Some(after)) => {
                    self.scheme(&slot.between(before, after), name, before, after)
                }
                (before, after) => {
                    let effect = match before.is_some() {
                        true => Effect::Withdraws,
                        false => Effect::Offers,
                    };
                    let text = |spot: Option<Spot<'a>>| spot.map(|spot| inline_text(spot.node));
                    self.note(
                        Difference::of(FindingKind::SecurityChanged, &slot, before, after)
                            .values(text(before), text(after))
                            .effect(effect),
                    );
                    before
                        .into_iter()
                        .chain(after)
                        .for_each(|spot| self.look_at_all(spot));
                }
            }
        }
    }

    /// The operations that ask for a scheme.
    fn users_of_scheme(&self, name: &str) -> Owner<'a> {
        let asks = |side: Side, wanted: &dyn Fn(&Requirement) -> bool| -> BTreeSet<String> {
            let root = self
                .description(side)
                .document
                .root
                .entry("security")
                .map(Spot::of);
            let operations = self.operations_of(side).iter();
            operations
                .filter(|operation| {
                    ways(operation.spot.get("security").or(root))
                        .iter()
                        .any(wanted)
                })
                .map(Endpoint::label)
                .collect()
        };
        let wanted = |way: &Requirement| way.contains_key(name);
        let mut labels = asks(Side::Base, &wanted);
        labels.extend(asks(Side::Head, &wanted));
        match labels.is_empty() {
            true => Owner::Nobody,
            false => Owner::Operations(labels, Direction::BOTH),
        }
    }

    /// One scheme: each of its scopes, its texts, and how a client gets in.
    fn scheme(&mut self, slot: &Slot<'a>, name: &str, before: Spot<'a>, after: Spot<'a>) {
        self.twin(before, after);
        self.flows(slot, name, before.get("flows"), after.get("flows"));
        let (texts, rest): (Vec<_>, Vec<_>) =
            changed_keywords(before, after, |key, _| key == "flows")
                .into_iter()
                .partition(|(key, ..)| {
                    is_text(key) || key.starts_with("x-") || *key == "deprecated"
                });
        self.keywords(slot, texts);
        for (key, from, to) in rest {
            // A hint for readers: clients hand over what they were given.
            let effect = match key {
                "bearerFormat" => Effect::Nothing,
                _ => Effect::Withdraws,
            };
            self.scheme_changed(slot, key, (from, to), effect);
        }
    }

    fn scheme_changed(
        &mut self,
        slot: &Slot<'a>,
        key: &str,
        (from, to): (Option<Spot<'a>>, Option<Spot<'a>>),
        effect: Effect,
    ) {
        let (old, new) = super::keywords::value_texts(from, to);
        from.into_iter()
            .chain(to)
            .for_each(|spot| self.look_at_all(spot));
        self.note(
            Difference::of(FindingKind::SecurityChanged, slot, from, to)
                .detail(key)
                .values(old, new)
                .effect(effect),
        );
    }

    fn flows(
        &mut self,
        slot: &Slot<'a>,
        scheme: &str,
        old: Option<Spot<'a>>,
        new: Option<Spot<'a>>,
    ) {
        let (before, after) = match (old, new) {
            (Some(before), Some(after)) => (before, after),
            (None, None) => return,
            lone => return self.scheme_changed(slot, "flows", lone, Effect::Withdraws),
        };
        self.twin(before, after);
        for (flow, from, to) in changed_keywords(before, after, |_, _| false) {
            let (Some(from), Some(to)) = (from, to) else {
                let effect = match from.is_some() {
                    true => Effect::Withdraws,
                    false => Effect::Offers,
                };
                self.scheme_changed(slot, flow, (from, to), effect);
                continue;
            };
            self.twin(from, to);
            self.scopes(slot, scheme, from.get("scopes"), to.get("scopes"));
            for (key, from, to) in changed_keywords(from, to, |key, _| key == "scopes") {
                match key.starts_with("x-") {
                    true => self.keywords(slot, vec![(key, from, to)]),
                    false => self.scheme_changed(
                        slot,
                        &format!("{flow}.{key}"),
                        (from, to),
                        Effect::Withdraws,
                    ),
                }
            }
        }
    }

    /// The scopes that a flow knows, by name, each with a text.
    fn scopes(
        &mut self,
        slot: &Slot<'a>,
        scheme: &str,
        old: Option<Spot<'a>>,
        new: Option<Spot<'a>>,
    ) {
        if let (Some(before), Some(after)) = (old, new) {
            self.twin(before, after);
        }
        [old, new]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look(spot));
        let entries = |spot: Option<Spot<'a>>| spot.map(|spot| spot.entries()).unwrap_or_default();
        let names: BTreeSet<&'a str> = entries(old)
            .iter()
            .chain(entries(new))
            .map(|entry| entry.key.as_str())
            .collect();
        for name in names {
            let find = |spot: Option<Spot<'a>>| spot.and_then(|spot| spot.get(name));
            let (before, after) = (find(old), find(new));
            match (before, after) {
                (Some(from), Some(to)) => {
                    let inner = slot.part(&format!(" scope {name}"));
                    self.keywords(&inner, vec![("description", Some(from), Some(to))]);
                }
                (before, after) => {
                    let effect = match before.is_some() {
                        true => Effect::Withdraws,
                        false => Effect::Offers,
                    };
                    let mut difference =
                        Difference::of(FindingKind::ScopesChanged, slot, before, after)
                            .detail("scope")
                            .values(
                                before.map(|_| name.to_owned()),
                                after.map(|_| name.to_owned()),
                            )
                            .effect(effect);
                    if !self.is_scope_asked_for(scheme, name) {
                        difference.owner = Owner::Nobody;
                    }
                    self.note(difference);
                }
            }
        }
    }

    fn is_scope_asked_for(&self, scheme: &str, scope: &str) -> bool {
        [Side::Base, Side::Head].into_iter().any(|side| {
            let root = self
                .description(side)
                .document
                .root
                .entry("security")
                .map(Spot::of);
            self.operations_of(side).iter().any(|operation| {
                let ways = ways(operation.spot.get("security").or(root));
                ways.iter()
                    .any(|way| way.get(scheme).is_some_and(|scopes| scopes.contains(scope)))
            })
        })
    }
}

/// Whether who has one set of credentials is let in by another requirement.
fn suffices(has: &Requirement, needed: &Requirement) -> bool {
    needed
        .iter()
        .all(|(scheme, scopes)| has.get(scheme).is_some_and(|known| scopes.is_subset(known)))
}

/// The ways to be let in, but for those that ask for more than another one; none where one asks for nothing.
fn ways(spot: Option<Spot<'_>>) -> Ways {
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

/// The first requirement that the other side has not.
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
