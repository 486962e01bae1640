//! Finds the entity of a path.

use heck::ToUpperCamelCase as _;

use crate::csdl::metadata::{Metadata, TypeKind, TypeProperty, TypeReference};
use crate::csdl::schemas::primitive;
use crate::diagnostic::{Position, Problem};

/// An entity, or a set of entities, and the path to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EntityPath {
    /// The path, with a parameter for the key of every set on the way.
    pub(super) path: String,
    /// The parameters of the path, in order.
    pub(super) parameters: Vec<PathParameter>,
    /// The type of the entity or of the items.
    pub(super) type_: String,
    /// Whether it is a set.
    pub(super) is_set: bool,
    /// The target of annotations on the way to it: `microsoft.graph.security/alerts_v2`.
    pub(super) target: String,
    pub(super) position: Position,
}

/// A parameter of a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PathParameter {
    pub(super) name: String,
    pub(super) description: String,
    /// Its type in OpenAPI, with the format.
    pub(super) kind: (&'static str, Option<&'static str>),
}

/// Follows a path from the container; keys of sets on the way may be written in braces, or omitted.
pub(super) fn resolve(metadata: &Metadata, path: &str) -> Result<EntityPath, Box<Problem>> {
    let mut segments = path
        .split('/')
        .filter(|segment| !segment.is_empty() && !segment.starts_with('{'));
    let first = segments.next().unwrap_or_default();
    let Some(entry) = metadata.entry_points.get(first) else {
        let known = metadata
            .entry_points
            .keys()
            .map(String::as_str)
            .collect::<Vec<_>>();
        return Err(problem(
            metadata,
            None,
            path,
            format!("`{first}` is neither an entity set nor a singleton"),
            format!("start with one of: {}", known.join(", ")),
        ));
    };
    let mut place = EntityPath {
        path: format!("/{first}"),
        parameters: Vec::new(),
        type_: entry.type_.clone(),
        is_set: entry.is_set,
        target: entry.type_.clone(),
        position: entry.position,
    };
    for segment in segments {
        if place.is_set && place.push_key(metadata).is_none() {
            let message = format!("the items of `{}` have no key", place.path);
            let help = "use a path that does not go through it".to_owned();
            return Err(problem(metadata, Some(place.position), path, message, help));
        }
        let lineage = metadata.lineage(&place.type_);
        let found = lineage.iter().find_map(|owner| {
            let own = owner.structured()?;
            let property = own
                .properties
                .iter()
                .find(|own| own.is_navigation && own.name == segment)?;
            Some((owner, property))
        });
        let Some((owner, property)) = found else {
            let message = format!(
                "`{segment}` of `{}` does not lead to an entity",
                place.type_
            );
            let help = match lineage.is_empty() {
                true => {
                    "use the complete `$metadata` of the service: this one does not define the type"
                        .to_owned()
                }
                false => {
                    let links = lineage
                        .iter()
                        .filter_map(|owner| owner.structured())
                        .flat_map(|own| &own.properties)
                        .filter(|property| property.is_navigation)
                        .map(|property| property.name.as_str());
                    format!("it has: {}", links.collect::<Vec<_>>().join(", "))
                }
            };
            return Err(problem(metadata, Some(place.position), path, message, help));
        };
        place.path.push('/');
        place.path.push_str(segment);
        place.target = format!("{}/{segment}", owner.name);
        place.position = property.position;
        place.is_set = property.type_.is_collection;
        place.type_.clone_from(&property.type_.name);
    }
    Ok(place)
}

impl EntityPath {
    /// Continues to an item of the set: by its key as a segment, or by all properties of its key in parentheses. None
    /// if no key is known.
    pub(super) fn push_key(&mut self, metadata: &Metadata) -> Option<()> {
        let key = key_of(metadata, &self.type_)?;
        let short = metadata
            .types
            .get(&self.type_)
            .map_or(self.type_.as_str(), |type_| type_.short_name())
            .to_owned();
        if let [_] = key.as_slice() {
            let description = format!("Identifies the `{}`.", self.type_);
            let name = self.push(&format!("{short}Id"), description, ("string", None));
            self.path.push_str(&format!("/{{{name}}}"));
            return Some(());
        }
        let mut parts = Vec::new();
        for property in key {
            let name = format!("{short}{}", property.name.to_upper_camel_case());
            let description = format!(
                "Identifies the `{}` together with the rest of its key: its `{}`.",
                self.type_, property.name
            );
            let literal = literal(metadata, &property.type_)?;
            let name = self.push(&name, description, literal.kind);
            parts.push(format!("{}={}", property.name, literal.written(&name)));
        }
        self.path.push_str(&format!("({})", parts.join(",")));
        Some(())
    }

    /// Adds a parameter with a name that is unique in the path.
    pub(super) fn push(
        &mut self,
        name: &str,
        description: String,
        kind: (&'static str, Option<&'static str>),
    ) -> String {
        let mut name = name.to_owned();
        while self.parameters.iter().any(|known| known.name == name) {
            name.push('2');
        }
        self.parameters.push(PathParameter {
            name: name.clone(),
            description,
            kind,
        });
        name
    }
}

/// The properties that identify an entity.
fn key_of<'m>(metadata: &'m Metadata, type_: &str) -> Option<Vec<&'m TypeProperty>> {
    let lineage = metadata.lineage(type_);
    let owned = lineage.iter().filter_map(|owner| owner.structured());
    let key = owned.map(|own| &own.key).find(|key| !key.is_empty())?;
    let all = || {
        let owned = lineage.iter().filter_map(|owner| owner.structured());
        owned.flat_map(|own| &own.properties)
    };
    key.iter()
        .map(|name| all().find(|property| property.name == *name))
        .collect()
}

/// How a value is written in a path.
pub(super) struct Literal {
    pub(super) kind: (&'static str, Option<&'static str>),
    is_quoted: bool,
}

impl Literal {
    /// A path parameter in place of the value.
    pub(super) fn written(&self, parameter: &str) -> String {
        match self.is_quoted {
            true => format!("'{{{parameter}}}'"),
            false => format!("{{{parameter}}}"),
        }
    }
}

/// How a value of a type is written in a path: strings and members with quotes, everything else without. None for a
/// type that cannot be part of a path.
pub(super) fn literal(metadata: &Metadata, reference: &TypeReference) -> Option<Literal> {
    if reference.is_collection {
        return None;
    }
    let (name, is_member) = match metadata.types.get(&reference.name).map(|type_| &type_.kind) {
        Some(TypeKind::Definition(underlying)) => (underlying.as_str(), false),
        Some(TypeKind::Enumeration(_)) => ("Edm.String", true),
        Some(TypeKind::Structured(_)) => return None,
        None => (reference.name.as_str(), false),
    };
    let (kind, _) = primitive(name)?;
    // Only numbers of up to 32 bits are numbers in a path: others are strings that the service parses.
    let kind = match kind {
        "integer" if name != "Edm.Int64" => ("integer", Some("int32")),
        _ => ("string", None),
    };
    Some(Literal {
        kind,
        is_quoted: is_member || name == "Edm.String",
    })
}

fn problem(
    metadata: &Metadata,
    position: Option<Position>,
    path: &str,
    message: String,
    help: String,
) -> Box<Problem> {
    Box::new(Problem {
        rule: "unknown-path",
        message,
        file: metadata.file.clone(),
        position,
        pointer: path.to_owned(),
        help,
    })
}
