//! Compares what holds for a whole description: servers, security, and what it says of itself.

use std::collections::BTreeSet;

use graph_client_codegen::load::Node;

use super::super::document::Place;
use super::super::finding::{Kind as Finding, Side};
use super::super::same::{inline_text, same};
use super::super::wire::Effect;
use super::facets::{Change, is_text};
use super::parameters::changed_keywords;
use super::{Comparison, Difference, Owner, Role, Slot, Touch};

impl<'a> Comparison<'a> {
    pub(super) fn globals(&mut self) {
        let (old, new) = (
            Place::item(&self.base.document.root),
            Place::item(&self.head.document.root),
        );
        let slot = Slot {
            role: Role::Schema,
            subject: "the description".to_owned(),
            owner: Owner::Document,
            touch: Touch::default(),
            whole: (old, new),
            cause: None,
            shared_subject: None,
        };
        self.servers(&slot, old.get("servers"), new.get("servers"));
        let inner = Slot {
            subject: "security".to_owned(),
            ..slot.clone()
        };
        self.security(&inner, old.get("security"), new.get("security"));
        self.schemes(&slot, scheme_place(old), scheme_place(new));
        self.about(&slot, old, new);
    }

    fn servers(&mut self, slot: &Slot<'a>, old: Option<Place<'a>>, new: Option<Place<'a>>) {
        let servers = |place: Option<Place<'a>>| {
            place
                .map(|place| place.items())
                .unwrap_or_default()
                .iter()
                .map(Place::item)
                .collect::<Vec<_>>()
        };
        let address = |place: &Place<'a>| {
            place
                .text("url")
                .unwrap_or_default()
                .trim_end_matches('/')
                .to_owned()
        };
        let (mut before, mut after) = (servers(old), servers(new));
        before.retain(|server| {
            let Some(index) = after
                .iter()
                .position(|twin| address(twin) == address(server))
            else {
                return true;
            };
            let twin = after.remove(index);
            let inner = Slot {
                subject: format!("server {}", address(&twin)),
                whole: (*server, twin),
                ..slot.clone()
            };
            self.keywords(
                &inner,
                changed_keywords(*server, twin, |key, _| key == "url"),
            );
            false
        });
        if let ([from], [to]) = (before.as_slice(), after.as_slice()) {
            return self.note(
                Difference::at(Finding::ServerChanged, slot, Side::Head, *to)
                    .subject(format!("server {}", address(to)))
                    .from(address(from))
                    .to(address(to))
                    .effect(Effect::Withdraws),
            );
        }
        for server in before {
            self.note(
                Difference::at(Finding::ServerRemoved, slot, Side::Base, server)
                    .subject(format!("server {}", address(&server)))
                    .from(address(&server))
                    .effect(Effect::Withdraws),
            );
        }
        for server in after {
            self.note(
                Difference::at(Finding::ServerAdded, slot, Side::Head, server)
                    .subject(format!("server {}", address(&server)))
                    .to(address(&server))
                    .effect(Effect::Offers),
            );
        }
    }

    /// Requirements, any one of which suffices: for all operations, or for one.
    pub(super) fn security(
        &mut self,
        slot: &Slot<'a>,
        old: Option<Place<'a>>,
        new: Option<Place<'a>>,
    ) {
        // What an operation says of itself may be what holds for all.
        let of = |place: Option<Place<'a>>, root: &'a Node| {
            requirements(place.or_else(|| root.entry("security").map(Place::of)))
        };
        let from = of(old, &self.base.document.root);
        let to = of(new, &self.head.document.root);
        if from == to || (old.is_none() && new.is_none()) {
            return;
        }
        let names = |all: &BTreeSet<(String, String)>| {
            all.iter()
                .map(|(scheme, _)| scheme.clone())
                .collect::<BTreeSet<_>>()
        };
        let kind = match names(&from) == names(&to) {
            true => Finding::ScopesChanged,
            false => Finding::SecurityChanged,
        };
        let effect = match from.is_subset(&to) && !from.is_empty() {
            true => Effect::Offers,
            false if to.is_empty() => Effect::Offers,
            false => Effect::Withdraws,
        };
        let text = |all: &BTreeSet<(String, String)>| match all.is_empty() {
            true => "nothing".to_owned(),
            false => all
                .iter()
                .map(|(scheme, scopes)| format!("{scheme}({scopes})"))
                .collect::<Vec<_>>()
                .join(" or "),
        };
        let (side, place) = match (old, new) {
            (_, Some(new)) => (Side::Head, new),
            (Some(old), None) => (Side::Base, old),
            (None, None) => return,
        };
        self.note(
            Difference::at(kind, slot, side, place)
                .from(text(&from))
                .to(text(&to))
                .effect(effect),
        );
    }

    fn schemes(&mut self, slot: &Slot<'a>, old: Option<Place<'a>>, new: Option<Place<'a>>) {
        let entries =
            |place: Option<Place<'a>>| place.map(|place| place.entries()).unwrap_or_default();
        let (before, after) = (entries(old), entries(new));
        let mut names: Vec<&str> = before
            .iter()
            .chain(after)
            .map(|entry| entry.key.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let find = |entries: &'a [graph_client_codegen::load::Entry]| {
                entries
                    .iter()
                    .find(|entry| entry.key == name)
                    .map(Place::of)
            };
            let inner = Slot {
                subject: format!("security scheme {name}"),
                ..slot.clone()
            };
            let difference = match (find(before), find(after)) {
                (Some(before), Some(after)) if same(before.node, after.node) => continue,
                (Some(before), Some(after)) => {
                    self.scheme(&inner, before, after);
                    continue;
                }
                (Some(before), None) => {
                    Difference::at(Finding::SecurityChanged, &inner, Side::Base, before)
                        .from(inline_text(before.node))
                        .effect(Effect::Withdraws)
                }
                (None, Some(after)) => {
                    Difference::at(Finding::SecurityChanged, &inner, Side::Head, after)
                        .to(inline_text(after.node))
                        .effect(Effect::Offers)
                }
                (None, None) => continue,
            };
            self.note(difference);
        }
    }

    /// One scheme: its scopes are one finding, its texts another, and all the rest a third.
    fn scheme(&mut self, slot: &Slot<'a>, before: Place<'a>, after: Place<'a>) {
        let (from, to) = (scopes(before), scopes(after));
        if from != to {
            let text =
                |scopes: &BTreeSet<String>| scopes.iter().cloned().collect::<Vec<_>>().join(", ");
            let effect = if from.is_subset(&to) {
                Effect::Offers
            } else {
                Effect::Withdraws
            };
            self.note(
                Difference::at(Finding::ScopesChanged, slot, Side::Head, after)
                    .from(text(&from))
                    .to(text(&to))
                    .effect(effect),
            );
        }
        let texts = changed_keywords(before, after, |key, _| !is_text(key));
        self.keywords(
            &Slot {
                whole: (before, after),
                ..slot.clone()
            },
            texts,
        );
        let rest = |place: Place<'a>| {
            let mut json = place.node.to_json();
            if let Some(scheme) = json.as_object_mut() {
                scheme.retain(|key, _| !is_text(key));
                let flows = scheme
                    .get_mut("flows")
                    .and_then(|flows| flows.as_object_mut());
                for flow in flows.into_iter().flat_map(|flows| flows.values_mut()) {
                    if let Some(flow) = flow.as_object_mut() {
                        flow.remove("scopes");
                    }
                }
            }
            json
        };
        let (from, to) = (rest(before), rest(after));
        if from != to {
            self.note(
                Difference::at(Finding::SecurityChanged, slot, Side::Head, after)
                    .from(from.to_string())
                    .to(to.to_string())
                    .effect(Effect::Withdraws),
            );
        }
    }

    /// What the description says of itself, and whatever stands at its top that no other rule knows.
    fn about(&mut self, slot: &Slot<'a>, old: Place<'a>, new: Place<'a>) {
        let inner = Slot {
            subject: "info".to_owned(),
            ..slot.clone()
        };
        if let (Some(before), Some(after)) = (old.get("info"), new.get("info")) {
            let changes: Vec<Change<'a>> = changed_keywords(before, after, |_, _| false)
                .into_iter()
                .filter(|(_, before, after)| match (before, after) {
                    (Some(before), Some(after)) => !same(before.node, after.node),
                    _ => true,
                })
                .collect();
            self.texts(
                &Slot {
                    whole: (before, after),
                    ..inner
                },
                changes,
            );
        }
        let rest = changed_keywords(old, new, |key, _| {
            matches!(
                key,
                "openapi" | "info" | "servers" | "security" | "paths" | "components"
            )
        });
        self.keywords(slot, rest);
    }
}

fn scheme_place(root: Place<'_>) -> Option<Place<'_>> {
    root.get("components")?.get("securitySchemes")
}

fn requirements(place: Option<Place<'_>>) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for requirement in place.map(|place| place.items()).unwrap_or_default() {
        let mut schemes = Vec::new();
        let mut scopes = Vec::new();
        for entry in requirement.entries() {
            schemes.push(entry.key.clone());
            let named = entry.node.as_sequence().unwrap_or_default();
            scopes.extend(named.iter().map(inline_text));
        }
        schemes.sort();
        scopes.sort();
        all.insert((schemes.join(" and "), scopes.join(", ")));
    }
    all
}

fn scopes(scheme: Place<'_>) -> BTreeSet<String> {
    let flows = scheme
        .node
        .get("flows")
        .map(Node::entries)
        .unwrap_or_default();
    flows
        .iter()
        .filter_map(|flow| flow.node.get("scopes"))
        .flat_map(|scopes| scopes.entries().iter().map(|entry| entry.key.clone()))
        .collect()
}
