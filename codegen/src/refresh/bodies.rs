//! Update bodies: each property must be a property of the entity, and nullable only if that is nullable.

use crate::csdl::Type;
use crate::edit::Edit;
use crate::load::Node;

use super::change::{null_edits, null_text};
use super::fragment::SchemaView;
use super::reach;
use super::shape::ComparedType;
use super::{Comparison, Difference, Refresh};

impl<'a> Refresh<'a> {
    pub(super) fn bodies(&self, found: &mut Comparison) {
        for (path, method, operation) in reach::operations(self.document) {
            if method != "patch" && method != "put" {
                continue;
            }
            let body = operation
                .get("requestBody")
                .and_then(|body| reach::named_content(self.document, body));
            let Some(view) = body.and_then(|body| self.views.get(&body)) else {
                continue;
            };
            // A body that is the entity itself was already compared.
            if self.pairs.type_of.contains_key(&view.name) {
                continue;
            }
            let entity = reach::named_success(self.document, operation)
                .or_else(|| self.read_at(path))
                .and_then(|schema| self.pairs.type_of.get(&schema))
                .and_then(|type_| self.metadata.types.get(type_));
            if let Some(type_) = entity {
                found.compared.insert(self.short(&view.name));
                self.update(view, type_, found);
            }
        }
    }

    /// The type that a read of the same path returns.
    pub(super) fn read_at(&self, path: &str) -> Option<String> {
        let read = self.document.root.get("paths")?.get(path)?.get("get")?;
        reach::named_success(self.document, read)
    }

    fn update(&self, view: &SchemaView<'a>, type_: &Type, found: &mut Comparison) {
        for (name, pointer, node) in view.properties() {
            let subject = format!("{}.{name}", self.short(&view.name));
            let (shape, nullable) = ComparedType::of_schema(self.document, node);
            let lineage = self.metadata.lineage(&type_.name);
            let property = lineage
                .iter()
                .filter_map(|owner| Some((owner, owner.structured()?)))
                .find_map(|(owner, own)| {
                    let property = own.properties.iter().find(|own| own.name == name)?;
                    Some((owner, property))
                });
            let Some((owner, property)) = property else {
                found.differences.push(Difference {
                    kind: "property-removed",
                    subject,
                    from: Some(self.shown(&shape)),
                    to: None,
                    upstream: self.place(&type_.name, type_.position),
                    pointer: pointer.clone(),
                    edits: vec![Edit::Remove { pointer }],
                    remark: String::new(),
                });
                continue;
            };
            let target = format!("{}/{name}", owner.name);
            let place = self.place(&target, property.position);
            if let Some(why) = self.refused_in_updates(&target) {
                found.differences.push(Difference {
                    kind: "property-removed",
                    subject: subject.clone(),
                    from: Some(self.shown(&shape)),
                    to: None,
                    upstream: place.clone(),
                    pointer: pointer.clone(),
                    edits: vec![Edit::Remove {
                        pointer: pointer.clone(),
                    }],
                    remark: why.to_owned(),
                });
                continue;
            }
            let retyped = self.retyped(&subject, &property.type_, &place, &pointer, node);
            found.differences.extend(retyped);
            if nullable && !property.nullable {
                found
                    .differences
                    .push(self.null_refused(subject, place, &pointer, node));
            }
        }
    }

    /// Why an update must not write a property, according to the metadata.
    fn refused_in_updates(&self, target: &str) -> Option<&'static str> {
        if self.metadata.is_immutable(target) {
            return Some("it can only be set when its entity is created");
        }
        self.metadata
            .is_computed(target)
            .then_some("only the service sets it")
    }

    /// Reports that a request must no longer send null.
    pub(super) fn null_refused(
        &self,
        subject: String,
        upstream: super::UpstreamPlace,
        pointer: &str,
        node: &Node,
    ) -> Difference {
        Difference {
            kind: "property-nullable-changed",
            subject,
            from: Some(null_text(true)),
            to: Some(null_text(false)),
            upstream,
            pointer: pointer.to_owned(),
            edits: null_edits(pointer, node, false),
            remark: String::new(),
        }
    }
}
