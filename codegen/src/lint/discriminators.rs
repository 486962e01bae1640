//! Rules for discriminators: the property exists, and the mapping matches the subtypes.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::{Node, Place};
use crate::model;

use super::Linter;
use super::compositions::own_properties;
use super::did_you_mean;
use super::graph::schema_name;

impl<'a> Linter<'a> {
    pub(super) fn check_discriminators(&mut self) {
        let parents = self.parents();
        for (name, place) in self.named_schemas() {
            let parts = own_parts(&place);
            let found: Vec<Place<'a>> = parts
                .iter()
                .filter_map(|part| part.get("discriminator"))
                .collect();
            for discriminator in found {
                self.check_property(name, &place, &discriminator);
                self.check_mapping(name, &discriminator, &parents);
            }
        }
        for place in self.schemas() {
            let is_named =
                place.pointer.matches('/').count() == 3 || place.pointer.contains("/allOf/");
            if !is_named && let Some(discriminator) = place.get("discriminator") {
                let message = "an unnamed schema has a discriminator".to_owned();
                self.report_key(
                    &discriminator,
                    "discriminator",
                    message,
                    "move the schema into a component",
                );
            }
        }
    }

    /// The base of each schema that has one.
    fn parents(&self) -> BTreeMap<&'a str, String> {
        let schemas = self.named_schemas().into_iter();
        schemas
            .filter(|(_, place)| model::is_named(place.node))
            .filter_map(|(name, place)| Some((name, model::base_reference(place.node)?)))
            .collect()
    }

    fn check_property(&mut self, name: &str, place: &Place<'a>, discriminator: &Place<'a>) {
        let Some(tag) = discriminator.get("propertyName") else {
            return;
        };
        let wanted = tag.node.trimmed();
        let mut properties = own_properties(place);
        let mut base = model::base_reference(place.node);
        let mut seen = BTreeSet::new();
        while let Some(base_name) = base.filter(|base| seen.insert(base.clone())) {
            let Some(node) = self.schema(&base_name) else {
                break;
            };
            properties.extend(own_properties(&Place::new(node, "")));
            base = model::base_reference(node);
        }
        if !properties.iter().any(|(property, _)| *property == wanted) {
            let message = format!("`{name}` has no property `{wanted}`, its discriminator");
            let help = match did_you_mean(&wanted, properties.iter().map(|(property, _)| *property))
            {
                Some(known) => format!("did you mean `{known}`?"),
                None => "declare it as a string".to_owned(),
            };
            self.report(&tag, "discriminator", message, &help);
        }
    }

    fn check_mapping(
        &mut self,
        name: &str,
        discriminator: &Place<'a>,
        parents: &BTreeMap<&'a str, String>,
    ) {
        let Some(mapping) = discriminator.get("mapping") else {
            return;
        };
        let mut targets: BTreeMap<String, &str> = BTreeMap::new();
        for (tag, target) in mapping.entries() {
            let Some(reference) = target.node.as_str() else {
                continue;
            };
            let bare = || self.schema(reference).map(|_| reference.to_owned());
            let Some(target_name) = schema_name(reference).or_else(bare) else {
                let message = format!("the mapping of `{tag}` is not a reference to a schema");
                let help = format!(
                    "write `#/components/schemas/{}`",
                    reference.rsplit('/').next().unwrap_or_default()
                );
                self.report(&target, "discriminator", message, &help);
                continue;
            };
            if let Some(problem) = self.wrong_target(name, &target_name, parents) {
                self.report(
                    &target,
                    "discriminator",
                    problem,
                    "correct the mapping, or make the schema extend the base with `allOf`",
                );
            }
            if let Some(earlier) = targets.insert(target_name.clone(), tag) {
                let message = format!("`{earlier}` and `{tag}` both map to `{target_name}`");
                self.report_key(
                    &target,
                    "discriminator",
                    message,
                    "keep one tag for each subtype",
                );
            }
        }
        self.refuse_unmapped(name, &mapping, &targets, parents);
    }

    fn wrong_target(
        &self,
        base: &str,
        target: &str,
        parents: &BTreeMap<&'a str, String>,
    ) -> Option<String> {
        let Some(node) = self.schema(target) else {
            return Some(format!("`{target}` does not exist"));
        };
        if !model::is_named(node) || node.get("enum").is_some() {
            return Some(format!("`{target}` is not an object"));
        }
        (target != base && !extends(target, base, parents))
            .then(|| format!("`{target}` does not extend `{base}`"))
    }

    /// A subtype without a tag would be read as an unknown one.
    fn refuse_unmapped(
        &mut self,
        base: &str,
        mapping: &Place<'a>,
        targets: &BTreeMap<String, &str>,
        parents: &BTreeMap<&'a str, String>,
    ) {
        for (name, place) in self.named_schemas() {
            let has_subtypes = parents.values().any(|parent| parent == name);
            if !has_subtypes && !targets.contains_key(name) && extends(name, base, parents) {
                let message = format!("`{name}` extends `{base}`, but no tag maps to it");
                let help = format!(
                    "add it to the mapping at line {}",
                    mapping.node.position.line
                );
                self.report_key(&place, "discriminator", message, &help);
            }
        }
    }
}

fn own_parts<'a>(place: &Place<'a>) -> Vec<Place<'a>> {
    let mut parts = vec![place.clone()];
    parts.extend(
        place
            .get("allOf")
            .map(|all| all.items())
            .unwrap_or_default(),
    );
    parts.retain(|part| part.node.get("$ref").and_then(Node::as_str).is_none());
    parts
}

fn extends(name: &str, base: &str, parents: &BTreeMap<&str, String>) -> bool {
    let mut seen = BTreeSet::new();
    let mut current = name;
    while let Some(parent) = parents.get(current) {
        if parent == base {
            return true;
        }
        if !seen.insert(parent) {
            return false;
        }
        current = parent;
    }
    false
}
