//! The effect of a contract's operation on entities, by its method, path and schemas.

use std::collections::HashMap;

use crate::contract::{Contract, Operation, Schema};

/// The effect of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EntityOperation {
    List,
    Count,
    Delta,
    Create,
    Get,
    Update,
    /// Replaces or creates an entity.
    Replace,
    Delete,
    GetContent,
    PutContent,
}

/// An operation on entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entity {
    pub(crate) kind: EntityOperation,
    /// The path of the collection, with its parameters in braces; or of a single entity.
    pub(crate) collection: String,
    /// The name of the schema of one entity.
    pub(crate) schema: String,
    /// Whether it is a single entity, such as `/me`.
    pub(crate) is_single: bool,
}

/// The path of incidents.
const INCIDENTS: &str = "/security/incidents";

/// The paths of the incident store, if a contract has incidents.
const OF_INCIDENTS: [&str; 3] = [
    INCIDENTS,
    "/security/alerts_v2",
    "/security/runHuntingQuery",
];

/// The collections and single entities of a contract.
pub(crate) struct Catalogue {
    /// The schema of each path.
    collections: HashMap<String, String>,
    singles: HashMap<String, String>,
}

impl Catalogue {
    pub(crate) fn new(contract: &Contract) -> Self {
        let mut collections = HashMap::new();
        let mut singles = HashMap::new();
        for operation in &contract.operations {
            if operation.method != "GET" {
                continue;
            }
            if let Some(schema) = contract.items(operation) {
                collections.insert(without_delta(&operation.path).to_owned(), schema.to_owned());
            } else if let Some(schema) = object(contract, operation) {
                match parent(&operation.path) {
                    Some(collection) => {
                        collections
                            .entry(collection.to_owned())
                            .or_insert_with(|| schema.to_owned());
                    }
                    // Functions also return objects, but have no entities of their own.
                    None if operation.path.contains(['(', '.']) => {}
                    None => {
                        singles.insert(operation.path.clone(), schema.to_owned());
                    }
                }
            }
        }
        Self {
            collections,
            singles,
        }
    }

    /// The top-level collections, with their schemas.
    pub(crate) fn top_level(&self) -> impl Iterator<Item = (&str, &str)> {
        self.collections
            .iter()
            .filter(|(path, _)| !path.contains('{'))
            .map(|(path, schema)| (path.as_str(), schema.as_str()))
    }

    /// Whether a path belongs to incidents and alerts, which are not entities.
    pub(crate) fn is_of_incidents(&self, path: &str) -> bool {
        self.schema_of(INCIDENTS) == Some("Incident")
            && OF_INCIDENTS.iter().any(|known| {
                let below = path.strip_prefix(known);
                below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
            })
    }

    pub(crate) fn schema_of(&self, collection: &str) -> Option<&str> {
        self.collections.get(collection).map(String::as_str)
    }

    /// Whether a concrete path, such as `/users/1/messages`, is that of a collection or a single entity.
    pub(crate) fn knows(&self, path: &str) -> bool {
        let fits = |template: &String| {
            template.split('/').count() == path.split('/').count()
                && template
                    .split('/')
                    .zip(path.split('/'))
                    .all(|(wanted, found)| {
                        wanted == found || (wanted.starts_with('{') && !found.is_empty())
                    })
        };
        !self.is_of_incidents(path) && self.collections.keys().chain(self.singles.keys()).any(fits)
    }

    /// The collection or single entity below an entity, by the name of a property.
    pub(crate) fn below(&self, collection: &str, property: &str) -> Option<Below> {
        let fits = |path: &String| -> bool {
            path.strip_prefix(collection)
                .and_then(|rest| rest.strip_prefix("/{"))
                .and_then(|rest| rest.split_once("}/"))
                .is_some_and(|(_, rest)| rest == property)
        };
        if self.collections.keys().any(&fits) {
            return Some(Below::Many);
        }
        self.singles.keys().any(fits).then_some(Below::One)
    }

    /// The effect of an operation on entities; none for an action or a function.
    pub(crate) fn entity(&self, operation: &Operation) -> Option<Entity> {
        let path = operation.path.as_str();
        let method = operation.method.as_str();
        if let Some(owner) = path
            .strip_suffix("/$value")
            .or_else(|| path.strip_suffix("/content"))
        {
            let kind = match method {
                "GET" => EntityOperation::GetContent,
                "PUT" => EntityOperation::PutContent,
                _ => return None,
            };
            return self.of_item(kind, owner);
        }
        if let Some(collection) = path.strip_suffix("/$count") {
            return (method == "GET")
                .then(|| self.of_collection(EntityOperation::Count, collection))
                .flatten();
        }
        let collection = without_delta(path);
        if collection != path {
            return (method == "GET")
                .then(|| self.of_collection(EntityOperation::Delta, collection))
                .flatten();
        }
        match method {
            "GET" => self
                .of_collection(EntityOperation::List, path)
                .or_else(|| self.of_item(EntityOperation::Get, path)),
            "POST" => self.of_collection(EntityOperation::Create, path),
            "PATCH" => self.of_item(EntityOperation::Update, path),
            "PUT" => self.of_item(EntityOperation::Replace, path),
            "DELETE" => self.of_item(EntityOperation::Delete, path),
            _ => None,
        }
    }

    fn of_collection(&self, kind: EntityOperation, path: &str) -> Option<Entity> {
        Some(Entity {
            kind,
            collection: path.to_owned(),
            schema: self.collections.get(path)?.clone(),
            is_single: false,
        })
    }

    fn of_item(&self, kind: EntityOperation, path: &str) -> Option<Entity> {
        if let Some(collection) = parent(path) {
            return self.of_collection(kind, collection);
        }
        Some(Entity {
            kind,
            collection: path.to_owned(),
            schema: self.singles.get(path)?.clone(),
            is_single: true,
        })
    }
}

/// What a navigation property leads to.
pub(crate) enum Below {
    /// A collection.
    Many,
    /// A single entity.
    One,
}

/// The collection of an item's path; none if the path does not end with a parameter.
fn parent(path: &str) -> Option<&str> {
    let (collection, last) = path.rsplit_once('/')?;
    (last.starts_with('{') && last.ends_with('}')).then_some(collection)
}

fn without_delta(path: &str) -> &str {
    [
        "/delta",
        "/delta()",
        "/microsoft.graph.delta()",
        "/microsoft.graph.delta",
    ]
    .iter()
    .find_map(|ending| path.strip_suffix(ending))
    .unwrap_or(path)
}

/// The name of the object that an operation returns.
fn object<'a>(contract: &'a Contract, operation: &'a Operation) -> Option<&'a str> {
    let name = operation.success.schema.as_deref()?;
    match contract.schemas.get(name)? {
        Schema::Object(_) | Schema::Polymorphic(_) => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contract() -> Contract {
        let operation = |id: &str, method: &str, path: &str, schema: Option<&str>| json!({"id": id, "method": method, "path": path, "success": {"schema": schema}});
        serde_json::from_value(json!({
            "schemas": {
                "User": {"kind": "object", "properties": {}},
                "Users": {"kind": "page", "items": {"type": "ref", "ref": "User"}},
            },
            "operations": [
                operation("list", "GET", "/users", Some("Users")),
                operation("create", "POST", "/users", Some("User")),
                operation("get", "GET", "/users/{id}", Some("User")),
                operation("count", "GET", "/users/$count", None),
                operation("delta", "GET", "/users/delta()", Some("Users")),
                operation("manager", "GET", "/users/{id}/manager", Some("User")),
                operation("reports", "GET", "/users/{id}/reports", Some("Users")),
                operation("photo", "GET", "/users/{id}/$value", None),
                operation("put", "PUT", "/users/{id}/content", None),
                operation("me", "PATCH", "/me", Some("User")),
                operation("getMe", "GET", "/me", Some("User")),
                operation("sendMail", "POST", "/users/{id}/sendMail", None),
            ],
        }))
        .unwrap()
    }

    #[test]
    fn path_and_method_decide_what_an_operation_does() {
        let contract = contract();
        let catalogue = Catalogue::new(&contract);
        let kinds: Vec<Option<(EntityOperation, bool)>> = contract
            .operations
            .iter()
            .map(|operation| {
                let entity = catalogue.entity(operation)?;
                Some((entity.kind, entity.is_single))
            })
            .collect();
        assert_eq!(
            kinds,
            [
                Some((EntityOperation::List, false)),
                Some((EntityOperation::Create, false)),
                Some((EntityOperation::Get, false)),
                Some((EntityOperation::Count, false)),
                Some((EntityOperation::Delta, false)),
                Some((EntityOperation::Get, true)),
                Some((EntityOperation::List, false)),
                Some((EntityOperation::GetContent, false)),
                Some((EntityOperation::PutContent, false)),
                Some((EntityOperation::Update, true)),
                Some((EntityOperation::Get, true)),
                None,
            ]
        );
        assert!(matches!(
            catalogue.below("/users", "reports"),
            Some(Below::Many)
        ));
        assert!(matches!(
            catalogue.below("/users", "manager"),
            Some(Below::One)
        ));
        assert!(catalogue.below("/users", "displayName").is_none());
        for (path, known) in [
            ("/users", true),
            ("/users/7/reports", true),
            ("/users/7/manager", true),
            ("/me", true),
            ("/users/", false),
            ("/users//reports", false),
            ("/people", false),
            ("users", false),
        ] {
            assert_eq!(catalogue.knows(path), known, "{path}");
        }
    }
}
