//! Compares named schemas and objects: properties with those of their bases, subtypes, undeclared properties.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::Node;

use super::super::document::{Description, Place, schema_name};
use super::super::finding::{Kind as Finding, Side};
use super::super::schema::{Additional, Kind, Object, Property, Shape};
use super::super::wire::Effect;
use super::{Comparison, Difference, Owner, Role, Slot, Touch, Touched};

/// How long a chain of bases is followed.
const LONGEST_CHAIN: usize = 32;

/// What the full flavour says of every subtype and of every page, and the compact one does not.
const FLAVOURED_PROPERTIES: [&str; 2] = ["@odata.type", "@odata.count"];

/// A property, and the schema that declares it where that is a base.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Flat<'a> {
    pub(in super::super) place: Place<'a>,
    pub(in super::super) required: bool,
    pub(in super::super) base: Option<&'a str>,
}

impl<'a> Description<'a> {
    /// The properties of an object with those of its bases, by name; the nearest declaration wins.
    pub(in super::super) fn flattened(&self, object: &Object<'a>) -> BTreeMap<&'a str, Flat<'a>> {
        let mut flat = BTreeMap::new();
        self.flatten(object, None, 0, &mut flat);
        for name in &object.required {
            if let Some(property) = flat.get_mut(name) {
                property.required = true;
            }
        }
        flat
    }

    fn flatten(
        &self,
        object: &Object<'a>,
        base: Option<&'a str>,
        depth: usize,
        flat: &mut BTreeMap<&'a str, Flat<'a>>,
    ) {
        for property in &object.properties {
            flat.entry(property.name).or_insert(Flat {
                place: property.place,
                required: property.required,
                base,
            });
        }
        for name in &object.bases {
            if depth < LONGEST_CHAIN
                && let Some(place) = self.schemas.get(name)
                && let Kind::Object(object) = Shape::read(*place, self).kind
            {
                self.flatten(&object, Some(name), depth + 1, flat);
            }
        }
    }

    /// The named schemas that an object extends, near and far.
    fn bases(&self, object: &Object<'a>) -> BTreeSet<&'a str> {
        let mut bases = BTreeSet::new();
        let mut open = object.bases.clone();
        while let Some(name) = open.pop() {
            if bases.insert(name)
                && let Some(place) = self.schemas.get(name)
                && let Kind::Object(object) = Shape::read(*place, self).kind
            {
                open.extend(object.bases);
            }
        }
        bases
    }
}

impl<'a> Comparison<'a> {
    /// Compares the named schemas; those that are only on one side come last, when it is known which were inlined.
    pub(super) fn schemas(&mut self) {
        let pairs: Vec<(&'a str, &'a str)> = self
            .base
            .schemas
            .keys()
            .filter_map(|name| Some((*name, *self.pairs.to_head.get(name)?)))
            .collect();
        for (from, to) in pairs {
            let (base, head) = (self.base.schemas[from], self.head.schemas[to]);
            let slot = self.schema_slot(from, to);
            if let Some(certainty) = self.pairs.renamed.get(from).copied() {
                let difference = Difference::at(Finding::SchemaRenamed, &slot, Side::Head, head);
                self.note(difference.from(from).to(to).certainty(certainty));
            }
            self.types(&slot, base, head);
        }
        self.lone_schemas(Side::Base);
        self.lone_schemas(Side::Head);
    }

    fn schema_slot(&self, from: &'a str, to: &'a str) -> Slot<'a> {
        let (old, new) = (self.base.short_name(from), self.head.short_name(to));
        Slot {
            role: Role::Schema,
            owner: Owner::Schema(Some(from), Some(to)),
            touch: Touch {
                base: Some(Touched::Type(old)),
                head: Some(Touched::Type(new.clone())),
            },
            subject: new,
            whole: (self.base.schemas[from], self.head.schemas[to]),
            cause: None,
            shared_subject: None,
        }
    }

    fn lone_schemas(&mut self, side: Side) {
        let description = self.description(side);
        for (name, place) in &description.schemas {
            let is_paired = match side {
                Side::Base => self.pairs.to_head.contains_key(name),
                Side::Head => self.pairs.to_base.contains_key(name),
            };
            // The full flavour has a schema for what a number may be beside a number.
            if is_paired || self.is_inlined(side, name) || name.ends_with("ReferenceNumeric") {
                continue;
            }
            let short = description.short_name(name);
            let text = Shape::read(*place, description).type_text(description);
            let (kind, from, to, owner, touch) = match side {
                Side::Base => (
                    Finding::SchemaRemoved,
                    Some(text),
                    None,
                    Owner::Schema(Some(name), None),
                    Touch::base(Touched::Type(short.clone())),
                ),
                Side::Head => (
                    Finding::SchemaAdded,
                    None,
                    Some(text),
                    Owner::Schema(None, Some(name)),
                    Touch::head(Touched::Type(short.clone())),
                ),
            };
            let nearest = (side == Side::Base).then(|| self.schemas_of_head());
            self.note(Difference {
                kind,
                subject: short,
                detail: String::new(),
                from,
                to,
                // A name does not travel; what has the schema as its type is a finding of its own.
                effect: Effect::Nothing,
                certainty: 1.0,
                side,
                place: *place,
                nearest: nearest.flatten(),
                owner,
                touches: vec![touch],
                cause: None,
                shared_subject: None,
            });
        }
    }

    fn schemas_of_head(&self) -> Option<Place<'a>> {
        let components = self.head.document.root.get("components")?;
        components.entry("schemas").map(Place::of)
    }

    pub(super) fn objects(&mut self, slot: &Slot<'a>, old: &Object<'a>, new: &Object<'a>) {
        let (base, head) = (self.base.flattened(old), self.head.flattened(new));
        let (old_bases, new_bases) = (self.base.bases(old), self.head.bases(new));
        let mut lost = Vec::new();
        let mut gained = Vec::new();
        let mut removed = Vec::new();
        let mut added = Vec::new();
        for (name, from) in &base {
            match head.get(name) {
                Some(to) => self.kept_property(slot, name, from, to),
                None if self.is_flavoured(name) => {}
                None => match from.base {
                    None => removed.push(Property {
                        name,
                        place: from.place,
                        required: from.required,
                    }),
                    // Where the base is still the base, it is the base that lost it.
                    Some(owner) if self.still_extends(owner, &new_bases) => {}
                    Some(_) => lost.push(*name),
                },
            }
        }
        for (name, to) in &head {
            if base.contains_key(name) || self.is_flavoured(name) {
                continue;
            }
            match to.base {
                None => added.push(Property {
                    name,
                    place: to.place,
                    required: to.required,
                }),
                Some(owner) if self.extended_already(owner, &old_bases) => {}
                Some(_) => gained.push((*name, to.required)),
            }
        }
        self.unnamed_bases(&base, &head, &old_bases, &new_bases);
        if !lost.is_empty() || !gained.is_empty() {
            self.base_changed(slot, old, new, &lost, &gained);
        }
        self.properties(slot, old, new, removed, added);
        self.discriminators(slot, old.discriminator, new.discriminator);
        self.additional(slot, old.additional, new.additional);
    }

    fn is_flavoured(&self, name: &str) -> bool {
        self.flavours_differ && FLAVOURED_PROPERTIES.contains(&name)
    }

    fn still_extends(&self, base: &str, head_bases: &BTreeSet<&str>) -> bool {
        self.pairs
            .to_head
            .get(base)
            .is_some_and(|twin| head_bases.contains(twin))
    }

    fn extended_already(&self, head: &str, base_bases: &BTreeSet<&str>) -> bool {
        self.pairs
            .to_base
            .get(head)
            .is_some_and(|twin| base_bases.contains(twin))
    }

    /// A base whose properties the other side has without it stands there without a name.
    fn unnamed_bases(
        &mut self,
        base: &BTreeMap<&'a str, Flat<'a>>,
        head: &BTreeMap<&'a str, Flat<'a>>,
        old_bases: &BTreeSet<&'a str>,
        new_bases: &BTreeSet<&'a str>,
    ) {
        for (side, bases, own, other) in [
            (Side::Base, old_bases, base, head),
            (Side::Head, new_bases, head, base),
        ] {
            for name in bases {
                let is_there = own
                    .iter()
                    .filter(|(_, property)| property.base == Some(*name))
                    .all(|(property, _)| {
                        other.contains_key(property) || self.is_flavoured(property)
                    });
                if is_there {
                    self.mark_inlined(side, name);
                }
            }
        }
    }

    fn base_changed(
        &mut self,
        slot: &Slot<'a>,
        old: &Object<'a>,
        new: &Object<'a>,
        lost: &[&str],
        gained: &[(&str, bool)],
    ) {
        let names =
            |description: &Description<'a>, object: &Object<'a>| match object.bases.is_empty() {
                true => "nothing".to_owned(),
                false => object
                    .bases
                    .iter()
                    .map(|name| description.short_name(name))
                    .collect::<Vec<_>>()
                    .join(", "),
            };
        let effect = match (
            lost.is_empty(),
            gained.iter().any(|(_, required)| *required),
        ) {
            (false, _) => Effect::Withdraws,
            (true, true) => Effect::Tightens,
            (true, false) => Effect::Offers,
        };
        let mut detail: Vec<String> = lost.iter().map(|name| format!("-{name}")).collect();
        detail.extend(gained.iter().map(|(name, _)| format!("+{name}")));
        let difference = Difference::at(Finding::SchemaBaseChanged, slot, Side::Head, slot.whole.1)
            .from(names(self.base, old))
            .to(names(self.head, new))
            .detail(detail.join(" "))
            .effect(effect);
        self.note(difference.specific());
    }

    fn kept_property(&mut self, slot: &Slot<'a>, name: &'a str, from: &Flat<'a>, to: &Flat<'a>) {
        if let (Some(base), Some(head)) = (from.base, to.base)
            && self.pairs.are_paired(base, head)
        {
            // The bases are compared with each other; only what is said of the property here is left.
            let told_by_base =
                self.requires(self.base, base, name) != self.requires(self.head, head, name);
            if from.required != to.required && !told_by_base {
                self.required(slot, name, from, to);
            }
            return;
        }
        self.property(slot, name, name, from, to);
    }

    fn requires(&self, description: &Description<'a>, schema: &str, property: &str) -> bool {
        description.schemas.get(schema).is_some_and(|place| {
            match Shape::read(*place, description).kind {
                Kind::Object(object) => description
                    .flattened(&object)
                    .get(property)
                    .is_some_and(|flat| flat.required),
                _ => false,
            }
        })
    }

    /// Compares one property that is on both sides, under one name or two.
    pub(super) fn property(
        &mut self,
        slot: &Slot<'a>,
        old_name: &'a str,
        new_name: &'a str,
        from: &Flat<'a>,
        to: &Flat<'a>,
    ) {
        let inner = self.property_slot(slot, old_name, new_name, from.place, to.place);
        if from.required != to.required && !self.is_flavoured(new_name) {
            self.required(slot, new_name, from, to);
        }
        self.types(&inner, from.place, to.place);
    }

    pub(super) fn property_slot(
        &self,
        slot: &Slot<'a>,
        old_name: &str,
        new_name: &str,
        from: Place<'a>,
        to: Place<'a>,
    ) -> Slot<'a> {
        Slot {
            role: Role::Property,
            subject: format!("{}.{new_name}", slot.subject.trim_end_matches("[]")),
            owner: slot.owner.clone(),
            touch: slot
                .touch
                .member(Some(old_name), Some(new_name), Touched::Field),
            whole: (from, to),
            cause: slot
                .cause
                .as_ref()
                .map(|cause| format!("{cause}.{new_name}")),
            shared_subject: None,
        }
    }

    fn required(&mut self, slot: &Slot<'a>, name: &'a str, from: &Flat<'a>, to: &Flat<'a>) {
        let inner = self.property_slot(slot, name, name, from.place, to.place);
        let word = |required: bool| if required { "required" } else { "optional" };
        let effect = match to.required {
            true => Effect::Tightens,
            false => Effect::Loosens,
        };
        self.note(
            Difference::at(
                Finding::PropertyRequiredChanged,
                &inner,
                Side::Head,
                to.place,
            )
            .from(word(from.required))
            .to(word(to.required))
            .effect(effect)
            .specific(),
        );
    }

    fn discriminators(&mut self, slot: &Slot<'a>, old: Option<Place<'a>>, new: Option<Place<'a>>) {
        let text = |place: Place<'a>| place.text("propertyName").unwrap_or_default().to_owned();
        match (old, new) {
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) if self.flavours_differ => {}
            (Some(old), None) => self.note(
                Difference::at(Finding::DiscriminatorRemoved, slot, Side::Base, old)
                    .from(text(old))
                    .effect(Effect::Loosens),
            ),
            (None, Some(new)) => self.note(
                Difference::at(Finding::DiscriminatorAdded, slot, Side::Head, new)
                    .to(text(new))
                    .effect(Effect::Tightens),
            ),
            (Some(old), Some(new)) => {
                if text(old) != text(new) {
                    self.note(
                        Difference::at(Finding::DiscriminatorChanged, slot, Side::Head, new)
                            .from(text(old))
                            .to(text(new))
                            .effect(Effect::Swaps),
                    );
                }
                self.mappings(slot, old, new);
            }
        }
    }

    fn mappings(&mut self, slot: &Slot<'a>, old: Place<'a>, new: Place<'a>) {
        let entries = |place: Place<'a>| {
            let mapping = place
                .node
                .get("mapping")
                .map(Node::entries)
                .unwrap_or_default();
            mapping
                .iter()
                .filter_map(|entry| {
                    Some((entry.key.as_str(), (entry.node.as_str()?, Place::of(entry))))
                })
                .collect::<BTreeMap<_, _>>()
        };
        let name = |target: &'a str| schema_name(target).unwrap_or(target);
        let (from, to) = (entries(old), entries(new));
        let mut lost: Vec<_> = from
            .iter()
            .filter(|(tag, _)| !to.contains_key(*tag))
            .collect();
        for (tag, (target, place)) in &to {
            let new_type = self.head.short_name(name(target));
            let twin = match from.get(tag) {
                Some((before, _)) if self.pairs.are_paired(name(before), name(target)) => continue,
                Some((before, _)) => Some((*tag, *before)),
                // The same type under another tag.
                None => {
                    let index = lost.iter().position(|(_, (before, _))| {
                        self.pairs.are_paired(name(before), name(target))
                    });
                    index.map(|index| {
                        let (tag, (before, _)) = lost.remove(index);
                        (*tag, *before)
                    })
                }
            };
            let place = *place;
            let difference = match twin {
                Some((old_tag, before)) => {
                    let old_type = self.base.short_name(name(before));
                    Difference::at(
                        Finding::DiscriminatorMappingChanged,
                        slot,
                        Side::Head,
                        place,
                    )
                    .from(format!("{old_tag} → {old_type}"))
                    .to(format!("{tag} → {new_type}"))
                    .effect(Effect::Swaps)
                }
                None => Difference::at(Finding::DiscriminatorMappingAdded, slot, Side::Head, place)
                    .to(new_type)
                    .effect(Effect::Grows)
                    .touch(slot.touch.member(None, Some(tag), Touched::Variant)),
            };
            self.note(difference.subject(format!("{}.{tag}", slot.subject)));
        }
        for (tag, (target, place)) in lost {
            let old_type = self.base.short_name(name(target));
            self.note(
                Difference::at(
                    Finding::DiscriminatorMappingRemoved,
                    slot,
                    Side::Base,
                    *place,
                )
                .subject(format!("{}.{tag}", slot.subject))
                .from(old_type)
                .effect(Effect::Tightens)
                .touch(slot.touch.member(Some(tag), None, Touched::Variant)),
            );
        }
    }

    fn additional(&mut self, slot: &Slot<'a>, old: Additional<'a>, new: Additional<'a>) {
        let place_of = |additional: Additional<'a>| match additional {
            Additional::Open => None,
            Additional::Closed(place) | Additional::Typed(place) => Some(place),
        };
        let text = |description: &Description<'a>, additional: Additional<'a>| match additional {
            Additional::Open => "accepted".to_owned(),
            Additional::Closed(_) => "refused".to_owned(),
            Additional::Typed(place) => Shape::read(place, description).type_text(description),
        };
        let effect = match (old, new) {
            (Additional::Open, Additional::Open)
            | (Additional::Closed(_), Additional::Closed(_)) => return,
            (Additional::Typed(from), Additional::Typed(to)) => {
                let inner = Slot {
                    whole: (from, to),
                    ..slot.part(".*")
                };
                return self.types(&inner, from, to);
            }
            (Additional::Open, _) | (Additional::Typed(_), Additional::Closed(_)) => {
                Effect::Tightens
            }
            (_, Additional::Open) | (Additional::Closed(_), Additional::Typed(_)) => {
                Effect::Loosens
            }
        };
        let place = place_of(new).unwrap_or(slot.whole.1);
        self.note(
            Difference::at(
                Finding::AdditionalPropertiesChanged,
                slot,
                Side::Head,
                place,
            )
            .from(text(self.base, old))
            .to(text(self.head, new))
            .effect(effect)
            .specific(),
        );
    }
}
