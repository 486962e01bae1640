//! Compares request bodies, those of an operation and shared ones.

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::operation::Endpoint;
use super::super::wire::{Direction, Effect};
use super::keywords::changed_keywords;
use super::objects::owner_of_property;
use super::{Comparison, Difference, Owner, Role, Slot, Touch};

impl<'a> Comparison<'a> {
    pub(super) fn request_bodies(
        &mut self,
        slot: &Slot<'a>,
        old: &Endpoint<'a>,
        new: &Endpoint<'a>,
    ) {
        let slot = &Slot {
            role: Role::RequestBody,
            owner: Self::towards(&slot.owner, slot.sent()),
            ..slot.clone()
        };
        match (old.spot.get("requestBody"), new.spot.get("requestBody")) {
            (None, None) => {}
            (Some(before), None) => {
                let target = self.follow(Side::Base, before);
                let text = self.content_text(Side::Base, target);
                self.note(
                    Difference::at(FindingKind::RequestBodyRemoved, slot, Side::Base, before)
                        .from(text)
                        .effect(Effect::Withdraws),
                );
            }
            (None, Some(after)) => {
                let target = self.follow(Side::Head, after);
                let text = self.content_text(Side::Head, target);
                let (detail, effect) = match target.flag("required") {
                    true => ("required", Effect::Tightens),
                    false => ("", Effect::Offers),
                };
                self.note(
                    Difference::at(FindingKind::RequestBodyAdded, slot, Side::Head, after)
                        .to(text)
                        .detail(detail)
                        .effect(effect),
                );
            }
            (Some(before), Some(after)) => {
                let is_shared =
                    before.text("$ref").is_some() && before.text("$ref") == after.text("$ref");
                self.twin(before, after);
                if !is_shared {
                    let (before, after) = (
                        self.follow(Side::Base, before),
                        self.follow(Side::Head, after),
                    );
                    self.request_body(slot, before, after);
                }
            }
        }
    }

    fn request_body(&mut self, slot: &Slot<'a>, before: Spot<'a>, after: Spot<'a>) {
        self.twin(before, after);
        let slot = &slot.between(before, after);
        let demanded = (before.flag("required"), after.flag("required"));
        self.demands(
            slot,
            (before, after),
            demanded,
            FindingKind::RequestBodyRequiredChanged,
        );
        self.content(
            slot,
            before,
            after,
            FindingKind::RequestBodyMediaTypeChanged,
        );
        let changes = changed_keywords(before, after, |key, _| {
            matches!(key, "required" | "content" | "$ref")
        });
        self.keywords(&of_itself(slot), changes);
    }

    pub(super) fn shared_request_body(&mut self, name: &'a str, old: Spot<'a>, new: Spot<'a>) {
        let slot = shared_slot(name, (old, new), Role::RequestBody);
        self.request_body(&slot, old, new);
    }

    pub(super) fn shared_response(&mut self, name: &'a str, old: Spot<'a>, new: Spot<'a>) {
        let slot = shared_slot(name, (old, new), Role::Response);
        self.response_content(&slot, old, new);
    }
}

/// The slot of keywords of a body or response itself, and not of its operation.
pub(super) fn of_itself<'a>(slot: &Slot<'a>) -> Slot<'a> {
    Slot {
        subject: owner_of_property(slot),
        ..slot.clone()
    }
}

/// The slot of a part below `components`.
pub(super) fn shared_slot<'a>(name: &'a str, whole: (Spot<'a>, Spot<'a>), role: Role) -> Slot<'a> {
    let (kind, word) = match role {
        Role::Response => ("responses", "response"),
        Role::Header => ("headers", "header"),
        _ => ("requestBodies", "request body"),
    };
    Slot {
        role,
        subject: format!("{word} {}", name.rsplit('.').next().unwrap_or(name)),
        owner: Owner::Component(kind, name),
        travels: Direction::BOTH,
        is_reversed: false,
        ignores_null: false,
        parameter: None,
        touch: Touch::default(),
        whole,
        cause: None,
        shared_subject: None,
    }
}
