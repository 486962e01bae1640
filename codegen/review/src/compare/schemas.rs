//! Compares named schemas: which there are, and each with the one that it is on the other side.

use super::super::document::Place;
use super::super::finding::{Kind as Finding, Side};
use super::super::schema::Shape;
use super::super::wire::Effect;
use super::{Comparison, Difference, Owner, Role, Slot, Touch, Touched};

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
}
