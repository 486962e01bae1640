//! Compares security schemes: how each authenticates a client, and its scopes.

use std::collections::BTreeSet;

use graph_client_codegen::load::Node;

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::operation::Endpoint;
use super::super::same::inline_text;
use super::super::wire::{Direction, Effect};
use super::components::slot_of;
use super::keywords::{changed_keywords, is_text};
use super::security::{Requirement, ways};
use super::{Comparison, Difference, Owner, Slot};

impl<'a> Comparison<'a> {
    pub(super) fn schemes(&mut self) {
        let of = |root: &'a Node| {
            let components = root.entry("components").map(Spot::of);
            components.and_then(|components| components.get("securitySchemes"))
        };
        let (old, new) = (of(&self.base.document.root), of(&self.head.document.root));
        for name in self.names_of_either(old, new) {
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

    /// The operations that require a scheme.
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

    /// Compares one scheme: its scopes, its texts, and how it authenticates.
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
            // A hint for readers: clients send the token that they were given.
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

    /// The scopes of a flow by name, each with a text.
    fn scopes(
        &mut self,
        slot: &Slot<'a>,
        scheme: &str,
        old: Option<Spot<'a>>,
        new: Option<Spot<'a>>,
    ) {
        for name in self.names_of_either(old, new) {
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
