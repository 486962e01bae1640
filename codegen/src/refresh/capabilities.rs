//! Filters and orders of a listing that the metadata rules out.

use crate::csdl::{Expression, TypeProperty};
use crate::edit::Edit;
use crate::load::Node;

use super::fragment::SchemaView;
use super::{Comparison, Difference, Refresh};

/// A mark of the fragment, and the metadata's annotation for its opposite: for the whole entity, or for some of its
/// properties.
const MARKS: [(&str, &str, &str, &str, &str); 2] = [
    (
        "x-graph-filterable",
        "FilterRestrictions",
        "Filterable",
        "NonFilterableProperties",
        "filtered",
    ),
    (
        "x-graph-orderable",
        "SortRestrictions",
        "Sortable",
        "NonSortableProperties",
        "ordered",
    ),
];

impl<'a> Refresh<'a> {
    /// Reports that the fragment filters or orders by a property that the metadata excludes. If the metadata says
    /// nothing about a property, either is allowed.
    pub(super) fn capabilities(
        &self,
        view: &SchemaView<'a>,
        property: &TypeProperty,
        subject: &str,
        (pointer, node): (&str, &Node),
        found: &mut Comparison,
    ) {
        let Some(type_) = self.pairs.type_of.get(&view.name) else {
            return;
        };
        for (mark, term, all, some, verb) in MARKS {
            if node.get(mark).and_then(Node::as_bool) != Some(true) {
                continue;
            }
            let excluding = self
                .targets_of(type_)
                .into_iter()
                .find(|target| self.excludes(target, (term, all, some), &property.name));
            let Some(target) = excluding else {
                continue;
            };
            found.differences.push(Difference {
                kind: "extension-changed",
                subject: subject.to_owned(),
                from: Some(format!("can be {verb} by")),
                to: Some(format!("cannot be {verb} by")),
                upstream: self.place(&target, property.position),
                pointer: format!("{pointer}/{mark}"),
                edits: vec![Edit::Remove {
                    pointer: format!("{pointer}/{mark}"),
                }],
                remark: String::new(),
            });
        }
    }

    /// The targets of annotations for a list of entities: their type, and the navigation properties that lead to them.
    fn targets_of(&self, type_: &str) -> Vec<String> {
        let mut targets = vec![type_.to_owned()];
        for owner in self.metadata.types.values() {
            let properties = owner.structured().map(|own| own.properties.as_slice());
            let links = properties.unwrap_or_default().iter().filter(|property| {
                property.is_navigation
                    && property.type_.is_collection
                    && property.type_.name == type_
            });
            targets.extend(links.map(|link| format!("{}/{}", owner.name, link.name)));
        }
        targets
    }

    fn excludes(&self, target: &str, (term, all, some): (&str, &str, &str), name: &str) -> bool {
        let term = format!("Org.OData.Capabilities.V1.{term}");
        let Some(restrictions) = self.metadata.annotation(target, &term) else {
            return false;
        };
        if restrictions.get(all).and_then(Expression::as_bool) == Some(false) {
            return true;
        }
        let excluded = restrictions.get(some).map(Expression::items);
        let mut excluded = excluded.unwrap_or_default().iter();
        excluded.any(|path| path.as_text() == Some(name))
    }
}
