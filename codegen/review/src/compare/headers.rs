//! Compares headers, of responses and of the parts of a form.

use graph_client_codegen::load::Entry;

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::wire::Effect;
use super::bodies::shared_slot;
use super::keywords::changed_keywords;
use super::parameters::{FLAGS, is_flag_off};
use super::{Comparison, Difference, Role, Slot};

impl<'a> Comparison<'a> {
    pub(super) fn headers(
        &mut self,
        slot: &Slot<'a>,
        old: Option<Spot<'a>>,
        new: Option<Spot<'a>>,
    ) {
        if let (Some(before), Some(after)) = (old, new) {
            self.twin(before, after);
        }
        [old, new]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look(spot));
        let entries = |spot: Option<Spot<'a>>| spot.map(|spot| spot.entries()).unwrap_or_default();
        let (before, after) = (entries(old), entries(new));
        // Header names are case-insensitive.
        let find = |entries: &'a [Entry], key: &str| {
            entries
                .iter()
                .find(|entry| entry.key.eq_ignore_ascii_case(key))
        };
        for entry in before {
            match find(after, &entry.key) {
                Some(twin) => self.header(slot, entry, twin),
                None => self.lone_header(slot, Side::Base, entry),
            }
        }
        for entry in after
            .iter()
            .filter(|entry| find(before, &entry.key).is_none())
        {
            self.lone_header(slot, Side::Head, entry);
        }
    }

    fn lone_header(&mut self, slot: &Slot<'a>, side: Side, entry: &'a Entry) {
        let spot = Spot::of(entry);
        let target = self.follow(side, spot);
        let difference = match side {
            Side::Base => Difference::at(FindingKind::ResponseHeaderRemoved, slot, side, spot)
                .from(&*entry.key)
                .effect(Effect::Withdraws),
            Side::Head => Difference::at(FindingKind::ResponseHeaderAdded, slot, side, spot)
                .to(&*entry.key)
                .effect(match target.flag("required") {
                    true => Effect::Tightens,
                    false => Effect::Offers,
                }),
        };
        self.note(difference.detail(&*entry.key).specific());
    }

    fn header(&mut self, slot: &Slot<'a>, old: &'a Entry, new: &'a Entry) {
        let (before, after) = (Spot::of(old), Spot::of(new));
        self.twin(before, after);
        if before.text("$ref").is_some() && before.text("$ref") == after.text("$ref") {
            return;
        }
        let (before, after) = (
            self.follow(Side::Base, before),
            self.follow(Side::Head, after),
        );
        let inner = Slot {
            role: Role::Header,
            subject: format!("{} {}", slot.subject, new.key),
            cause: slot
                .cause
                .as_ref()
                .map(|cause| format!("{cause} {}", new.key)),
            ..slot.between(before, after)
        };
        self.same_header(&inner, before, after);
    }

    pub(super) fn shared_header(&mut self, name: &'a str, old: Spot<'a>, new: Spot<'a>) {
        let slot = shared_slot(name, (old, new), Role::Header);
        self.same_header(&slot, old, new);
    }

    fn same_header(&mut self, slot: &Slot<'a>, before: Spot<'a>, after: Spot<'a>) {
        self.twin(before, after);
        for spot in [before, after] {
            self.look_at_keys(spot, &FLAGS);
        }
        let demanded = (before.flag("required"), after.flag("required"));
        self.demands(
            slot,
            (before, after),
            demanded,
            FindingKind::ResponseHeaderChanged,
        );
        self.style(slot, "header", before, "header", after);
        self.schema_of_both(slot, before, after);
        let changes = changed_keywords(before, after, |key, spot| {
            matches!(
                key,
                "required" | "schema" | "content" | "style" | "explode" | "$ref"
            ) || is_flag_off(key, spot)
        });
        self.keywords(slot, changes);
    }
}
