//! Compares the operations that the service calls: callbacks of an operation, shared ones, and webhooks.

use std::collections::BTreeSet;

use graph_client_codegen::load::Entry;

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::operation::{Endpoint, of_callback, of_path};
use super::super::wire::{Direction, Effect};
use super::{Comparison, Difference, Owner, Role, Slot, Touch};

impl<'a> Comparison<'a> {
    /// Compares the callbacks of two operations by name.
    pub(super) fn callbacks(&mut self, slot: &Slot<'a>, old: &Endpoint<'a>, new: &Endpoint<'a>) {
        let (before, after) = (old.spot.get("callbacks"), new.spot.get("callbacks"));
        if let (Some(before), Some(after)) = (before, after) {
            self.twin(before, after);
        }
        [before, after]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look(spot));
        let (before, after) = (old.callbacks(self.base), new.callbacks(self.head));
        for (name, spot, endpoints) in &before {
            match after.iter().find(|(twin, ..)| twin == name) {
                Some((_, twin, others)) => {
                    self.twin(*spot, *twin);
                    // A shared callback is compared once.
                    if spot.text("$ref").is_none() || spot.text("$ref") != twin.text("$ref") {
                        self.follow(Side::Base, *spot);
                        self.follow(Side::Head, *twin);
                        self.calls(endpoints, others, None);
                    }
                }
                None => self.lone_callback(slot, Side::Base, name, *spot),
            }
        }
        for (name, spot, _) in &after {
            if !before.iter().any(|(twin, ..)| twin == name) {
                self.lone_callback(slot, Side::Head, name, *spot);
            }
        }
    }

    /// Reports a callback that the service no longer makes, or makes newly.
    fn lone_callback(&mut self, slot: &Slot<'a>, side: Side, name: &str, spot: Spot<'a>) {
        self.follow(side, spot);
        let inner = Slot {
            subject: format!("{} callback {name}", slot.subject),
            ..slot.clone()
        };
        let difference = match side {
            Side::Base => Difference::at(FindingKind::CallbackRemoved, &inner, side, spot)
                .from(name)
                .effect(Effect::Withdraws),
            Side::Head => Difference::at(FindingKind::CallbackAdded, &inner, side, spot)
                .to(name)
                .effect(Effect::Offers),
        };
        self.note(difference);
    }

    pub(super) fn shared_callback(&mut self, name: &'a str, old: Spot<'a>, new: Spot<'a>) {
        self.twin(old, new);
        let prefix = format!("callback {name} ");
        let (before, after) = (
            of_callback(old, self.base, &prefix),
            of_callback(new, self.head, &prefix),
        );
        self.calls(&before, &after, Some(Owner::Component("callbacks", name)));
    }

    /// Compares a shared path that no path refers to.
    pub(super) fn shared_path(&mut self, name: &'a str, old: &'a Entry, new: &'a Entry) {
        let (before, after) = (
            of_path(old, self.base, "path item ", false),
            of_path(new, self.head, "path item ", false),
        );
        self.calls(&before, &after, Some(Owner::Component("pathItems", name)));
    }

    /// Compares webhooks, which the service calls without a request.
    pub(super) fn webhooks(&mut self) {
        let read = |side: Side, this: &Self| {
            let description = this.description(side);
            let webhooks = description.document.root.get("webhooks");
            let entries = webhooks.map(|node| node.entries()).unwrap_or_default();
            entries
                .iter()
                .flat_map(|entry| of_path(entry, description, "webhook ", true))
                .collect::<Vec<_>>()
        };
        let (before, after) = (read(Side::Base, self), read(Side::Head, self));
        for (side, root) in [
            (Side::Base, &self.base.document.root),
            (Side::Head, &self.head.document.root),
        ] {
            if let Some(entry) = root.entry("webhooks") {
                self.look(Spot::of(entry));
                for entry in entry.node.entries() {
                    self.look(Spot::of(entry));
                    self.follow(side, Spot::of(entry));
                }
            }
        }
        self.calls(&before, &after, None);
    }

    /// Compares operations that no path has, by their requests.
    fn calls(&mut self, before: &[Endpoint<'a>], after: &[Endpoint<'a>], owner: Option<Owner<'a>>) {
        for endpoint in before.iter().chain(after) {
            self.look(endpoint.item);
            self.look(endpoint.spot);
        }
        let twin = |these: &[Endpoint<'a>], other: &Endpoint<'a>| {
            these
                .iter()
                .position(|this| this.identity() == other.identity())
        };
        for old in before {
            let Some(new) = twin(after, old).and_then(|index| after.get(index)) else {
                self.lone_operation(Side::Base, old);
                continue;
            };
            let label = new.label();
            let slot = Slot {
                role: Role::Response,
                owner: owner.clone().unwrap_or_else(|| {
                    Owner::Operations(BTreeSet::from([label.clone()]), Direction::BOTH)
                }),
                travels: Direction::BOTH,
                is_reversed: old.is_reversed,
                ignores_null: false,
                parameter: None,
                touch: Touch::default(),
                subject: label,
                whole: (old.spot, new.spot),
                cause: None,
                shared_subject: None,
            };
            self.path_item(old, new);
            self.operation_id(&slot, old, new);
            self.requirements_of(&slot, old, new);
            self.servers_of(&slot, old, new);
            self.operation_parts(&slot, old, new);
        }
        for new in after.iter().filter(|new| twin(before, new).is_none()) {
            self.lone_operation(Side::Head, new);
        }
    }
}
