//! Compares bodies, of requests and of responses: by media type and by type.

use graph_client_codegen::load::Node;

use super::super::document::Place;
use super::super::finding::{Kind as Finding, Side};
use super::super::operation::{Operation, Response};
use super::super::same::{inline_text, same};
use super::super::wire::{Direction, Effect};
use super::facets::Change;
use super::parameters::changed_keywords;
use super::{Comparison, Difference, Owner, Role, Slot, Touch};

impl<'a> Comparison<'a> {
    pub(super) fn request_bodies(
        &mut self,
        slot: &Slot<'a>,
        old: &Operation<'a>,
        new: &Operation<'a>,
    ) {
        let (before, after) = (old.place.get("requestBody"), new.place.get("requestBody"));
        let word = |required: bool| if required { "required" } else { "optional" };
        match (before, after) {
            (None, None) => {}
            (Some(before), None) => {
                let place = self.base.follow(before);
                let text = self.content_text(Side::Base, place);
                self.note(
                    Difference::at(Finding::RequestBodyRemoved, slot, Side::Base, before)
                        .from(text)
                        .effect(Effect::Withdraws),
                );
            }
            (None, Some(after)) => {
                let place = self.head.follow(after);
                let text = self.content_text(Side::Head, place);
                let effect = match place.flag("required") {
                    true => Effect::Tightens,
                    false => Effect::Offers,
                };
                self.note(
                    Difference::at(Finding::RequestBodyAdded, slot, Side::Head, after)
                        .to(text)
                        .detail(if place.flag("required") {
                            "required"
                        } else {
                            ""
                        })
                        .effect(effect),
                );
            }
            (Some(before), Some(after)) => {
                if before.text("$ref").is_some() && before.text("$ref") == after.text("$ref") {
                    return;
                }
                let (before, after) = (self.base.follow(before), self.head.follow(after));
                self.request_body(slot, before, after, word);
            }
        }
    }

    fn request_body(
        &mut self,
        slot: &Slot<'a>,
        before: Place<'a>,
        after: Place<'a>,
        word: impl Fn(bool) -> &'static str,
    ) {
        let slot = &Slot {
            role: Role::RequestBody,
            owner: match &slot.owner {
                Owner::Operations(labels, _) => {
                    Owner::Operations(labels.clone(), Direction::REQUEST)
                }
                other => other.clone(),
            },
            whole: (before, after),
            ..slot.clone()
        };
        let (from, to) = (before.flag("required"), after.flag("required"));
        if from != to {
            let effect = if to {
                Effect::Tightens
            } else {
                Effect::Loosens
            };
            let place = after.get("required").unwrap_or(after);
            self.note(
                Difference::at(Finding::RequestBodyRequiredChanged, slot, Side::Head, place)
                    .from(word(from))
                    .to(word(to))
                    .effect(effect),
            );
        }
        self.content(slot, before, after, Finding::RequestBodyMediaTypeChanged);
        let changes = changed_keywords(before, after, |key, _| {
            matches!(key, "required" | "content" | "$ref") || super::facets::is_text(key)
        });
        self.keywords(slot, changes);
    }

    pub(super) fn shared_request_body(&mut self, name: &'a str, old: Place<'a>, new: Place<'a>) {
        let slot = shared_slot(name, (old, new), Role::RequestBody);
        self.request_body(&slot, old, new, |required| {
            if required { "required" } else { "optional" }
        });
        self.shared_texts(&slot, old, new);
    }

    pub(super) fn shared_response(&mut self, name: &'a str, old: Place<'a>, new: Place<'a>) {
        let slot = shared_slot(name, (old, new), Role::Response);
        self.response_content(&slot, old, new);
        self.shared_texts(&slot, old, new);
    }

    fn shared_texts(&mut self, slot: &Slot<'a>, old: Place<'a>, new: Place<'a>) {
        let changes = changed_keywords(old, new, |key, _| !super::facets::is_text(key));
        self.keywords(slot, changes);
    }

    pub(super) fn content(
        &mut self,
        slot: &Slot<'a>,
        old: Place<'a>,
        new: Place<'a>,
        kind: Finding,
    ) {
        let (before, after) = (media_types(old), media_types(new));
        if slot.role == Role::Response && before.is_empty() != after.is_empty() {
            let difference = match before.is_empty() {
                true => Difference::at(Finding::ResponseBodyAdded, slot, Side::Head, new)
                    .to(self.content_text(Side::Head, new))
                    .effect(Effect::Offers),
                false => Difference::at(Finding::ResponseBodyRemoved, slot, Side::Base, old)
                    .from(self.content_text(Side::Base, old))
                    .effect(Effect::Withdraws),
            };
            return self.note(difference.specific());
        }
        let names = |types: &[(String, Place<'a>)]| {
            let mut names: Vec<&str> = types.iter().map(|(name, _)| name.as_str()).collect();
            names.sort_unstable();
            names.join(", ")
        };
        let (from, to) = (names(&before), names(&after));
        if from != to {
            let lost = before
                .iter()
                .any(|(name, _)| !after.iter().any(|(twin, _)| twin == name));
            let effect = if lost {
                Effect::Withdraws
            } else {
                Effect::Offers
            };
            let place = new.get("content").unwrap_or(new);
            self.note(
                Difference::at(kind, slot, Side::Head, place)
                    .from(from)
                    .to(to)
                    .effect(effect)
                    .specific(),
            );
        }
        let mut seen: Vec<(Place<'a>, Place<'a>)> = Vec::new();
        for (name, place) in &before {
            // One body under another media type is still the same body.
            let twin =
                after
                    .iter()
                    .find(|(twin, _)| twin == name)
                    .or(match (before.len(), after.len()) {
                        (1, 1) => after.first(),
                        _ => None,
                    });
            let Some((_, twin)) = twin else { continue };
            if let (Some(from), Some(to)) = (place.get("schema"), twin.get("schema")) {
                let is_repeated = seen
                    .iter()
                    .any(|(old, new)| same(old.node, from.node) && same(new.node, to.node));
                if !is_repeated {
                    seen.push((from, to));
                    let inner = Slot {
                        whole: (from, to),
                        ..slot.clone()
                    };
                    self.types(&inner, from, to);
                }
            }
        }
    }

    /// The type of a body in one word.
    pub(super) fn content_text(&self, side: Side, place: Place<'a>) -> String {
        match media_types(place).first() {
            Some((name, media)) => match media.get("schema") {
                Some(schema) => self.text(side, schema),
                None => name.clone(),
            },
            None => "nothing".to_owned(),
        }
    }

    /// What a reader is told of the body and the responses of an operation.
    pub(super) fn body_texts(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Change<'a>> {
        let mut changes = Vec::new();
        let bodies = (old.place.get("requestBody"), new.place.get("requestBody"));
        if let (Some(before), Some(after)) = bodies {
            self.told("request body", before, after, &mut changes);
        }
        let (before, after) = (old.responses(self.base), new.responses(self.head));
        let success = |responses: &[Response<'a>]| {
            let mut of_class = responses.iter().filter(|response| response.class == '2');
            match (of_class.next(), of_class.next()) {
                (Some(only), None) => Some(only.key),
                _ => None,
            }
        };
        if let (Some(before), Some(after)) = (success(&before), success(&after)) {
            self.told("response", before, after, &mut changes);
        }
        changes
    }

    fn told(
        &self,
        what: &'static str,
        before: Place<'a>,
        after: Place<'a>,
        changes: &mut Vec<Change<'a>>,
    ) {
        // What is said of a shared part is compared once, for all who share it.
        if before.text("$ref").is_some() && before.text("$ref") == after.text("$ref") {
            return;
        }
        let (before, after) = (self.base.follow(before), self.head.follow(after));
        let text = |place: Place<'a>| place.get("description");
        let (from, to) = (text(before), text(after));
        let words = |place: Option<Place<'a>>| {
            place
                .map(|place| inline_text(place.node))
                .unwrap_or_default()
        };
        if words(from) != words(to) {
            changes.push((what, from, to));
        }
        let examples = |place: Place<'a>| {
            let (_, media) = media_types(place).into_iter().next()?;
            media.get("example").or_else(|| media.get("examples"))
        };
        let (from, to) = (examples(before), examples(after));
        let is_same = match (from, to) {
            (Some(from), Some(to)) => same(from.node, to.node),
            (from, to) => from.is_none() && to.is_none(),
        };
        if !is_same {
            changes.push((
                if what == "response" {
                    "response example"
                } else {
                    "request example"
                },
                from,
                to,
            ));
        }
    }
}

fn shared_slot<'a>(name: &'a str, whole: (Place<'a>, Place<'a>), role: Role) -> Slot<'a> {
    let (kind, word) = match role {
        Role::Response => ("responses", "response"),
        _ => ("requestBodies", "request body"),
    };
    Slot {
        role,
        subject: format!("{word} {}", name.rsplit('.').next().unwrap_or(name)),
        owner: Owner::Component(kind, name),
        touch: Touch::default(),
        whole,
        cause: None,
        shared_subject: None,
    }
}

/// The media types of a body, without their parameters.
fn media_types<'a>(place: Place<'a>) -> Vec<(String, Place<'a>)> {
    let content = place
        .node
        .get("content")
        .map(Node::entries)
        .unwrap_or_default();
    content
        .iter()
        .map(|entry| {
            let name = entry
                .key
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_lowercase();
            (name, Place::of(entry))
        })
        .collect()
}
