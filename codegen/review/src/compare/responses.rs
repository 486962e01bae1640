//! Compares responses: by class of status, then by content.

use graph_client_codegen::load::Entry;

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::operation::{Endpoint, Response, is_range};
use super::super::same::{inline_text, same};
use super::super::wire::Effect;
use super::bodies::of_itself;
use super::keywords::changed_keywords;
use super::{Comparison, Difference, Slot};

/// The responses of one class: those of one side only, and those of both.
struct Class<'a> {
    class: char,
    old: Vec<Response<'a>>,
    new: Vec<Response<'a>>,
    pairs: Vec<(Response<'a>, Response<'a>)>,
    /// Whether a range is among them.
    has_range: bool,
    /// Whether a range or `default` covers the class: on the base, on the head.
    covered: (bool, bool),
}

impl<'a> Comparison<'a> {
    pub(super) fn responses(&mut self, slot: &Slot<'a>, old: &Endpoint<'a>, new: &Endpoint<'a>) {
        let slot = &Slot {
            owner: Self::towards(&slot.owner, slot.received()),
            ..slot.clone()
        };
        if let (Some(from), Some(to)) = (old.spot.get("responses"), new.spot.get("responses")) {
            self.twin(from, to);
            let extensions = changed_keywords(from, to, |key, _| !key.starts_with("x-"));
            self.keywords(slot, extensions);
        }
        let (before, after) = (old.responses(self.base), new.responses(self.head));
        for response in before.iter().chain(&after) {
            self.look(response.key);
            self.look(response.spot);
            if let Some(reference) = response.key.get("$ref") {
                self.look(reference);
            }
        }
        let mut classes: Vec<char> = before
            .iter()
            .chain(&after)
            .map(|response| response.class)
            .collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            let of = |responses: &[Response<'a>]| {
                let of_class = responses.iter().filter(|response| response.class == class);
                of_class.copied().collect::<Vec<_>>()
            };
            self.class_of_responses(slot, Class::of(class, of(&before), of(&after)));
        }
    }

    /// Compares the responses of one class: each status with itself, then a range with the statuses that it covers.
    fn class_of_responses(&mut self, slot: &Slot<'a>, mut all: Class<'a>) {
        let is_success = all.class == '2';
        if let Some((before, after)) = all.changed_status() {
            self.note(
                Difference::of(
                    FindingKind::ResponseStatusChanged,
                    slot,
                    Some(before.key),
                    Some(after.key),
                )
                .from(before.status)
                .to(after.status)
                .effect(match is_success {
                    true => Effect::Swaps,
                    false => Effect::Offers,
                }),
            );
            all.pairs.push((before, after));
        }
        // A status that a range covers is not a new response, unless it has content of its own.
        let holds_nothing = |response: &Response<'a>| {
            ["content", "headers", "links"]
                .iter()
                .all(|key| response.spot.node.get(key).is_none())
        };
        let is_covered = |response: &Response<'a>, by: bool| by && holds_nothing(response);
        for response in all
            .old
            .iter()
            .filter(|response| !is_covered(response, all.covered.1))
        {
            let effect = match is_success {
                true => Effect::Withdraws,
                false => Effect::Offers,
            };
            let text = self.content_text(Side::Base, response.spot);
            let mut difference =
                Difference::at(FindingKind::ResponseRemoved, slot, Side::Base, response.key)
                    .detail(response.status)
                    .from(text)
                    .effect(effect);
            self.of_error(&mut difference, all.class);
            self.note(difference);
        }
        for response in all
            .new
            .iter()
            .filter(|response| !is_covered(response, all.covered.0))
        {
            let text = self.content_text(Side::Head, response.spot);
            let mut difference =
                Difference::at(FindingKind::ResponseAdded, slot, Side::Head, response.key)
                    .detail(response.status)
                    .to(text)
                    .effect(Effect::Offers);
            self.of_error(&mut difference, all.class);
            self.note(difference);
        }
        for (old, new) in all.pairs {
            self.twin(old.key, new.key);
            if old.component.is_some() && old.component == new.component {
                continue;
            }
            let mut inner = slot.between(old.spot, new.spot);
            if !is_success {
                // All errors are treated alike; their classes only tell who is to blame.
                inner.cause = Some("error response".to_owned());
                inner.shared_subject = Some("error response".to_owned());
            }
            self.response_content(&inner, old.spot, new.spot);
        }
    }

    /// The same error response that was added or removed in several operations, or for two classes, is one finding.
    fn of_error(&self, difference: &mut Difference<'a>, class: char) {
        if class != '2' {
            let text = format!("{:?}{:?}", difference.from, difference.to);
            difference.cause = Some(format!("error {} {text}", difference.detail));
            difference.shared_subject = Some("error response".to_owned());
        }
    }

    pub(super) fn response_content(&mut self, slot: &Slot<'a>, old: Spot<'a>, new: Spot<'a>) {
        self.twin(old, new);
        self.content(slot, old, new, FindingKind::ResponseMediaTypeChanged);
        self.headers(slot, old.get("headers"), new.get("headers"));
        self.links(slot, old.get("links"), new.get("links"));
        let changes = changed_keywords(old, new, |key, _| {
            matches!(key, "content" | "headers" | "links" | "$ref")
        });
        self.keywords(&of_itself(slot), changes);
    }

    /// Links only inform readers: requests and responses do not change.
    fn links(&mut self, slot: &Slot<'a>, old: Option<Spot<'a>>, new: Option<Spot<'a>>) {
        if let (Some(before), Some(after)) = (old, new) {
            self.twin(before, after);
        }
        [old, new]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look(spot));
        let entries = |spot: Option<Spot<'a>>| spot.map(|spot| spot.entries()).unwrap_or_default();
        let (before, after) = (entries(old), entries(new));
        let find = |entries: &'a [Entry], key: &str| entries.iter().find(|entry| entry.key == key);
        for entry in before {
            match find(after, &entry.key) {
                Some(twin) => self.link(slot, &entry.key, Spot::of(entry), Spot::of(twin)),
                None => {
                    let difference = Difference::at(
                        FindingKind::ResponseLinkRemoved,
                        slot,
                        Side::Base,
                        Spot::of(entry),
                    );
                    self.note(difference.detail(&*entry.key).from(&*entry.key).specific());
                }
            }
        }
        for entry in after
            .iter()
            .filter(|entry| find(before, &entry.key).is_none())
        {
            let difference = Difference::at(
                FindingKind::ResponseLinkAdded,
                slot,
                Side::Head,
                Spot::of(entry),
            );
            self.note(difference.detail(&*entry.key).to(&*entry.key).specific());
        }
    }

    pub(super) fn link(&mut self, slot: &Slot<'a>, name: &str, before: Spot<'a>, after: Spot<'a>) {
        self.twin(before, after);
        if before.text("$ref").is_some() && before.text("$ref") == after.text("$ref") {
            return;
        }
        let (before, after) = (
            self.follow(Side::Base, before),
            self.follow(Side::Head, after),
        );
        if same(before.node, after.node) {
            return;
        }
        self.look_at_all(before);
        self.look_at_all(after);
        let changes = changed_keywords(before, after, |_, _| false);
        let first = changes.first().map(|(_, before, after)| (*before, *after));
        let (from, to) = first.unwrap_or((Some(before), Some(after)));
        self.note(
            Difference::of(FindingKind::ResponseLinkChanged, slot, from, to)
                .detail(name)
                .from(inline_text(before.node))
                .to(inline_text(after.node))
                .specific(),
        );
    }
}

impl<'a> Class<'a> {
    fn of(class: char, mut old: Vec<Response<'a>>, mut new: Vec<Response<'a>>) -> Self {
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
        let is_wide =
            |response: &Response<'a>| is_range(response.status) || response.status == "default";
        let covers = |responses: &[Response<'a>]| responses.iter().any(is_wide);
        // A range of both sides is paired below; statuses beside it were reported separately.
        let covered = (covers(&old), covers(&new));
        let has_range = old.iter().chain(&new).any(is_wide)
            || pairs
                .iter()
                .any(|(old, new)| is_range(old.status) || is_range(new.status));
        if !old.is_empty() && !new.is_empty() && old.iter().chain(&new).any(is_wide) {
            pairs.push((fullest(&mut old), fullest(&mut new)));
        }
        Self {
            class,
            old,
            new,
            pairs,
            has_range,
            covered,
        }
    }

    /// A status that became another one.
    fn changed_status(&mut self) -> Option<(Response<'a>, Response<'a>)> {
        let is_swap = !self.has_range && self.old.len() == 1 && self.new.len() == 1;
        match is_swap {
            true => Some((self.old.pop()?, self.new.pop()?)),
            false => None,
        }
    }
}

/// The status with a body has the range's content; one without a body is the same range without it.
fn fullest<'a>(responses: &mut Vec<Response<'a>>) -> Response<'a> {
    let index = responses
        .iter()
        .position(|response| response.spot.node.get("content").is_some())
        .unwrap_or(0);
    responses.remove(index)
}
