//! Compares operations: their existence, parameters and bodies, permissions, and texts.

use std::collections::{BTreeMap, BTreeSet};

use graph_client_codegen::load::Node;

use super::super::document::{Spot, has_pointers};
use super::super::finding::{FindingKind, Side};
use super::super::flavour::plain_operation_id;
use super::super::operation::{Endpoint, METHODS};
use super::super::same::{inline_text, same, same_set};
use super::super::wire::{Direction, Effect};
use super::keywords::changed_keywords;
use super::{Comparison, Difference, Owner, Role, Slot, Touch, Touched};

impl<'a> Comparison<'a> {
    pub(super) fn operations(&mut self) {
        self.look_at_paths();
        let (old, new) = (self.base_operations, self.head_operations);
        let mut twins: BTreeMap<usize, usize> = BTreeMap::new();
        let by_identity: BTreeMap<String, usize> = new
            .iter()
            .enumerate()
            .map(|(index, operation)| (operation.identity(), index))
            .collect();
        for (index, operation) in old.iter().enumerate() {
            if let Some(twin) = by_identity.get(&operation.identity()) {
                twins.insert(index, *twin);
            }
        }
        let taken: BTreeSet<usize> = twins.values().copied().collect();
        let mut added: Vec<usize> = (0..new.len())
            .filter(|index| !taken.contains(index))
            .collect();
        for (index, operation) in old.iter().enumerate() {
            if twins.contains_key(&index) {
                continue;
            }
            let moved = added
                .iter()
                .position(|twin| self.is_moved(operation, &new[*twin]));
            match moved {
                Some(position) => {
                    twins.insert(index, added.remove(position));
                }
                None => self.lone_operation(Side::Base, operation),
            }
        }
        for index in added {
            self.lone_operation(Side::Head, &new[index]);
        }
        for (from, to) in twins {
            self.operation(&old[from], &new[to]);
            self.path_item(&old[from], &new[to]);
        }
    }

    /// Paths without operations are compared by their other content.
    fn look_at_paths(&mut self) {
        let paths = |root: &'a Node| root.entry("paths").map(Spot::of);
        let (Some(old), Some(new)) = (
            paths(&self.base.document.root),
            paths(&self.head.document.root),
        ) else {
            return;
        };
        self.twin(old, new);
        let slot = super::components::slot_of("paths", Owner::Document, (old, new));
        let extensions = changed_keywords(old, new, |key, _| !key.starts_with("x-"));
        self.keywords(&slot, extensions);
        for (side, paths) in [(Side::Base, old), (Side::Head, new)] {
            for entry in paths
                .entries()
                .iter()
                .filter(|entry| !entry.key.starts_with("x-"))
            {
                let spot = Spot::of(entry);
                self.look(spot);
                let target = self.follow(side, spot);
                for method in target
                    .entries()
                    .iter()
                    .filter(|entry| METHODS.contains(&entry.key.as_str()))
                {
                    self.look(Spot::of(method));
                }
            }
        }
    }

    /// The texts of a path are about all its operations, and are reported once.
    pub(super) fn path_item(&mut self, old: &Endpoint<'a>, new: &Endpoint<'a>) {
        self.twin(old.item, new.item);
        let changes = changed_keywords(old.item, new.item, |key, _| {
            METHODS.contains(&key)
                || matches!(
                    key,
                    "parameters" | "servers" | "$ref" | "additionalOperations"
                )
        });
        let slot = Slot {
            role: Role::Schema,
            subject: new.shown_path().to_owned(),
            owner: Owner::Operations(BTreeSet::from([new.label()]), Direction::BOTH),
            travels: Direction::BOTH,
            is_reversed: new.is_reversed,
            ignores_null: false,
            parameter: None,
            touch: Touch::default(),
            whole: (old.item, new.item),
            cause: Some(format!("path {}", new.template)),
            shared_subject: None,
        };
        self.keywords(&slot, changes);
    }

    /// The same operation at another location: by an id that no other operation of either side has.
    fn is_moved(&self, old: &Endpoint<'a>, new: &Endpoint<'a>) -> bool {
        let is_only = |operations: &[Endpoint<'a>]| {
            operations
                .iter()
                .filter(|operation| operation.id == old.id)
                .count()
                == 1
        };
        old.id.is_some()
            && old.id == new.id
            && is_only(self.base_operations)
            && is_only(self.head_operations)
    }

    pub(super) fn lone_operation(&mut self, side: Side, operation: &Endpoint<'a>) {
        let label = operation.label();
        let id = operation.id.unwrap_or("no operationId").to_owned();
        let method = Touched::Method(self.method(side, operation));
        let (kind, from, to, effect, touch) = match side {
            Side::Base => (
                FindingKind::OperationRemoved,
                Some(id),
                None,
                Effect::Withdraws,
                Touch::base(method),
            ),
            Side::Head => (
                FindingKind::OperationAdded,
                None,
                Some(id),
                Effect::Offers,
                Touch::head(method),
            ),
        };
        let nearest = match side {
            Side::Base => self.nearest_path(operation),
            Side::Head => None,
        };
        self.note(Difference {
            kind,
            subject: label.clone(),
            detail: String::new(),
            from,
            to,
            effect,
            certainty: 1.0,
            side,
            spot: operation.spot,
            nearest,
            owner: Owner::Operations(BTreeSet::from([label]), Direction::BOTH),
            travels: Direction::BOTH,
            touches: vec![touch],
            cause: None,
            shared_subject: None,
        });
    }

    /// The method of the generated client.
    fn method(&self, side: Side, operation: &Endpoint<'a>) -> String {
        self.description(side).method(
            operation.path,
            &operation.method,
            operation.id.unwrap_or_default(),
        )
    }

    /// The same path in the head, or all paths.
    fn nearest_path(&self, operation: &Endpoint<'a>) -> Option<Spot<'a>> {
        self.head_operations
            .iter()
            .find(|twin| twin.template == operation.template)
            .map(|twin| twin.item)
            .or_else(|| self.head.document.root.entry("paths").map(Spot::of))
    }

    fn operation(&mut self, old: &Endpoint<'a>, new: &Endpoint<'a>) {
        let label = new.label();
        let slot = Slot {
            role: Role::Response,
            owner: Owner::Operations(BTreeSet::from([label.clone()]), Direction::BOTH),
            travels: Direction::BOTH,
            is_reversed: false,
            ignores_null: false,
            parameter: None,
            touch: Touch {
                base: Some(Touched::Method(self.method(Side::Base, old))),
                head: Some(Touched::Method(self.method(Side::Head, new))),
            },
            subject: label.clone(),
            whole: (old.spot, new.spot),
            cause: None,
            shared_subject: None,
        };
        self.twin(old.spot, new.spot);
        if old.identity() != new.identity() {
            self.note(
                Difference::of(
                    FindingKind::OperationMoved,
                    &slot,
                    Some(old.spot),
                    Some(new.spot),
                )
                .from(old.label())
                .to(label)
                .effect(Effect::Withdraws),
            );
        }
        self.operation_id(&slot, old, new);
        self.requirements_of(&slot, old, new);
        self.servers_of(&slot, old, new);
        let parameters = |operation: &Endpoint<'a>| operation.item.node.get("parameters");
        let may_point = self.base.has_pointers || self.head.has_pointers;
        let is_same = same(old.spot.node, new.spot.node)
            && match (parameters(old), parameters(new)) {
                (Some(old), Some(new)) => same(old, new),
                (old, new) => old.is_none() && new.is_none(),
            }
            && old.path == new.path
            && !(may_point
                && (has_pointers(old.spot.node) || parameters(old).is_some_and(has_pointers)));
        if !is_same {
            self.operation_parts(&slot, old, new);
            self.access(&slot, old.spot, new.spot);
        }
    }

    pub(super) fn operation_id(&mut self, slot: &Slot<'a>, old: &Endpoint<'a>, new: &Endpoint<'a>) {
        if old.id == new.id {
            return;
        }
        let spots = (old.spot.get("operationId"), new.spot.get("operationId"));
        let (from, to) = (old.id.unwrap_or_default(), new.id.unwrap_or_default());
        if self.flavours_differ && plain_operation_id(from) == plain_operation_id(to) {
            return [spots.0, spots.1]
                .into_iter()
                .flatten()
                .for_each(|spot| self.look(spot));
        }
        self.note(
            Difference::of(FindingKind::OperationRenamed, slot, spots.0, spots.1)
                .values(old.id.map(str::to_owned), new.id.map(str::to_owned)),
        );
    }

    /// Compares parameters, body, responses and texts of an operation.
    pub(super) fn operation_parts(
        &mut self,
        slot: &Slot<'a>,
        old: &Endpoint<'a>,
        new: &Endpoint<'a>,
    ) {
        self.twin(old.spot, new.spot);
        self.parameters(slot, old, new);
        self.request_bodies(slot, old, new);
        self.responses(slot, old, new);
        self.callbacks(slot, old, new);
        let changes = changed_keywords(old.spot, new.spot, |key, spot| {
            matches!(
                key,
                "operationId"
                    | "parameters"
                    | "requestBody"
                    | "responses"
                    | "callbacks"
                    | "security"
                    | "servers"
                    | "x-graph-permissions"
                    | "x-graph-roles"
            ) || (key == "deprecated" && spot.node.as_bool() == Some(false))
                || (key == "tags" && is_same_list(key, old, new))
        });
        self.keywords(slot, changes);
        for spot in [old.spot, new.spot] {
            for key in ["tags", "deprecated", "security", "operationId"] {
                if let Some(spot) = spot.get(key) {
                    self.look_at_all(spot);
                }
            }
        }
    }

    /// Compares permissions, each of which suffices.
    fn access(&mut self, slot: &Slot<'a>, old: Spot<'a>, new: Spot<'a>) {
        for key in ["x-graph-permissions", "x-graph-roles"] {
            let (before, after) = (old.get(key), new.get(key));
            [before, after]
                .into_iter()
                .flatten()
                .for_each(|spot| self.look_at_all(spot));
            let (from, to) = (permissions(before), permissions(after));
            if from == to {
                continue;
            }
            let text = |all: &BTreeSet<String>| {
                (!all.is_empty()).then(|| all.iter().cloned().collect::<Vec<_>>().join(", "))
            };
            let effect = match (from.is_subset(&to), to.is_subset(&from)) {
                // If nothing was required before, something is now.
                (true, _) if from.is_empty() => Effect::Withdraws,
                (_, true) if to.is_empty() => Effect::Offers,
                (true, _) => Effect::Offers,
                (_, true) => Effect::Withdraws,
                (false, false) => Effect::Withdraws,
            };
            self.note(
                Difference::of(FindingKind::ScopesChanged, slot, before, after)
                    .detail(key)
                    .values(text(&from), text(&to))
                    .effect(effect),
            );
        }
    }
}

fn is_same_list(key: &str, old: &Endpoint<'_>, new: &Endpoint<'_>) -> bool {
    match (old.spot.node.get(key), new.spot.node.get(key)) {
        (Some(old), Some(new)) => same_set(old, new),
        _ => false,
    }
}

/// Permissions with their holder and width, or roles.
fn permissions(spot: Option<Spot<'_>>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let Some(spot) = spot else {
        return all;
    };
    for role in spot.items() {
        all.insert(inline_text(role));
    }
    for who in spot.entries() {
        for rank in who.node.entries() {
            // A value that is not a list of names counts as a name, so that its change is reported.
            let names: Vec<&Node> = match rank.node.as_sequence() {
                Some(names) => names.iter().collect(),
                None => vec![&rank.node],
            };
            for name in names {
                all.insert(format!("{} {} {}", who.key, rank.key, inline_text(name)));
            }
        }
        if who.node.as_mapping().is_none_or(<[_]>::is_empty) {
            all.insert(format!("{} {}", who.key, inline_text(&who.node)));
        }
    }
    all
}
