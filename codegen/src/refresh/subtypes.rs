//! Subtypes and their tags.

use std::collections::BTreeSet;

use crate::csdl::Type;
use crate::csdl::schemas::{mapping, named, reference_to, text};
use crate::edit::Edit;
use crate::load::{Node, escape};

use super::fragment::SchemaView;
use super::{Comparison, Difference, Refresh, UNWRITTEN};

const TAG: &str = "@odata.type";

impl<'a> Refresh<'a> {
    pub(super) fn subtypes(&self, view: &SchemaView<'a>, type_: &Type, found: &mut Comparison) {
        match view.mapping() {
            Some((pointer, known)) => self.tags(view, type_, &pointer, known, found),
            None => self.first_subtypes(view, type_, found),
        }
    }

    fn tags(
        &self,
        view: &SchemaView<'a>,
        type_: &Type,
        pointer: &str,
        known: &Node,
        found: &mut Comparison,
    ) {
        let short = self.short(&view.name);
        let own = format!("#{}", type_.name);
        for (tag, schema) in self.schemas.tags(type_) {
            if tag == own || known.get(&tag).is_some() {
                continue;
            }
            let subtype = tag.trim_start_matches('#');
            let position = self
                .metadata
                .types
                .get(subtype)
                .map_or(type_.position, |type_| type_.position);
            found.differences.push(Difference {
                kind: "discriminator-mapping-added",
                subject: format!("{short}.{tag}"),
                from: None,
                to: Some(self.short(&schema)),
                upstream: self.place(subtype, position),
                pointer: pointer.to_owned(),
                edits: vec![Edit::Insert {
                    parent: pointer.to_owned(),
                    node: reference_to(position, &schema),
                    key: tag,
                    after: None,
                }],
                remark: String::new(),
            });
        }
        let upstream: BTreeSet<String> = self
            .schemas
            .tags(type_)
            .into_iter()
            .map(|(tag, _)| tag)
            .collect();
        for entry in known.entries() {
            if upstream.contains(&entry.key) || entry.key == own {
                continue;
            }
            let child = format!("{pointer}/{}", escape(&entry.key));
            let schema = entry.node.as_str().and_then(super::shape::schema_name);
            found.differences.push(Difference {
                kind: "discriminator-mapping-removed",
                subject: format!("{short}.{}", entry.key),
                from: schema.map(|schema| self.short(&schema)),
                to: None,
                upstream: self.place(&type_.name, type_.position),
                pointer: child.clone(),
                edits: vec![Edit::Remove { pointer: child }],
                remark: String::new(),
            });
        }
    }

    /// A type without subtypes in the fragment.
    fn first_subtypes(&self, view: &SchemaView<'a>, type_: &Type, found: &mut Comparison) {
        let tags = self.schemas.tags(type_);
        let own = format!("#{}", type_.name);
        if tags.iter().all(|(tag, _)| *tag == own) || self.is_told_apart_by_base(view) {
            return;
        }
        let at = type_.position;
        let tag_names: Vec<&str> = tags
            .iter()
            .map(|(tag, _)| tag.as_str())
            .filter(|tag| *tag != own)
            .collect();
        let mapping_node = named(
            at,
            tags.iter()
                .map(|(tag, schema)| (tag.clone(), reference_to(at, schema)))
                .collect(),
        );
        let parent = view.own_part().to_owned();
        let mut edits = vec![Edit::Insert {
            parent: parent.clone(),
            key: "discriminator".to_owned(),
            node: mapping(
                at,
                vec![("propertyName", text(at, TAG)), ("mapping", mapping_node)],
            ),
            after: Some("type".to_owned()),
        }];
        let has_tag = view.parts.iter().any(|(_, part)| {
            part.get("properties")
                .is_some_and(|own| own.entry(TAG).is_some())
        });
        if !has_tag && let Some(parent) = view.properties_pointer() {
            let node = vec![
                ("type", text(at, "string")),
                ("description", text(at, UNWRITTEN)),
            ];
            edits.push(Edit::Insert {
                parent,
                key: TAG.to_owned(),
                node: mapping(at, node),
                after: None,
            });
        }
        found.differences.push(Difference {
            kind: "discriminator-added",
            subject: self.short(&view.name),
            from: None,
            to: Some(TAG.to_owned()),
            upstream: self.place(&type_.name, at),
            pointer: parent,
            edits,
            remark: format!("subtypes: {}", tag_names.join(", ")),
        });
    }

    fn is_told_apart_by_base(&self, view: &SchemaView<'a>) -> bool {
        self.bases(view).iter().any(|base| base.mapping().is_some())
    }
}
