//! Compares named schemas: their existence, and each with its counterpart.

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::schema::View;
use super::super::wire::{Direction, Effect};
use super::{Comparison, Difference, Owner, Role, Slot, Touch, Touched};

impl<'a> Comparison<'a> {
    /// Compares the named schemas; those of one side come last, when it is known which are inline on the other.
    pub(super) fn schemas(&mut self) {
        for side in [Side::Base, Side::Head] {
            let components = self
                .description(side)
                .document
                .root
                .entry("components")
                .map(Spot::of);
            if let Some(components) = components {
                self.look(components);
                if let Some(schemas) = components.get("schemas") {
                    self.look(schemas);
                }
            }
        }
        let pairs: Vec<(&'a str, &'a str)> = self
            .base
            .schemas
            .keys()
            .filter_map(|name| Some((*name, *self.pairs.to_head.get(name)?)))
            .collect();
        for (from, to) in pairs {
            let (base, head) = (self.base.schemas[from], self.head.schemas[to]);
            let slot = self.schema_slot(from, to);
            self.twin(base, head);
            if let Some(certainty) = self.pairs.renamed.get(from).copied() {
                let difference =
                    Difference::at(FindingKind::SchemaRenamed, &slot, Side::Head, head);
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
            travels: Direction::BOTH,
            is_reversed: false,
            ignores_null: false,
            parameter: None,
            cause: None,
            shared_subject: None,
        }
    }

    fn lone_schemas(&mut self, side: Side) {
        let description = self.description(side);
        for (name, spot) in &description.schemas {
            let is_paired = match side {
                Side::Base => self.pairs.to_head.contains_key(name),
                Side::Head => self.pairs.to_base.contains_key(name),
            };
            // The full flavour has a schema for the other forms of a number.
            let is_name_of_numbers = name.ends_with("ReferenceNumeric")
                && (self.flavours_differ || self.is_referred(side, name));
            if is_paired || self.is_inlined(side, name) || is_name_of_numbers {
                if !is_paired {
                    self.look_at_all(*spot);
                }
                continue;
            }
            let short = description.short_name(name);
            let text = View::of(*spot, description).type_text(description);
            let (kind, from, to, owner, touch) = match side {
                Side::Base => (
                    FindingKind::SchemaRemoved,
                    Some(text),
                    None,
                    Owner::Schema(Some(name), None),
                    Touch::base(Touched::Type(short.clone())),
                ),
                Side::Head => (
                    FindingKind::SchemaAdded,
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
                // A name is not sent; a part that has the schema as its type is a finding of its own.
                effect: Effect::Nothing,
                certainty: 1.0,
                side,
                spot: *spot,
                nearest: nearest.flatten(),
                owner,
                touches: vec![touch],
                travels: Direction::BOTH,
                cause: None,
                shared_subject: None,
            });
        }
    }

    fn schemas_of_head(&self) -> Option<Spot<'a>> {
        let components = self.head.document.root.get("components")?;
        components.entry("schemas").map(Spot::of)
    }
}
