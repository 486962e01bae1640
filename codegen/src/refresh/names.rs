//! The types that a fragment needs in addition to its own, and their names in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::csdl::{Metadata, short_name};
use crate::names::type_name;

use super::fragment::SchemaView;
use super::pairs::Pairs;

/// The schema of every type that has one or may need one.
pub(super) fn names(
    metadata: &Metadata,
    pairs: &Pairs,
    views: &[SchemaView<'_>],
) -> BTreeMap<String, String> {
    let mut names = pairs.schema_of.clone();
    let mut taken: BTreeSet<String> = views.iter().map(|view| view.name.clone()).collect();
    let uses_full_names = pairs.type_of.iter().any(|(schema, type_)| schema == type_);
    for type_ in needed(metadata, pairs) {
        let mut name = match uses_full_names {
            true => type_.clone(),
            false => type_name(short_name(&type_)),
        };
        if !uses_full_names && taken.contains(&name) {
            // The namespace tells types of one name apart.
            name = type_.split('.').map(type_name).collect();
        }
        taken.insert(name.clone());
        names.insert(type_, name);
    }
    names
}

/// The types of the values of properties and operations.
pub(crate) fn values(metadata: &Metadata) -> BTreeSet<String> {
    let structured = metadata
        .types
        .values()
        .filter_map(|type_| type_.structured());
    let of_properties = structured
        .flat_map(|own| &own.properties)
        .filter(|property| !property.is_navigation)
        .map(|property| property.type_.name.clone());
    let returned = metadata
        .operations
        .iter()
        .filter_map(|operation| Some(operation.returns.as_ref()?.0.name.clone()));
    of_properties.chain(returned).collect()
}

/// The new subtypes of covered types, the types of their properties, and the dependencies of these.
fn needed(metadata: &Metadata, pairs: &Pairs) -> BTreeSet<String> {
    let values = values(metadata);
    let mut open: Vec<String> = pairs.schema_of.keys().cloned().collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    while let Some(name) = open.pop() {
        let Some(type_) = metadata.types.get(&name) else {
            continue;
        };
        if !seen.insert(name.clone()) {
            continue;
        }
        for owner in metadata.lineage(&name) {
            let properties = owner.structured().map(|own| own.properties.as_slice());
            for property in properties.unwrap_or_default() {
                if !property.is_navigation {
                    open.push(property.type_.name.clone());
                }
            }
        }
        let is_covered = pairs.schema_of.contains_key(&name);
        if type_.structured().is_some() && (is_covered || values.contains(&name)) {
            open.extend(
                metadata
                    .subtypes(&name)
                    .into_iter()
                    .map(|type_| type_.name.clone()),
            );
        }
    }
    for operation in &metadata.operations {
        let is_covered = operation
            .binding
            .as_ref()
            .is_some_and(|binding| pairs.schema_of.contains_key(&binding.name));
        if is_covered {
            let types = operation
                .parameters
                .iter()
                .map(|parameter| &parameter.type_.name);
            seen.extend(
                types
                    .filter(|name| metadata.types.contains_key(*name))
                    .cloned(),
            );
        }
    }
    seen.retain(|name| {
        !pairs.schema_of.contains_key(name)
            && !matches!(
                metadata.types.get(name).map(|type_| &type_.kind),
                None | Some(crate::csdl::TypeKind::Definition(_))
            )
    });
    seen
}
