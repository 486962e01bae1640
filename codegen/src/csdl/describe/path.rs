//! Finds the entity that a path leads to.

use crate::csdl::metadata::Metadata;
use crate::diagnostic::{Position, Problem};

/// An entity, or a set of entities, and the path to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EntityPath {
    /// The path, with a parameter for the key of every set on the way.
    pub(super) path: String,
    /// The parameters of the path, in its order, with the types of what they identify.
    pub(super) parameters: Vec<(String, String)>,
    /// The type of the entity or of the items.
    pub(super) type_: String,
    /// Whether it is a set.
    pub(super) is_set: bool,
    /// What annotations of the way to it are about: `microsoft.graph.security/alerts_v2`.
    pub(super) target: String,
    pub(super) position: Position,
}

/// Follows a path from the container; keys of sets on the way may be written in braces, or left out.
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
            format!("`{first}` is no entity set and no singleton"),
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
        if place.is_set {
            place.push_key(metadata);
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
            let message = format!("`{segment}` leads from `{}` to no entity", place.type_);
            let help = match lineage.is_empty() {
                true => "give the whole of the service's `$metadata`: the type is not defined in this one".to_owned(),
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
    fn push_key(&mut self, metadata: &Metadata) {
        let parameter = self.key_parameter(metadata);
        self.path.push_str(&format!("/{{{parameter}}}"));
        self.parameters.push((parameter, self.type_.clone()));
    }

    /// The parameter for the key of an item, by a name that the path does not have yet.
    pub(super) fn key_parameter(&self, metadata: &Metadata) -> String {
        let short = metadata
            .types
            .get(&self.type_)
            .map_or(self.type_.as_str(), |type_| type_.short_name());
        let mut name = format!("{short}Id");
        while self.parameters.iter().any(|(known, _)| *known == name) {
            name.push('2');
        }
        name
    }
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
