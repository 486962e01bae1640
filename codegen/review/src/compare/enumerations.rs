//! Compares enumerations: their members, the texts about each, and whether they may grow.

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::schema::{EnumForm, EnumMember};
use super::super::wire::Effect;
use super::super::words::closeness;
use super::enum_texts::told;
use super::renames::best_pairs;
use super::{Comparison, Difference, Role, Slot, Touched};

/// The member that announces future members to readers.
const GROWTH: &str = "unknownFutureValue";

/// Two members are paired by name alone only if the names are this similar; less is enough for neighbours.
const CLOSE: f64 = 0.7;

impl<'a> Comparison<'a> {
    pub(super) fn enumerations(&mut self, slot: &Slot<'a>, old: &EnumForm<'a>, new: &EnumForm<'a>) {
        for member in old.members.iter().chain(&new.members) {
            self.look(member.spot);
        }
        if let Some(extension) = old.extension {
            self.look_at_all(extension);
        }
        if let Some(extension) = new.extension {
            self.look_at_all(extension);
        }
        let opens_or_closes = old.open != new.open;
        if opens_or_closes {
            self.opened_or_closed(slot, old, new);
        }
        if slot.role == Role::Parameter {
            self.parameter_values(slot, old, new);
            return self.told_of_members(slot, old, new, &kept(old, new));
        }
        let is_lone = |member: &EnumMember<'a>, others: &[EnumMember<'a>]| {
            let is_shared = others.iter().any(|other| other.is(member));
            let is_told_already = opens_or_closes && member.value == GROWTH;
            !is_shared && !is_told_already
        };
        let lone = |these: &[EnumMember<'a>], others: &[EnumMember<'a>]| {
            these
                .iter()
                .filter(|member| is_lone(member, others))
                .cloned()
                .collect::<Vec<_>>()
        };
        let removed = lone(&old.members, &new.members);
        let added = lone(&new.members, &old.members);
        let pairs = best_pairs(removed.len(), added.len(), |from, to| {
            member_likeness(old, new, &removed[from], &added[to])
        });
        for (from, to, certainty) in &pairs {
            self.member_renamed(slot, new, (&removed[*from], &added[*to]), *certainty);
        }
        for (index, member) in removed.iter().enumerate() {
            if !pairs.iter().any(|pair| pair.0 == index) {
                self.member_removed(slot, member, neighbour(member, old, new));
            }
        }
        for (index, member) in added.iter().enumerate() {
            if !pairs.iter().any(|pair| pair.1 == index) {
                self.member_added(slot, new, member, neighbour(member, new, old));
            }
        }
        let mut twins: Vec<(String, String)> = pairs
            .iter()
            .map(|pair| (removed[pair.0].value.clone(), added[pair.1].value.clone()))
            .collect();
        twins.extend(kept(old, new));
        self.told_of_members(slot, old, new, &twins);
    }

    fn member_renamed(
        &mut self,
        slot: &Slot<'a>,
        new: &EnumForm<'a>,
        (from, to): (&EnumMember<'a>, &EnumMember<'a>),
        certainty: f64,
    ) {
        let effect = match new.open {
            true => Effect::Tightens,
            false => Effect::Swaps,
        };
        let touch = slot
            .touch
            .member(Some(&from.value), Some(&to.value), Touched::Variant);
        self.note(
            Difference::at(FindingKind::EnumMemberRenamed, slot, Side::Head, to.spot)
                .opposite(Some(from.spot))
                .subject(format!("{}.{}", slot.subject, to.value))
                .from(&*from.value)
                .to(&*to.value)
                .effect(effect)
                .certainty(certainty)
                .touch(touch)
                .specific(),
        );
    }

    fn member_removed(
        &mut self,
        slot: &Slot<'a>,
        member: &EnumMember<'a>,
        neighbour: Option<Spot<'a>>,
    ) {
        let touch = slot
            .touch
            .member(Some(&member.value), None, Touched::Variant);
        let kind = FindingKind::EnumMemberRemoved;
        self.note(
            Difference::at(kind, slot, Side::Base, member.spot)
                .opposite(neighbour)
                .subject(format!("{}.{}", slot.subject, member.value))
                .from(&*member.value)
                .effect(Effect::Tightens)
                .touch(touch)
                .specific(),
        );
    }

    fn member_added(
        &mut self,
        slot: &Slot<'a>,
        new: &EnumForm<'a>,
        member: &EnumMember<'a>,
        neighbour: Option<Spot<'a>>,
    ) {
        let effect = match new.open {
            true => Effect::Grows,
            false => Effect::Loosens,
        };
        let touch = slot
            .touch
            .member(None, Some(&member.value), Touched::Variant);
        self.note(
            Difference::at(FindingKind::EnumMemberAdded, slot, Side::Head, member.spot)
                .opposite(neighbour)
                .subject(format!("{}.{}", slot.subject, member.value))
                .to(&*member.value)
                .effect(effect)
                .touch(touch)
                .specific(),
        );
    }

    fn opened_or_closed(&mut self, slot: &Slot<'a>, old: &EnumForm<'a>, new: &EnumForm<'a>) {
        let (kind, effect) = match new.open {
            true => (FindingKind::EnumOpened, Effect::Loosens),
            false => (FindingKind::EnumClosed, Effect::Tightens),
        };
        let word = |open: bool| if open { "open" } else { "closed" };
        let sign = |enumeration: &EnumForm<'a>| {
            enumeration
                .members
                .iter()
                .find(|member| member.value == GROWTH)
                .map(|member| member.spot)
                .or(enumeration.extension)
        };
        let (side, spot) = match (new.open, sign(old), sign(new)) {
            (false, Some(spot), None) => (Side::Base, spot),
            (_, _, Some(spot)) => (Side::Head, spot),
            _ => (Side::Head, slot.whole.1),
        };
        self.note(
            Difference::at(kind, slot, side, spot)
                .from(word(old.open))
                .to(word(new.open))
                .effect(effect)
                .specific(),
        );
    }

    /// The values of a parameter are one set: their changes are one finding.
    fn parameter_values(&mut self, slot: &Slot<'a>, old: &EnumForm<'a>, new: &EnumForm<'a>) {
        let lone = |these: &EnumForm<'a>, others: &EnumForm<'a>| {
            let is_told_already =
                |member: &EnumMember<'a>| old.open != new.open && member.value == GROWTH;
            let is_lone = |member: &&EnumMember<'a>| {
                !others.members.iter().any(|other| other.is(member)) && !is_told_already(member)
            };
            these
                .members
                .iter()
                .filter(is_lone)
                .cloned()
                .collect::<Vec<_>>()
        };
        let (removed, added) = (lone(old, new), lone(new, old));
        if removed.is_empty() && added.is_empty() {
            return;
        }
        let effect = Effect::of_values(!removed.is_empty(), !added.is_empty());
        let text = |members: &[EnumMember<'a>]| {
            let values: Vec<&str> = members.iter().map(|member| member.value.as_str()).collect();
            (!values.is_empty()).then(|| values.join(", "))
        };
        let spot = |members: &[EnumMember<'a>]| members.first().map(|member| member.spot);
        let difference = Difference::of(
            FindingKind::ParameterEnumChanged,
            slot,
            spot(&removed),
            spot(&added),
        )
        .values(text(&removed), text(&added))
        .effect(effect);
        self.note(difference.specific());
    }
}

/// The member of the other side after which this one is or was listed; the first one if there is none.
fn neighbour<'a>(
    member: &EnumMember<'a>,
    here: &EnumForm<'a>,
    there: &EnumForm<'a>,
) -> Option<Spot<'a>> {
    let earlier = here.members.iter().take_while(|other| !other.is(member));
    let twin = earlier
        .filter_map(|other| there.members.iter().find(|known| known.is(other)))
        .last();
    twin.or(there.members.first()).map(|known| known.spot)
}

/// The members of both sides, each beside its counterpart.
fn kept(old: &EnumForm<'_>, new: &EnumForm<'_>) -> Vec<(String, String)> {
    old.members
        .iter()
        .filter(|member| new.members.iter().any(|twin| twin.is(member)))
        .map(|member| (member.value.clone(), member.value.clone()))
        .collect()
}

/// The probability that a member became another one.
fn member_likeness<'a>(
    old: &EnumForm<'a>,
    new: &EnumForm<'a>,
    from: &EnumMember<'a>,
    to: &EnumMember<'a>,
) -> f64 {
    let name = closeness(&from.value, &to.value);
    let description = |enumeration: &EnumForm<'a>, member: &str| {
        told(enumeration, member).and_then(|spot| spot.text("description"))
    };
    if let (Some(before), Some(after)) =
        (description(old, &from.value), description(new, &to.value))
        && before.trim() == after.trim()
    {
        return 0.85 + 0.1 * name;
    }
    if from.value == GROWTH || to.value == GROWTH {
        return 0.0;
    }
    match (is_in_place(old, new, from, to), name >= CLOSE) {
        (true, _) => 0.6 + 0.35 * name,
        (false, true) => name - 0.05,
        (false, false) => 0.0,
    }
}

/// Whether two members have the same position: the same index among the same number of members, between the same
/// neighbours.
fn is_in_place<'a>(
    old: &EnumForm<'a>,
    new: &EnumForm<'a>,
    from: &EnumMember<'a>,
    to: &EnumMember<'a>,
) -> bool {
    match (gap(old, new, &from.value), gap(new, old, &to.value)) {
        (Some(before), Some(after)) => before == after,
        _ => false,
    }
}

/// The neighbours that the other side has too, the number of members between them, and the index of this one.
fn gap<'e>(
    these: &'e EnumForm<'_>,
    others: &EnumForm<'_>,
    member: &str,
) -> Option<(Option<&'e str>, Option<&'e str>, usize, usize)> {
    let is_kept = |value: &str| others.members.iter().any(|other| other.value == value);
    let index = these
        .members
        .iter()
        .position(|other| other.value == member)?;
    let before = these.members[..index]
        .iter()
        .rposition(|other| is_kept(&other.value));
    let after = these.members[index..]
        .iter()
        .position(|other| is_kept(&other.value))
        .map(|offset| index + offset);
    let start = before.map_or(0, |before| before + 1);
    let end = after.unwrap_or(these.members.len());
    let value = |index: Option<usize>| index.map(|index| these.members[index].value.as_str());
    Some((value(before), value(after), end - start, index - start))
}
