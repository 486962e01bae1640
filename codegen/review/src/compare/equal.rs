//! Whether two types have the same values, whatever they are called.

use super::super::document::Place;
use super::super::schema::{Kind, Shape};
use super::Comparison;

impl<'a> Comparison<'a> {
    /// Whether two named schemas that are not paired have the same values.
    pub(super) fn mean_the_same(&self, from: &str, to: &str, depth: usize) -> bool {
        let (Some(from), Some(to)) = (self.base.schemas.get(from), self.head.schemas.get(to))
        else {
            return false;
        };
        self.equal_values(*from, *to, depth)
    }

    pub(super) fn equal_values(&self, from: Place<'a>, to: Place<'a>, depth: usize) -> bool {
        if depth > 8 {
            // Deep enough that the names on the way were all equal.
            return true;
        }
        let old = Shape::read(from, self.base);
        let new = Shape::read(to, self.head);
        if old.nullable != new.nullable || old.format != new.format {
            return false;
        }
        match (&old.kind, &new.kind) {
            (Kind::Reference(from), Kind::Reference(to)) => {
                self.pairs.are_paired(from, to) || self.mean_the_same(from, to, depth + 1)
            }
            (Kind::Object(old), Kind::Object(new)) => {
                let old = self.base.flattened(old);
                let new = self.head.flattened(new);
                old.len() == new.len()
                    && old.iter().all(|(name, property)| {
                        new.get(name).is_some_and(|twin| {
                            property.required == twin.required
                                && self.equal_values(property.place, twin.place, depth + 1)
                        })
                    })
            }
            (Kind::Enumeration(old), Kind::Enumeration(new)) => {
                old.members.len() == new.members.len()
                    && old
                        .members
                        .iter()
                        .all(|member| new.members.iter().any(|twin| twin.value == member.value))
            }
            (Kind::Array(Some(old)), Kind::Array(Some(new))) => {
                self.equal_values(*old, *new, depth + 1)
            }
            (old, new) => std::mem::discriminant(old) == std::mem::discriminant(new),
        }
    }
}
