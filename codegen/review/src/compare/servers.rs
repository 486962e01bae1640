//! Compares base URLs: those of the whole description, and those of paths and operations.

use std::collections::BTreeSet;

use graph_client_codegen::load::Node;

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::operation::Endpoint;
use super::super::same::same;
use super::super::wire::{Direction, Effect};
use super::components::slot_of;
use super::keywords::changed_keywords;
use super::{Comparison, Difference, Owner, Slot};

impl<'a> Comparison<'a> {
    /// Compares the URLs of all operations without their own.
    pub(super) fn root_servers(&mut self) {
        let root = (
            Spot::item(&self.base.document.root),
            Spot::item(&self.head.document.root),
        );
        let (old, new) = (root.0.get("servers"), root.1.get("servers"));
        if addresses(old) != addresses(new) {
            let inherits = |operations: &'a [Endpoint<'a>]| -> BTreeSet<String> {
                let lone = operations
                    .iter()
                    .filter(|operation| own(operation).is_none());
                lone.map(Endpoint::identity).collect()
            };
            let (base, head) = (
                inherits(self.base_operations),
                inherits(self.head_operations),
            );
            let is_met = !base.is_empty() || !head.is_empty();
            // URLs of the document on one side are URLs of each operation on the other: each of them is compared.
            if is_met && base.is_disjoint(&head) {
                return [old, new]
                    .into_iter()
                    .flatten()
                    .for_each(|spot| self.look_at_all(spot));
            }
        }
        self.servers(&slot_of("the description", Owner::Document, root), old, new);
    }

    /// Compares the URLs of an operation, if one of the sides has its own.
    pub(super) fn servers_of(&mut self, slot: &Slot<'a>, old: &Endpoint<'a>, new: &Endpoint<'a>) {
        let (before, after) = (own(old), own(new));
        if before.is_none() && after.is_none() {
            return;
        }
        let root = |root: &'a Node| root.entry("servers").map(Spot::of);
        let old = before.or_else(|| root(&self.base.document.root));
        let new = after.or_else(|| root(&self.head.document.root));
        let slot = Slot {
            owner: match &slot.owner {
                Owner::Operations(labels, _) => Owner::Operations(labels.clone(), Direction::BOTH),
                other => other.clone(),
            },
            cause: Some("servers".to_owned()),
            ..slot.clone()
        };
        match before.is_some() == after.is_some() {
            true => self.servers(&slot, old, new),
            // At another level, the texts may differ; what counts is where requests are sent.
            false => {
                [before, after]
                    .into_iter()
                    .flatten()
                    .for_each(|spot| self.look_at_all(spot));
                if addresses(old) != addresses(new) {
                    self.servers(&slot, old, new);
                }
            }
        }
    }

    fn servers(&mut self, slot: &Slot<'a>, old: Option<Spot<'a>>, new: Option<Spot<'a>>) {
        let servers = |spot: Option<Spot<'a>>| {
            let items = spot.map(|spot| spot.items()).unwrap_or_default();
            // An address that is listed again says nothing.
            let is_first = |index: usize, item: &Node| {
                let mut before = items.iter().take(index);
                !before.any(|earlier| same(earlier, item))
            };
            let distinct = items.iter().enumerate();
            distinct
                .filter(|(index, item)| is_first(*index, item))
                .map(|(_, item)| Spot::item(item))
                .collect::<Vec<_>>()
        };
        [old, new]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look(spot));
        let (mut before, mut after) = (servers(old), servers(new));
        let all = [old, new].into_iter().flatten();
        all.flat_map(|spot| spot.items())
            .for_each(|item| self.look(Spot::item(item)));
        let mut kept = Vec::new();
        before.retain(|server| {
            match after
                .iter()
                .position(|twin| address(*twin) == address(*server))
            {
                Some(index) => {
                    kept.push((*server, after.remove(index)));
                    false
                }
                None => true,
            }
        });
        for (from, to) in kept {
            self.server(&slot.between(from, to), from, to);
        }
        if let ([from], [to]) = (before.as_slice(), after.as_slice()) {
            self.note(
                Difference::of(
                    FindingKind::ServerChanged,
                    slot,
                    from.get("url"),
                    to.get("url"),
                )
                .subject(format!("server {}", address(*to)))
                .from(address(*from))
                .to(address(*to))
                .effect(Effect::Withdraws)
                .specific(),
            );
            return self.server(&slot.between(*from, *to), *from, *to);
        }
        for server in before {
            self.note(
                Difference::at(FindingKind::ServerRemoved, slot, Side::Base, server)
                    .subject(format!("server {}", address(server)))
                    .from(address(server))
                    .effect(Effect::Withdraws)
                    .specific(),
            );
        }
        for server in after {
            self.note(
                Difference::at(FindingKind::ServerAdded, slot, Side::Head, server)
                    .subject(format!("server {}", address(server)))
                    .to(address(server))
                    .effect(Effect::Offers)
                    .specific(),
            );
        }
    }

    /// Compares one URL of both sides: its texts, and its variables.
    fn server(&mut self, slot: &Slot<'a>, from: Spot<'a>, to: Spot<'a>) {
        self.twin(from, to);
        for spot in [from, to] {
            if let Some(url) = spot.get("url") {
                self.look(url);
            }
        }
        let slot = Slot {
            subject: format!("server {}", address(to)),
            ..slot.clone()
        };
        self.keywords(
            &slot,
            changed_keywords(from, to, |key, _| matches!(key, "url" | "variables")),
        );
        let (Some(before), Some(after)) = (from.get("variables"), to.get("variables")) else {
            let lone = changed_keywords(from, to, |key, _| key != "variables");
            return self.keywords(&slot, lone);
        };
        self.twin(before, after);
        for (name, from, to) in changed_keywords(before, after, |_, _| false) {
            self.variable(&slot.part(&format!(" {name}")), from, to);
        }
    }

    fn variable(&mut self, slot: &Slot<'a>, from: Option<Spot<'a>>, to: Option<Spot<'a>>) {
        let (Some(before), Some(after)) = (from, to) else {
            return self.keywords(slot, vec![("variables", from, to)]);
        };
        self.twin(before, after);
        let rest = changed_keywords(before, after, |key, _| key == "enum");
        self.keywords(slot, rest);
        let values = |spot: Spot<'a>| -> BTreeSet<String> {
            let list = spot
                .get("enum")
                .map(|list| list.items())
                .unwrap_or_default();
            list.iter().map(super::super::same::inline_text).collect()
        };
        let (old, new) = (values(before), values(after));
        if old == new {
            return [before.get("enum"), after.get("enum")]
                .into_iter()
                .flatten()
                .for_each(|spot| self.look_at_all(spot));
        }
        let (fewer, more) = (
            !old.is_subset(&new) && !new.is_empty(),
            !new.is_subset(&old) && !old.is_empty(),
        );
        let text = |values: &BTreeSet<String>| {
            (!values.is_empty()).then(|| values.iter().cloned().collect::<Vec<_>>().join(", "))
        };
        let effect = match (fewer || old.is_empty(), more) {
            (true, _) => Effect::Withdraws,
            (false, _) => Effect::Offers,
        };
        let (from, to) = (before.get("enum"), after.get("enum"));
        from.into_iter()
            .chain(to)
            .for_each(|spot| self.look_at_all(spot));
        self.note(
            Difference::of(FindingKind::ServerChanged, slot, from, to)
                .detail("values")
                .values(text(&old), text(&new))
                .effect(effect)
                .specific(),
        );
    }
}

/// The URLs of an operation itself or of its path.
fn own<'a>(operation: &Endpoint<'a>) -> Option<Spot<'a>> {
    operation
        .spot
        .get("servers")
        .or_else(|| operation.item.get("servers"))
}

fn address(server: Spot<'_>) -> String {
    server
        .text("url")
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned()
}

/// Where requests are sent; without any URL, to the location of the description.
fn addresses(servers: Option<Spot<'_>>) -> BTreeSet<String> {
    let items = servers.map(|servers| servers.items()).unwrap_or_default();
    let addresses: BTreeSet<String> = items.iter().map(Spot::item).map(address).collect();
    match addresses.is_empty() {
        true => BTreeSet::from([String::new()]),
        false => addresses,
    }
}
