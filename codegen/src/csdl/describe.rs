//! Describes an entity in OpenAPI from metadata alone: its type tree, its operations and the actions bound to it.

mod operations;
mod path;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Position, Problem, Problems};
use crate::load::{Document, Node};

use super::metadata::Metadata;
use super::schemas::{Schemas, mapping, named, sequence, text};

/// The entities to describe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeSettings {
    /// The base URL of the service with its version: `https://graph.microsoft.com/v1.0`.
    pub server: String,
    /// Paths of entities or entity sets, from the container on: `/security/alerts_v2`.
    pub paths: Vec<String>,
}

/// A description, and what it leaves out of the metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    /// The description; its nodes have the locations of their sources in the metadata.
    pub document: Document,
    /// The omitted parts, one sentence each.
    pub left_out: Vec<String>,
}

/// Describes entities: how to list, read, create, update, delete and count them, and the actions bound to them.
///
/// Operations that the metadata's annotations rule out (`InsertRestrictions` and the like) are left out. Navigation
/// properties are left out unless their targets are described too.
///
/// # Errors
///
/// Returns an error with location and remedy for a path that does not lead to an entity, and for types that the
/// metadata refers to without defining them.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::csdl::{self, describe};
///
/// let text = r#"<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">
///   <edmx:DataServices>
///     <Schema Namespace="library" xmlns="http://docs.oasis-open.org/odata/ns/edm">
///       <EntityType Name="book">
///         <Key><PropertyRef Name="id" /></Key>
///         <Property Name="id" Type="Edm.String" Nullable="false" />
///         <Property Name="title" Type="Edm.String" />
///       </EntityType>
///       <EntityContainer Name="Shelf"><EntitySet Name="books" EntityType="library.book" /></EntityContainer>
///     </Schema>
///   </edmx:DataServices>
/// </edmx:Edmx>"#;
/// let metadata = csdl::parse("library.xml", text)?;
/// let wanted = describe::DescribeSettings {
///     server: "https://library.example/v1".into(),
///     paths: vec!["/books".into()],
/// };
/// let described = describe::describe(&metadata, &wanted)?;
/// let get = described.document.root.pointer("#/paths/~1books~1{bookId}/get/operationId");
/// assert_eq!(get.and_then(|id| id.as_str()), Some("getBook"));
/// # Ok::<(), graph_client_codegen::Problems>(())
/// ```
pub fn describe(metadata: &Metadata, wanted: &DescribeSettings) -> Result<Described, Problems> {
    let mut problems = Problems::default();
    let mut places = Vec::new();
    for path in &wanted.paths {
        match path::resolve(metadata, path) {
            Ok(place) => places.push(place),
            Err(problem) => problems.push(*problem),
        }
    }
    problems.into_result()?;
    let mut roots: BTreeSet<String> = places.iter().map(|place| place.type_.clone()).collect();
    let actions = operations::bound(metadata, &places);
    for (_, operation) in &actions {
        let returned = operation.returns.iter().map(|(returns, _)| returns);
        let types = operation
            .parameters
            .iter()
            .map(|parameter| &parameter.type_)
            .chain(returned);
        roots.extend(types.map(|reference| reference.name.clone()));
    }
    let needed = needed(metadata, &roots)?;
    let schemas = schemas(metadata, &needed);
    let mut left_out = links_left_out(metadata, &schemas);
    let (paths, bodies) = operations::describe(&schemas, &places, &actions, &mut left_out);
    let mut all = types_of(&schemas);
    all.extend(bodies);
    all.sort_by(|left, right| left.0.cmp(&right.0));
    let document = document(metadata, wanted, paths, all);
    Ok(Described { document, left_out })
}

/// Describes types only, with everything that their properties need: a description without operations.
///
/// # Errors
///
/// Returns an error with location and remedy for types that the metadata refers to without defining them.
pub fn describe_types(metadata: &Metadata, types: &[&str]) -> Result<Document, Problems> {
    let roots = types.iter().map(|name| (*name).to_owned()).collect();
    let needed = needed(metadata, &roots)?;
    let schemas = schemas(metadata, &needed);
    let wanted = DescribeSettings {
        server: "https://graph.microsoft.com/v1.0".to_owned(),
        paths: Vec::new(),
    };
    Ok(document(
        metadata,
        &wanted,
        named(START, Vec::new()),
        types_of(&schemas),
    ))
}

/// The type of the entities at a path from the container on.
#[must_use]
pub fn entity_at(metadata: &Metadata, path: &str) -> Option<String> {
    path::resolve(metadata, path).ok().map(|place| place.type_)
}

const START: Position = Position { line: 1, column: 1 };

fn schemas<'m>(metadata: &'m Metadata, needed: &BTreeSet<String>) -> Schemas<'m> {
    Schemas {
        metadata,
        names: needed
            .iter()
            .map(|name| (name.clone(), name.clone()))
            .collect(),
        values: crate::refresh::values(metadata)
            .into_iter()
            .chain(needed.iter().cloned())
            .collect(),
        keeps_links: false,
        describe: Box::new(|target| {
            let term = "Org.OData.Core.V1.Description";
            metadata
                .annotation(target, term)?
                .as_text()
                .map(str::to_owned)
        }),
    }
}

fn types_of(schemas: &Schemas<'_>) -> Vec<(String, Node)> {
    let types = schemas.names.iter().filter_map(|(type_, name)| {
        Some((
            name.clone(),
            schemas.schema(schemas.metadata.types.get(type_)?),
        ))
    });
    types.collect()
}

/// The dependencies of types: the types of their properties, with all subtypes, and the bases in between.
fn needed(metadata: &Metadata, roots: &BTreeSet<String>) -> Result<BTreeSet<String>, Problems> {
    let mut problems = Problems::default();
    let mut found = BTreeSet::new();
    let mut open: Vec<(String, Option<Position>)> =
        roots.iter().map(|name| (name.clone(), None)).collect();
    while let Some((name, named_at)) = open.pop() {
        if name.starts_with("Edm.") || found.contains(&name) {
            continue;
        }
        let Some(type_) = metadata.types.get(&name) else {
            problems.push(Problem {
                rule: "unknown-type",
                message: format!("`{name}` is referred to but not defined"),
                file: metadata.file.clone(),
                position: named_at,
                pointer: name.clone(),
                help: "use the complete `$metadata` of the service".to_owned(),
            });
            continue;
        };
        if type_.structured().is_none() && type_.enumeration().is_none() {
            continue;
        }
        found.insert(name.clone());
        for owner in metadata.lineage(&name) {
            for property in owner
                .structured()
                .map(|own| &own.properties)
                .into_iter()
                .flatten()
            {
                if !property.is_navigation {
                    open.push((property.type_.name.clone(), Some(property.position)));
                }
            }
        }
        for subtype in metadata.subtypes(&name) {
            open.push((subtype.name.clone(), Some(subtype.position)));
        }
    }
    problems.into_result()?;
    Ok(found)
}

fn links_left_out(metadata: &Metadata, schemas: &Schemas<'_>) -> Vec<String> {
    let mut left_out = Vec::new();
    for name in schemas.names.keys() {
        let properties = metadata
            .structured(name)
            .map(|own| own.properties.as_slice());
        for property in properties.unwrap_or_default() {
            if property.is_navigation && !schemas.names.contains_key(&property.type_.name) {
                left_out.push(format!(
                    "{name}/{} leads to {}",
                    property.name, property.type_
                ));
            }
        }
    }
    left_out
}

fn document(
    metadata: &Metadata,
    wanted: &DescribeSettings,
    paths: Node,
    schemas: Vec<(String, Node)>,
) -> Document {
    let at = START;
    let version = wanted.server.rsplit('/').next().unwrap_or_default();
    let info = mapping(
        at,
        vec![
            ("title", text(at, &format!("Entities of {}", metadata.file))),
            ("version", text(at, version)),
        ],
    );
    let server = mapping(at, vec![("url", text(at, &wanted.server))]);
    let has_operations = !paths.entries().is_empty();
    let mut components: BTreeMap<&str, Node> = BTreeMap::new();
    components.insert("schemas", named(at, schemas));
    if has_operations {
        components.insert("responses", operations::responses(at));
    }
    let components = components.into_iter().collect();
    let root = mapping(
        at,
        vec![
            ("openapi", text(at, "3.0.3")),
            ("info", info),
            ("servers", sequence(at, vec![server])),
            ("paths", paths),
            ("components", mapping(at, components)),
        ],
    );
    Document::new(&metadata.file, root)
}
