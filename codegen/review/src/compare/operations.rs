//! Compares operations: which there are, how they are called, who may call them, and what is said of them.

use std::collections::{BTreeMap, BTreeSet};

use graph_client_codegen::load::Node;

use super::super::document::Place;
use super::super::finding::{Kind as Finding, Side};
use super::super::flavour::plain_operation_id;
use super::super::operation::{METHODS, Operation};
use super::super::same::{same, same_set};
use super::super::wire::{Direction, Effect};
use super::parameters::changed_keywords;
use super::{Comparison, Difference, Owner, Role, Slot, Touch, Touched};

const BOTH: Direction = Direction {
    request: true,
    response: true,
};

impl<'a> Comparison<'a> {
    pub(super) fn operations(&mut self) {
        let (old, new) = (self.base_operations, self.head_operations);
        let mut twins: BTreeMap<usize, usize> = BTreeMap::new();
        let by_label: BTreeMap<String, usize> = new
            .iter()
            .enumerate()
            .map(|(index, operation)| (operation.label(), index))
            .collect();
        for (index, operation) in old.iter().enumerate() {
            if let Some(twin) = by_label.get(&operation.label()) {
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

    /// What is said of a path is said of all its operations, once.
    fn path_item(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let changes = changed_keywords(old.item, new.item, |key, _| {
            METHODS.contains(&key) || matches!(key, "parameters" | "$ref")
        });
        let slot = Slot {
            role: Role::Response,
            subject: new.template.clone(),
            owner: Owner::Operations(BTreeSet::from([new.label()]), BOTH),
            touch: Touch::default(),
            whole: (old.item, new.item),
            cause: Some(format!("path {}", new.template)),
            shared_subject: None,
        };
        self.keywords(&slot, changes);
    }

    /// The same operation at another place: by its id, which no other operation of either side has.
    fn is_moved(&self, old: &Operation<'a>, new: &Operation<'a>) -> bool {
        let is_only = |operations: &[Operation<'a>]| {
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

    fn lone_operation(&mut self, side: Side, operation: &Operation<'a>) {
        let label = operation.label();
        let id = operation.id.unwrap_or("no operationId").to_owned();
        let method = Touched::Method(self.method(side, operation));
        let (kind, from, to, effect, touch) = match side {
            Side::Base => (
                Finding::OperationRemoved,
                Some(id),
                None,
                Effect::Withdraws,
                Touch::base(method),
            ),
            Side::Head => (
                Finding::OperationAdded,
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
            place: operation.place,
            nearest,
            owner: Owner::Operations(BTreeSet::from([label]), BOTH),
            touches: vec![touch],
            cause: None,
            shared_subject: None,
        });
    }

    /// The method of the generated client.
    fn method(&self, side: Side, operation: &Operation<'a>) -> String {
        self.description(side)
            .method(operation.id.unwrap_or_default())
    }

    /// The same path in the head, or all paths.
    fn nearest_path(&self, operation: &Operation<'a>) -> Option<Place<'a>> {
        self.head_operations
            .iter()
            .find(|twin| twin.template == operation.template)
            .map(|twin| twin.item)
            .or_else(|| self.head.document.root.entry("paths").map(Place::of))
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let label = new.label();
        let slot = Slot {
            role: Role::Response,
            owner: Owner::Operations(BTreeSet::from([label.clone()]), BOTH),
            touch: Touch {
                base: Some(Touched::Method(self.method(Side::Base, old))),
                head: Some(Touched::Method(self.method(Side::Head, new))),
            },
            subject: label.clone(),
            whole: (old.place, new.place),
            cause: None,
            shared_subject: None,
        };
        if old.label() != label {
            self.note(
                Difference::at(Finding::OperationMoved, &slot, Side::Head, new.place)
                    .from(old.label())
                    .to(label)
                    .effect(Effect::Withdraws),
            );
        }
        self.operation_id(&slot, old, new);
        let is_same = same(old.place.node, new.place.node)
            && match (
                old.item.node.get("parameters"),
                new.item.node.get("parameters"),
            ) {
                (Some(old), Some(new)) => same(old, new),
                (old, new) => old.is_none() && new.is_none(),
            }
            && old.path == new.path;
        if is_same {
            return;
        }
        self.parameters(&slot, old, new);
        self.request_bodies(&slot, old, new);
        self.responses(&slot, old, new);
        self.security(&slot, old.place.get("security"), new.place.get("security"));
        self.access(&slot, old.place, new.place);
        self.operation_keywords(&slot, old, new);
    }

    fn operation_id(&mut self, slot: &Slot<'a>, old: &Operation<'a>, new: &Operation<'a>) {
        if old.id == new.id {
            return;
        }
        let (from, to) = (old.id.unwrap_or_default(), new.id.unwrap_or_default());
        if self.flavours_differ && plain_operation_id(from) == plain_operation_id(to) {
            return;
        }
        let place = new.place.get("operationId").unwrap_or(new.place);
        self.note(
            Difference::at(Finding::OperationRenamed, slot, Side::Head, place)
                .values(old.id.map(str::to_owned), new.id.map(str::to_owned)),
        );
    }

    /// Who may call: any one of the listed permissions suffices.
    fn access(&mut self, slot: &Slot<'a>, old: Place<'a>, new: Place<'a>) {
        for key in ["x-graph-permissions", "x-graph-roles"] {
            let (before, after) = (old.get(key), new.get(key));
            let (from, to) = (permissions(before), permissions(after));
            if from == to {
                continue;
            }
            let text = |all: &BTreeSet<String>| {
                (!all.is_empty()).then(|| all.iter().cloned().collect::<Vec<_>>().join(", "))
            };
            let effect = match (from.is_subset(&to), to.is_subset(&from)) {
                // Where nothing was asked for, something is.
                (true, _) if from.is_empty() => Effect::Withdraws,
                (_, true) if to.is_empty() => Effect::Offers,
                (true, _) => Effect::Offers,
                (_, true) => Effect::Withdraws,
                (false, false) => Effect::Withdraws,
            };
            let (side, place) = match (before, after) {
                (_, Some(after)) => (Side::Head, after),
                (Some(before), None) => (Side::Base, before),
                (None, None) => continue,
            };
            self.note(
                Difference::at(Finding::ScopesChanged, slot, side, place)
                    .detail(key)
                    .values(text(&from), text(&to))
                    .effect(effect),
            );
        }
    }

    fn operation_keywords(&mut self, slot: &Slot<'a>, old: &Operation<'a>, new: &Operation<'a>) {
        let changes = changed_keywords(old.place, new.place, |key, node| {
            matches!(
                key,
                "operationId"
                    | "parameters"
                    | "requestBody"
                    | "responses"
                    | "security"
                    | "x-graph-permissions"
                    | "x-graph-roles"
            ) || (key == "deprecated" && node.as_bool() == Some(false))
                || (key == "tags" && is_same_list(key, old, new))
        });
        let (mut texts, rest): (Vec<_>, Vec<_>) = changes
            .into_iter()
            .partition(|change| super::facets::is_text(change.0));
        texts.retain(|(_, before, after)| match (before, after) {
            (Some(before), Some(after)) => {
                let words = |place: &Place<'a>| {
                    place.node.as_str().map(|text| {
                        text.split_whitespace()
                            .map(str::to_owned)
                            .collect::<Vec<_>>()
                    })
                };
                !same(before.node, after.node)
                    && (words(before).is_none() || words(before) != words(after))
            }
            _ => true,
        });
        texts.extend(self.body_texts(old, new));
        self.texts(slot, texts);
        self.keywords(slot, rest);
    }
}

fn is_same_list(key: &str, old: &Operation<'_>, new: &Operation<'_>) -> bool {
    match (old.place.node.get(key), new.place.node.get(key)) {
        (Some(old), Some(new)) => same_set(old, new),
        _ => false,
    }
}

/// Permissions with who has them and how wide they are, or roles.
fn permissions(place: Option<Place<'_>>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let Some(place) = place else {
        return all;
    };
    for role in place.items().iter().filter_map(Node::as_str) {
        all.insert(role.to_owned());
    }
    for who in place.entries() {
        for rank in who.node.entries() {
            for name in rank.node.as_sequence().unwrap_or_default() {
                if let Some(name) = name.as_str() {
                    all.insert(format!("{} {} {name}", who.key, rank.key));
                }
            }
        }
    }
    all
}
