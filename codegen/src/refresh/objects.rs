//! Objects: their properties, with type, nullability and annotations.

use std::collections::{BTreeMap, BTreeSet};

use crate::csdl::{Deprecation, Type, TypeProperty};
use crate::edit::Edit;
use crate::load::Node;

use super::change::{deprecation_edits, insert_flag, null_edits, null_text, told, type_edits};
use super::fragment::SchemaView;
use super::shape::ComparedType;
use super::{Comparison, Difference, Refresh};

impl<'a> Refresh<'a> {
    pub(super) fn object(&self, view: &SchemaView<'a>, type_: &Type, found: &mut Comparison) {
        let upstream = self.upstream_properties(view, type_);
        let own: BTreeMap<&str, (String, &Node)> = view
            .properties()
            .into_iter()
            .map(|(name, pointer, node)| (name, (pointer, node)))
            .collect();
        let inherited = self.inherited(view);
        let mut added: Vec<(&str, &(String, &TypeProperty))> = Vec::new();
        for (name, told) in &upstream {
            match own.get(name) {
                Some((pointer, node)) => self.property(view, told, pointer, node, found),
                None if inherited.contains(name) => {}
                None => added.push((name, told)),
            }
        }
        for (name, told) in added {
            found
                .differences
                .push(self.added_property(view, name, told));
        }
        let everywhere = self.names_of_lineage(type_);
        for (name, (pointer, node)) in &own {
            if !everywhere.contains(name) {
                let (shape, _) = ComparedType::of_schema(self.document, node);
                found.differences.push(Difference {
                    kind: "property-removed",
                    subject: format!("{}.{name}", self.short(&view.name)),
                    from: Some(self.shown(&shape)),
                    to: None,
                    upstream: self.place(&type_.name, type_.position),
                    pointer: pointer.clone(),
                    edits: vec![Edit::Remove {
                        pointer: pointer.clone(),
                    }],
                    remark: String::new(),
                });
            }
        }
        let deprecation = self.metadata.deprecation(&type_.name);
        let subject = self.short(&view.name);
        let place = (type_.name.as_str(), type_.position);
        self.deprecation(
            &subject,
            deprecation,
            place,
            (&view.pointer, view.node),
            found,
        );
    }

    /// The properties that the metadata has for a type, down to the type of the fragment's base.
    fn upstream_properties<'t>(
        &'t self,
        view: &SchemaView<'_>,
        type_: &Type,
    ) -> BTreeMap<&'t str, (String, &'t TypeProperty)> {
        let base = view
            .base
            .as_ref()
            .and_then(|base| self.pairs.type_of.get(base));
        let mut properties = BTreeMap::new();
        for owner in self.metadata.lineage(&type_.name) {
            if Some(&owner.name) == base {
                break;
            }
            for property in owner
                .structured()
                .map(|own| &own.properties)
                .into_iter()
                .flatten()
            {
                properties
                    .entry(property.name.as_str())
                    .or_insert((owner.name.clone(), property));
            }
        }
        properties
    }

    fn names_of_lineage(&self, type_: &Type) -> BTreeSet<&str> {
        let lineage = self.metadata.lineage(&type_.name);
        lineage
            .into_iter()
            .filter_map(|type_| type_.structured())
            .flat_map(|own| own.properties.iter().map(|property| property.name.as_str()))
            .collect()
    }

    /// The names of the properties that a schema inherits.
    fn inherited(&self, view: &SchemaView<'a>) -> BTreeSet<&'a str> {
        let bases = self.bases(view).into_iter();
        bases
            .flat_map(|view| view.properties())
            .map(|(name, ..)| name)
            .collect()
    }

    fn added_property(
        &self,
        view: &SchemaView<'_>,
        name: &str,
        (owner, property): &(String, &TypeProperty),
    ) -> Difference {
        let node = self.schemas.property(owner, property, false);
        let edit = match view.properties_pointer() {
            Some(parent) => Edit::Insert {
                parent,
                key: name.to_owned(),
                node,
                after: None,
            },
            None => Edit::Insert {
                parent: view.own_part().to_owned(),
                key: "properties".to_owned(),
                node: crate::csdl::schemas::mapping(property.position, vec![(name, node)]),
                after: None,
            },
        };
        let shape = self.shown(&self.expected(property));
        Difference {
            kind: "property-added",
            subject: format!("{}.{name}", self.short(&view.name)),
            from: None,
            to: Some(match property.nullable {
                true => format!("{shape}, or null"),
                false => shape,
            }),
            upstream: self.place(&format!("{owner}/{name}"), property.position),
            pointer: view.pointer.clone(),
            edits: vec![edit],
            remark: String::new(),
        }
    }

    /// A type in reports: with the names of Rust types.
    pub(super) fn shown(&self, shape: &ComparedType) -> String {
        shape.renamed(&|name| self.short(name)).to_string()
    }

    /// The type of a property, with the names of the fragment.
    pub(super) fn expected(&self, property: &TypeProperty) -> ComparedType {
        self.expected_of(&property.type_)
    }

    pub(super) fn expected_of(&self, reference: &crate::csdl::TypeReference) -> ComparedType {
        let shape = ComparedType::of_metadata(self.metadata, reference);
        shape.renamed(&|name| match self.schemas.names.get(name) {
            Some(schema) => schema.clone(),
            None => name.to_owned(),
        })
    }

    fn property(
        &self,
        view: &SchemaView<'a>,
        (owner, property): &(String, &TypeProperty),
        pointer: &str,
        node: &Node,
        found: &mut Comparison,
    ) {
        let subject = format!("{}.{}", self.short(&view.name), property.name);
        let target = format!("{owner}/{}", property.name);
        let (_, nullable) = ComparedType::of_schema(self.document, node);
        let place = self.place(&target, property.position);
        if let Some(difference) = self.retyped(&subject, &property.type_, &place, pointer, node) {
            found.differences.push(difference);
        }
        // A property that is not expanded is absent: the metadata does not say whether it may be null.
        if !property.is_navigation && nullable != property.nullable {
            found.differences.push(Difference {
                kind: "property-nullable-changed",
                subject: subject.clone(),
                from: Some(null_text(nullable)),
                to: Some(null_text(property.nullable)),
                upstream: place.clone(),
                pointer: pointer.to_owned(),
                edits: null_edits(pointer, node, property.nullable),
                remark: String::new(),
            });
        }
        let is_read_only = node.get("readOnly").and_then(Node::as_bool) == Some(true);
        if self.metadata.is_computed(&target)
            && !is_read_only
            && self.in_requests.contains(&view.name)
        {
            found.differences.push(Difference {
                kind: "property-read-only-changed",
                subject: subject.clone(),
                from: Some("read and written".to_owned()),
                to: Some("read only".to_owned()),
                upstream: place,
                pointer: pointer.to_owned(),
                edits: vec![insert_flag(pointer, "readOnly", node)],
                remark: String::new(),
            });
        }
        self.capabilities(view, property, &subject, (pointer, node), found);
        let deprecation = self.metadata.deprecation(&target);
        let place = (target.as_str(), property.position);
        self.deprecation(&subject, deprecation, place, (pointer, node), found);
    }

    /// Reports that a value has another type or format.
    pub(super) fn retyped(
        &self,
        subject: &str,
        reference: &crate::csdl::TypeReference,
        place: &super::UpstreamPlace,
        pointer: &str,
        node: &Node,
    ) -> Option<Difference> {
        let (shape, _) = ComparedType::of_schema(self.document, node);
        let expected = self.expected_of(reference);
        if self.are_same(&shape, &expected) {
            return None;
        }
        let kind = match (&shape, &expected) {
            (ComparedType::Primitive(old, _), ComparedType::Primitive(new, _)) if old == new => {
                "property-format-changed"
            }
            _ => "property-type-changed",
        };
        let keys = self.schemas.value(reference, place.position);
        Some(Difference {
            kind,
            subject: subject.to_owned(),
            from: Some(self.shown(&shape)),
            to: Some(self.shown(&expected)),
            upstream: place.clone(),
            pointer: pointer.to_owned(),
            edits: type_edits(pointer, node, &keys),
            remark: String::new(),
        })
    }

    fn are_same(&self, fragment: &ComparedType, upstream: &ComparedType) -> bool {
        match (fragment, upstream) {
            (ComparedType::List(left), ComparedType::List(right)) => self.are_same(left, right),
            // All numbers other than integers are read in the same way.
            (ComparedType::Primitive("number", _), ComparedType::Primitive("number", _)) => true,
            (ComparedType::Named(left), ComparedType::Named(right)) => {
                // The metadata refers to a type that it does not define: it was cut.
                let is_undefined = !self.views.contains_key(right)
                    && !self.metadata.types.contains_key(right)
                    && !self.schemas.names.values().any(|name| name == right);
                left == right
                    || (is_undefined
                        && crate::csdl::short_name(left)
                            .eq_ignore_ascii_case(crate::csdl::short_name(right)))
            }
            // An object without a schema, if the metadata leads to a part that the fragment leaves out.
            (ComparedType::Any, ComparedType::Named(name)) => {
                !self.schemas.names.values().any(|known| known == name)
            }
            (left, right) => left == right,
        }
    }

    pub(super) fn deprecation(
        &self,
        subject: &str,
        deprecation: Option<Deprecation>,
        (target, position): (&str, crate::diagnostic::Position),
        (pointer, node): (&str, &Node),
        found: &mut Comparison,
    ) {
        let is_deprecated = node.get("deprecated").and_then(Node::as_bool) == Some(true);
        let edits = match (&deprecation, is_deprecated) {
            (Some(deprecation), false) => deprecation_edits(pointer, deprecation, position),
            (None, true) if self.knows_revisions() => vec![Edit::Remove {
                pointer: format!("{pointer}/deprecated"),
            }],
            _ => return,
        };
        let text =
            |deprecated: bool| Some(if deprecated { "deprecated" } else { "in use" }.to_owned());
        found.differences.push(Difference {
            kind: "deprecation-changed",
            subject: subject.to_owned(),
            from: text(is_deprecated),
            to: text(!is_deprecated),
            upstream: self.place(target, position),
            pointer: pointer.to_owned(),
            edits,
            remark: deprecation
                .map(|deprecation| told(&deprecation))
                .unwrap_or_default(),
        });
    }

    /// Whether the metadata has any deprecation: a document that was cut may have none.
    fn knows_revisions(&self) -> bool {
        let mut all = self.metadata.annotations.values().flatten();
        all.any(|annotation| annotation.term == "Org.OData.Core.V1.Revisions")
    }
}
