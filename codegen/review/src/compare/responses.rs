//! Compares responses: by class of status, then by what they hold.

use graph_client_codegen::load::Entry;

use super::super::document::Place;
use super::super::finding::{Kind as Finding, Side};
use super::super::operation::{Operation, Response, is_range};
use super::super::same::{inline_text, same};
use super::super::wire::{Direction, Effect};
use super::parameters::changed_keywords;
use super::{Comparison, Difference, Owner, Role, Slot};

impl<'a> Comparison<'a> {
    pub(super) fn responses(&mut self, slot: &Slot<'a>, old: &Operation<'a>, new: &Operation<'a>) {
        let slot = &Slot {
            role: Role::Response,
            owner: match &slot.owner {
                Owner::Operations(labels, _) => {
                    Owner::Operations(labels.clone(), Direction::RESPONSE)
                }
                other => other.clone(),
            },
            ..slot.clone()
        };
        let (before, after) = (old.responses(self.base), new.responses(self.head));
        let mut classes: Vec<char> = before
            .iter()
            .chain(&after)
            .map(|response| response.class)
            .collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            let of = |responses: &[Response<'a>]| {
                responses
                    .iter()
                    .filter(|response| response.class == class)
                    .copied()
                    .collect::<Vec<_>>()
            };
            self.class_of_responses(slot, class, of(&before), of(&after));
        }
    }

    /// The responses of one class: the same status with itself, then a range with what it stands for.
    fn class_of_responses(
        &mut self,
        slot: &Slot<'a>,
        class: char,
        mut old: Vec<Response<'a>>,
        mut new: Vec<Response<'a>>,
    ) {
        let mut pairs = Vec::new();
        old.retain(|response| {
            let index = new
                .iter()
                .position(|twin| twin.status.eq_ignore_ascii_case(response.status));
            match index {
                Some(index) => pairs.push((*response, new.remove(index))),
                None => return true,
            }
            false
        });
        let has_range = |responses: &[Response<'a>]| {
            responses
                .iter()
                .any(|response| is_range(response.status) || response.status == "default")
        };
        let any_range = has_range(&old)
            || has_range(&new)
            || pairs
                .iter()
                .any(|(old, new)| is_range(old.status) || is_range(new.status));
        if !old.is_empty() && !new.is_empty() && (has_range(&old) || has_range(&new)) {
            // The one with a body says what the range holds; one without is the same range without it.
            let fullest = |responses: &mut Vec<Response<'a>>| {
                let index = responses
                    .iter()
                    .position(|response| response.place.node.get("content").is_some())
                    .unwrap_or(0);
                responses.remove(index)
            };
            pairs.push((fullest(&mut old), fullest(&mut new)));
        } else if let ([before], [after]) = (old.as_slice(), new.as_slice()) {
            let (before, after) = (*before, *after);
            self.note(
                Difference::at(Finding::ResponseStatusChanged, slot, Side::Head, after.key)
                    .from(before.status)
                    .to(after.status)
                    .effect(if class == '2' {
                        Effect::Swaps
                    } else {
                        Effect::Offers
                    }),
            );
            pairs.push((before, after));
            old.clear();
            new.clear();
        }
        // What a range covers is not another response, unless it holds something of its own.
        let is_covered =
            |response: &Response<'a>| any_range && response.place.node.get("content").is_none();
        let is_success = class == '2';
        for response in old.into_iter().filter(|response| !is_covered(response)) {
            let text = self.content_text(Side::Base, response.place);
            let effect = if is_success {
                Effect::Withdraws
            } else {
                Effect::Offers
            };
            let mut difference =
                Difference::at(Finding::ResponseRemoved, slot, Side::Base, response.key)
                    .detail(response.status)
                    .from(text)
                    .effect(effect);
            self.of_error(&mut difference, class);
            self.note(difference);
        }
        for response in new.into_iter().filter(|response| !is_covered(response)) {
            let text = self.content_text(Side::Head, response.place);
            let mut difference =
                Difference::at(Finding::ResponseAdded, slot, Side::Head, response.key)
                    .detail(response.status)
                    .to(text)
                    .effect(Effect::Offers);
            self.of_error(&mut difference, class);
            self.note(difference);
        }
        for (old, new) in pairs {
            if old.component.is_some() && old.component == new.component {
                continue;
            }
            let mut inner = Slot {
                whole: (old.place, new.place),
                ..slot.clone()
            };
            if !is_success {
                // Errors are the same everywhere, and their classes are told apart only by who is to blame.
                inner.cause = Some("error response".to_owned());
                inner.shared_subject = Some("error response".to_owned());
            }
            self.response_content(&inner, old.place, new.place);
        }
    }

    /// The same error response that came or went with several operations, or for two classes, is one finding.
    fn of_error(&self, difference: &mut Difference<'a>, class: char) {
        if class != '2' {
            let text = format!("{:?}{:?}", difference.from, difference.to);
            difference.cause = Some(format!("error {} {text}", difference.detail));
            difference.shared_subject = Some("error response".to_owned());
        }
    }

    pub(super) fn response_content(&mut self, slot: &Slot<'a>, old: Place<'a>, new: Place<'a>) {
        self.content(slot, old, new, Finding::ResponseMediaTypeChanged);
        self.parts(
            slot,
            (old.get("headers"), new.get("headers")),
            [
                Finding::ResponseHeaderRemoved,
                Finding::ResponseHeaderAdded,
                Finding::ResponseHeaderChanged,
            ],
            true,
        );
        self.parts(
            slot,
            (old.get("links"), new.get("links")),
            [
                Finding::ResponseLinkRemoved,
                Finding::ResponseLinkAdded,
                Finding::ResponseLinkChanged,
            ],
            false,
        );
        let changes = changed_keywords(old, new, |key, _| {
            matches!(key, "content" | "headers" | "links" | "$ref") || super::facets::is_text(key)
        });
        self.keywords(slot, changes);
    }

    /// Headers or links, by name.
    fn parts(
        &mut self,
        slot: &Slot<'a>,
        places: (Option<Place<'a>>, Option<Place<'a>>),
        [removed, added, changed]: [Finding; 3],
        travels: bool,
    ) {
        let entries =
            |place: Option<Place<'a>>| place.map(|place| place.entries()).unwrap_or_default();
        let (old, new) = (entries(places.0), entries(places.1));
        let find = |entries: &'a [Entry], key: &str| {
            entries
                .iter()
                .find(|entry| entry.key.eq_ignore_ascii_case(key))
        };
        let effect = |effect: Effect| if travels { effect } else { Effect::Nothing };
        for entry in old {
            let Some(twin) = find(new, &entry.key) else {
                self.note(
                    Difference::at(removed, slot, Side::Base, Place::of(entry))
                        .detail(&*entry.key)
                        .from(&*entry.key)
                        .effect(effect(Effect::Withdraws))
                        .specific(),
                );
                continue;
            };
            let (before, after) = (
                self.base.follow(Place::of(entry)),
                self.head.follow(Place::of(twin)),
            );
            if !same(before.node, after.node) {
                self.note(
                    Difference::at(changed, slot, Side::Head, Place::of(twin))
                        .detail(&*entry.key)
                        .from(inline_text(before.node))
                        .to(inline_text(after.node))
                        .effect(effect(Effect::Swaps))
                        .specific(),
                );
            }
        }
        for entry in new.iter().filter(|entry| find(old, &entry.key).is_none()) {
            self.note(
                Difference::at(added, slot, Side::Head, Place::of(entry))
                    .detail(&*entry.key)
                    .to(&*entry.key)
                    .effect(effect(Effect::Offers))
                    .specific(),
            );
        }
    }
}
