//! Differences between Microsoft's description and the metadata.

use std::collections::{BTreeMap, BTreeSet};

use crate::csdl::{Enumerated, Metadata, Type, TypeProperty};
use crate::load::{Document, Node};

use super::change::null_text;
use super::fragment::SchemaView;
use super::pairs::{self, Pairs};
use super::shape::ComparedType;
use super::{UpstreamPlace, reach};

/// A disagreement between two sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// The subject: `microsoft.graph.security.incident/status`.
    pub subject: String,
    /// The value in the metadata.
    pub metadata: String,
    /// The value in the description.
    pub description: String,
    /// The location in the metadata.
    pub upstream: UpstreamPlace,
    /// The location in the description, as a JSON pointer.
    pub pointer: String,
}

/// Compares the types that a fragment covers in the metadata and in the description.
#[must_use]
pub fn disagreements(
    fragment: &Document,
    metadata: &Metadata,
    description: &Document,
) -> Vec<Disagreement> {
    let covered = pairs::pair(fragment, metadata);
    let mut sources = Sources {
        metadata,
        description,
        told: pairs::pair(description, metadata),
        views: super::fragment::schemas(description)
            .into_iter()
            .map(|view| (view.name.clone(), view))
            .collect(),
        found: Vec::new(),
    };
    for name in covered.schema_of.keys() {
        let told = sources.told.schema_of.get(name);
        let view = told.and_then(|schema| sources.views.get(schema)).cloned();
        let (Some(type_), Some(view)) = (metadata.types.get(name), view) else {
            continue;
        };
        match type_.enumeration() {
            Some(own) => sources.enumeration(type_, own, &view),
            None => sources.object(type_, &view),
        }
    }
    sources.found
}

struct Sources<'a> {
    metadata: &'a Metadata,
    description: &'a Document,
    told: Pairs,
    views: BTreeMap<String, SchemaView<'a>>,
    found: Vec<Disagreement>,
}

impl<'a> Sources<'a> {
    fn say(
        &mut self,
        upstream: UpstreamPlace,
        pointer: &str,
        metadata: String,
        description: String,
    ) {
        self.found.push(Disagreement {
            subject: upstream.name.clone(),
            metadata,
            description,
            upstream,
            pointer: pointer.to_owned(),
        });
    }

    /// Reports that only one of the two has a part.
    fn say_which(&mut self, upstream: UpstreamPlace, pointer: &str, metadata_has_it: bool) {
        let said = |has: bool| if has { "has it" } else { "lacks it" }.to_owned();
        self.say(
            upstream,
            pointer,
            said(metadata_has_it),
            said(!metadata_has_it),
        );
    }

    fn enumeration(&mut self, type_: &Type, own: &Enumerated, view: &SchemaView<'a>) {
        let here: BTreeSet<&str> = own
            .members
            .iter()
            .map(|member| member.name.as_str())
            .collect();
        let there: BTreeSet<&str> = view.members().into_iter().collect();
        for member in here.symmetric_difference(&there) {
            let place = UpstreamPlace {
                name: format!("{}/{member}", type_.name),
                position: type_.position,
            };
            self.say_which(place, &view.pointer, here.contains(member));
        }
    }

    fn object(&mut self, type_: &Type, view: &SchemaView<'a>) {
        let there = all_properties(&self.views, view);
        let mut here: BTreeMap<&str, &TypeProperty> = BTreeMap::new();
        for owner in self.metadata.lineage(&type_.name) {
            for property in owner
                .structured()
                .map(|own| &own.properties)
                .into_iter()
                .flatten()
            {
                here.entry(property.name.as_str()).or_insert(property);
            }
        }
        let all: BTreeSet<&str> = here.keys().chain(there.keys()).copied().collect();
        for name in all {
            let own = here.get(name).copied();
            let place = UpstreamPlace {
                name: format!("{}/{name}", type_.name),
                position: own.map_or(type_.position, |own| own.position),
            };
            match (own, there.get(name)) {
                (Some(own), Some((pointer, node))) => self.property(own, place, pointer, node),
                (Some(_), None) => self.say_which(place, &view.pointer, true),
                (None, Some((pointer, _))) => self.say_which(place, pointer, false),
                (None, None) => {}
            }
        }
    }

    fn property(&mut self, own: &TypeProperty, place: UpstreamPlace, pointer: &str, node: &Node) {
        let (shape, nullable) = ComparedType::of_schema(self.description, node);
        let shape = shape.renamed(&|schema| match self.told.type_of.get(schema) {
            Some(type_) => type_.clone(),
            None => schema.to_owned(),
        });
        let upstream = ComparedType::of_metadata(self.metadata, &own.type_);
        let are_numbers = matches!(
            (&shape, &upstream),
            (
                ComparedType::Primitive("number", _),
                ComparedType::Primitive("number", _)
            )
        );
        if shape != upstream && !are_numbers {
            self.say(
                place.clone(),
                pointer,
                upstream.to_string(),
                shape.to_string(),
            );
        }
        // The description does not say whether references and lists may be null.
        let says_null = matches!(shape, ComparedType::Primitive(..)) && !own.is_navigation;
        if says_null && nullable != own.nullable {
            self.say(place, pointer, null_text(own.nullable), null_text(nullable));
        }
    }
}

/// The properties of a schema and of its bases.
fn all_properties<'a>(
    views: &BTreeMap<String, SchemaView<'a>>,
    view: &SchemaView<'a>,
) -> BTreeMap<&'a str, (String, &'a Node)> {
    let mut properties = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut next = Some(view);
    while let Some(view) = next.filter(|view| seen.insert(view.name.clone())) {
        for (name, pointer, node) in view.properties() {
            properties.entry(name).or_insert((pointer, node));
        }
        next = view.base.as_ref().and_then(|base| views.get(base));
    }
    properties
}

/// The operations below the fragment's paths that only the description or only the fragment has: method and path, and
/// whether the description has it.
#[must_use]
pub fn operations(fragment: &Document, description: &Document) -> Vec<(String, bool)> {
    let (own, theirs) = (labels(fragment), labels(description));
    let roots: BTreeSet<&str> = own
        .keys()
        .filter_map(|label| label.split_once(' '))
        .map(|(_, path)| path.split("/{}").next().unwrap_or(path))
        .collect();
    let is_covered = |label: &str| {
        let path = label.split_once(' ').map_or("", |(_, path)| path);
        roots.iter().any(|root| {
            path.strip_prefix(root)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let gone = own.iter().filter(|(label, _)| !theirs.contains_key(*label));
    let new = theirs
        .iter()
        .filter(|(label, _)| !own.contains_key(*label) && is_covered(label));
    let new = new.map(|(_, shown)| (shown.clone(), true));
    new.chain(gone.map(|(_, shown)| (shown.clone(), false)))
        .collect()
}

/// The operations of a document, as shown, by a normalized key: without the names of parameters, and with the short
/// names of actions and functions.
fn labels(document: &Document) -> BTreeMap<String, String> {
    let operations = reach::operations(document).into_iter();
    operations
        .map(|(path, method, _)| {
            let method = method.to_uppercase();
            let of = |segment: fn(&str) -> &str| {
                let segments = path.split('/').map(segment).collect::<Vec<_>>();
                format!("{method} {}", segments.join("/"))
            };
            (of(same_for_all), of(without_name))
        })
        .collect()
}

fn without_name(segment: &str) -> &str {
    match segment.starts_with('{') {
        true => "{}",
        false => segment,
    }
}

/// `microsoft.graph.security.moveAlerts` and `moveAlerts` are the same, and so are `delta()` and `delta`.
fn same_for_all(segment: &str) -> &str {
    let segment = without_name(segment);
    let name = segment.split('(').next().unwrap_or(segment);
    match name.contains('.') {
        true => crate::csdl::short_name(name),
        false => name,
    }
}
