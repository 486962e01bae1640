//! Compares two types in normal form, whether they have names or not.

use super::super::document::Place;
use super::super::finding::{Kind as Finding, Side};
use super::super::same::same;
use super::super::schema::{Kind, Shape};
use super::super::wire::Effect;
use super::{Comparison, DEEPEST, Difference, Owner, Role, Slot, Touch, Touched};

impl<'a> Comparison<'a> {
    /// Compares two types as they are written.
    pub(super) fn types(&mut self, slot: &Slot<'a>, base: Place<'a>, head: Place<'a>) {
        // The same text means the same, because a name that both sides have is one schema.
        if same(base.node, head.node) || self.depth > DEEPEST {
            return;
        }
        let old = Shape::read(base, self.base);
        let new = Shape::read(head, self.head);
        self.depth += 1;
        self.shapes(slot, &old, &new);
        self.depth -= 1;
    }

    fn shapes(&mut self, slot: &Slot<'a>, old: &Shape<'a>, new: &Shape<'a>) {
        match (&old.kind, &new.kind) {
            (Kind::Reference(from), Kind::Reference(to)) => {
                if self.pairs.are_paired(from, to) {
                    self.nullable(slot, old, new);
                } else {
                    self.references(slot, new, from, to);
                }
                self.facets(slot, old, new);
            }
            (Kind::Reference(name), _) => {
                self.named_against_inline(slot, old, new, name, Side::Base)
            }
            (_, Kind::Reference(name)) => {
                self.named_against_inline(slot, old, new, name, Side::Head)
            }
            _ => self.inline(slot, old, new),
        }
    }

    /// Two names that are not one schema.
    fn references(&mut self, slot: &Slot<'a>, new: &Shape<'a>, from: &'a str, to: &'a str) {
        let effect = match self.mean_the_same(from, to, 0) {
            true => Effect::Nothing,
            false => Effect::Swaps,
        };
        self.type_changed(slot, new, effect);
    }

    /// A named schema on one side, and a type without a name on the other.
    fn named_against_inline(
        &mut self,
        slot: &Slot<'a>,
        old: &Shape<'a>,
        new: &Shape<'a>,
        name: &'a str,
        side: Side,
    ) {
        let Some(target) = self.description(side).schemas.get(name) else {
            return;
        };
        let (named, inline) = match side {
            Side::Base => (old, new),
            Side::Head => (new, old),
        };
        let mut resolved = Shape::read(*target, self.description(side));
        resolved.nullable |= named.nullable;
        let names_more = matches!(resolved.kind, Kind::Reference(_));
        let is_of_a_kind =
            std::mem::discriminant(&resolved.kind) == std::mem::discriminant(&inline.kind);
        if !is_of_a_kind && !names_more {
            let effect = match side {
                Side::Base => relation(slot.role, &resolved, inline),
                Side::Head => relation(slot.role, inline, &resolved),
            };
            return self.other_kind(slot, old, new, effect);
        }
        let has_twin = match side {
            Side::Base => self.pairs.to_head.contains_key(name),
            Side::Head => self.pairs.to_base.contains_key(name),
        };
        self.mark_inlined(side, name);
        // What a reader is told moves with the name; only what the values are is compared.
        forget_texts(&mut resolved);
        let mut inline = inline.shallow();
        forget_texts(&mut inline);
        let slot = match has_twin {
            true => slot.clone(),
            // Wherever it was inlined, it was this one schema that changed.
            false => self.slot_of_inlined(slot, name, side),
        };
        match side {
            Side::Base => self.shapes(&slot, &resolved, &inline),
            Side::Head => self.shapes(&slot, &inline, &resolved),
        }
    }

    fn slot_of_inlined(&self, slot: &Slot<'a>, name: &'a str, side: Side) -> Slot<'a> {
        let short = self.description(side).short_name(name);
        let touched = Touched::Type(short.clone());
        Slot {
            role: Role::Schema,
            cause: Some(format!("inlined {name}")),
            owner: match side {
                Side::Base => Owner::Schema(Some(name), None),
                Side::Head => Owner::Schema(None, Some(name)),
            },
            touch: Touch::both(touched),
            subject: short,
            whole: slot.whole,
            shared_subject: None,
        }
    }

    fn inline(&mut self, slot: &Slot<'a>, old: &Shape<'a>, new: &Shape<'a>) {
        match (&old.kind, &new.kind) {
            (Kind::Object(from), Kind::Object(to)) => {
                self.nullable(slot, old, new);
                self.objects(slot, from, to);
            }
            (Kind::Enumeration(from), Kind::Enumeration(to)) => {
                self.nullable(slot, old, new);
                self.enumerations(slot, from, to);
            }
            (Kind::Array(from), Kind::Array(to)) => {
                self.nullable(slot, old, new);
                self.items(slot, new, *from, *to);
            }
            (Kind::Choice(from), Kind::Choice(to)) => {
                self.nullable(slot, old, new);
                self.choices(slot, new, from, to);
            }
            (from, to) if std::mem::discriminant(from) == std::mem::discriminant(to) => {
                self.nullable(slot, old, new);
                self.format(slot, old, new);
            }
            _ => {
                let effect = relation(slot.role, old, new);
                return self.other_kind(slot, old, new, effect);
            }
        }
        self.facets(slot, old, new);
    }

    /// A value of another kind; what only has to do with the kind is part of that.
    fn other_kind(&mut self, slot: &Slot<'a>, old: &Shape<'a>, new: &Shape<'a>, effect: Effect) {
        match slot.role {
            Role::Parameter => self.parameter_type(slot, old, new, effect),
            _ => self.type_changed(slot, new, effect),
        }
        let (mut old, mut new) = (old.shallow(), new.shallow());
        for shape in [&mut old, &mut new] {
            shape
                .facets
                .retain(|key, _| !super::facets::depends_on_kind(key));
        }
        self.facets(slot, &old, &new);
    }

    fn items(
        &mut self,
        slot: &Slot<'a>,
        new: &Shape<'a>,
        from: Option<Place<'a>>,
        to: Option<Place<'a>>,
    ) {
        match (from, to) {
            (Some(from), Some(to)) => {
                let inner = match slot.role {
                    Role::Parameter => slot.clone(),
                    _ => slot.part("[]"),
                };
                self.types(&inner, from, to);
            }
            (None, None) => {}
            (Some(_), None) => self.type_changed(slot, new, Effect::Loosens),
            (None, Some(_)) => self.type_changed(slot, new, Effect::Tightens),
        }
    }

    /// The choices of `anyOf` and `oneOf` are a set.
    fn choices(&mut self, slot: &Slot<'a>, new: &Shape<'a>, from: &[Place<'a>], to: &[Place<'a>]) {
        let is_among = |this: &Self, from: &Place<'a>, to: &[Place<'a>]| {
            to.iter().any(|to| this.equal_values(*from, *to, 0))
        };
        let lost = from.iter().any(|choice| !is_among(self, choice, to));
        let gained = to
            .iter()
            .any(|choice| !from.iter().any(|from| self.equal_values(*from, *choice, 0)));
        match (lost, gained) {
            (false, false) => {}
            (true, false) => self.type_changed(slot, new, Effect::Tightens),
            (false, true) => self.type_changed(slot, new, Effect::Loosens),
            (true, true) => self.type_changed(slot, new, Effect::Swaps),
        }
    }

    /// The type as a whole is another.
    pub(super) fn type_changed(&mut self, slot: &Slot<'a>, new: &Shape<'a>, effect: Effect) {
        let kind = type_kind(slot.role);
        let (from, to) = self.whole_texts(slot);
        let mut difference = Difference::at(kind, slot, Side::Head, new.place)
            .from(from)
            .to(to)
            .effect(effect);
        if let Some(subject) = difference.subject.strip_suffix("[]") {
            difference.subject = subject.trim_end_matches("[]").to_owned();
        }
        self.note(difference.specific());
    }

    /// The whole types of a slot as texts.
    pub(super) fn whole_texts(&self, slot: &Slot<'a>) -> (String, String) {
        let (base, head) = slot.whole;
        (
            Shape::read(base, self.base).type_text(self.base),
            Shape::read(head, self.head).type_text(self.head),
        )
    }

    fn nullable(&mut self, slot: &Slot<'a>, old: &Shape<'a>, new: &Shape<'a>) {
        if old.nullable == new.nullable {
            return;
        }
        let refers = matches!(
            (&old.kind, &new.kind),
            (Kind::Reference(_), Kind::Reference(_))
        );
        // The compact flavour refers to what may be null as to what may not.
        if self.flavours_differ && refers {
            return;
        }
        let kind = match slot.role {
            Role::Property => Finding::PropertyNullableChanged,
            role => type_kind(role),
        };
        let effect = match new.nullable {
            true => Effect::Loosens,
            false => Effect::Tightens,
        };
        let (from, to) = (old.type_text(self.base), new.type_text(self.head));
        let place = new.facets.get("nullable").copied().unwrap_or(new.place);
        let difference = Difference::at(kind, slot, Side::Head, place)
            .from(from)
            .to(to)
            .effect(effect);
        self.note(difference.specific());
    }

    fn format(&mut self, slot: &Slot<'a>, old: &Shape<'a>, new: &Shape<'a>) {
        if old.format == new.format {
            return;
        }
        let kind = match slot.role {
            Role::Property => Finding::PropertyFormatChanged,
            role => type_kind(role),
        };
        let effect = match (old.format, new.format) {
            (None, _) => Effect::Tightens,
            (_, None) => Effect::Loosens,
            (Some(from), Some(to)) => match (width(from), width(to)) {
                (Some(from), Some(to)) if from < to => Effect::Loosens,
                (Some(from), Some(to)) if from > to => Effect::Tightens,
                _ => Effect::Swaps,
            },
        };
        let place = new.place.get("format").unwrap_or(new.place);
        let difference = Difference::at(kind, slot, Side::Head, place)
            .from(old.format.unwrap_or("none"))
            .to(new.format.unwrap_or("none"))
            .effect(effect);
        self.note(difference.specific());
    }

    /// A parameter that takes other values: a closed set that was dropped or introduced has a kind of its own.
    fn parameter_type(
        &mut self,
        slot: &Slot<'a>,
        old: &Shape<'a>,
        new: &Shape<'a>,
        effect: Effect,
    ) {
        let of = |shape: &Shape<'a>, side| match &shape.kind {
            Kind::Enumeration(enumeration) => Some(enumeration.members.len()),
            Kind::Reference(name) => {
                let place = self.description(side).schemas.get(name)?;
                match Shape::read(*place, self.description(side)).kind {
                    Kind::Enumeration(enumeration) => Some(enumeration.members.len()),
                    _ => None,
                }
            }
            _ => None,
        };
        let (kind, from, to, place) = match (of(old, Side::Base), of(new, Side::Head)) {
            (Some(count), None) => (
                Finding::ParameterEnumDropped,
                format!("one of {count} values"),
                new.type_text(self.head),
                new.place,
            ),
            (None, Some(count)) => (
                Finding::ParameterEnumIntroduced,
                old.type_text(self.base),
                format!("one of {count} values"),
                new.place.get("enum").unwrap_or(new.place),
            ),
            _ => return self.type_changed(slot, new, effect),
        };
        // One decision drops the sets of every parameter of that name, however many members each had.
        self.note(
            Difference::at(kind, slot, Side::Head, place)
                .from(from)
                .to(to)
                .effect(effect),
        );
    }
}

impl<'a> Shape<'a> {
    /// The same level of the same schema, to be changed.
    fn shallow(&self) -> Shape<'a> {
        Shape {
            place: self.place,
            kind: self.kind.clone(),
            nullable: self.nullable,
            format: self.format,
            facets: self.facets.clone(),
        }
    }
}

fn forget_texts(shape: &mut Shape<'_>) {
    shape.facets.retain(|key, _| !super::facets::is_text(key));
}

fn type_kind(role: Role) -> Finding {
    match role {
        Role::Schema => Finding::SchemaTypeChanged,
        Role::Property => Finding::PropertyTypeChanged,
        Role::Parameter => Finding::ParameterTypeChanged,
        Role::RequestBody => Finding::RequestBodyTypeChanged,
        Role::Response => Finding::ResponseTypeChanged,
    }
}

/// How many bits a format of numbers has.
fn width(format: &str) -> Option<u32> {
    match format {
        "float" => Some(32),
        "double" => Some(64),
        _ => format
            .strip_prefix("int")
            .and_then(|bits| bits.parse().ok()),
    }
}

/// What it means that a value of one kind became one of another.
fn relation(role: Role, old: &Shape<'_>, new: &Shape<'_>) -> Effect {
    use Kind::{Any, Boolean, Enumeration, Integer, Number, Text};
    match (&old.kind, &new.kind) {
        (Any, _) => Effect::Tightens,
        (_, Any) => Effect::Loosens,
        (Integer, Number) => Effect::Loosens,
        (Number, Integer) => Effect::Tightens,
        (Enumeration(members), Text) if members.open => Effect::Grows,
        (Enumeration(_), Text) => Effect::Loosens,
        (Text, Enumeration(_)) => Effect::Tightens,
        // In a path, a query or a header everything is a text.
        (Integer | Number | Boolean, Text) if role == Role::Parameter => Effect::Loosens,
        (Text, Integer | Number | Boolean) if role == Role::Parameter => Effect::Tightens,
        _ => Effect::Swaps,
    }
}
