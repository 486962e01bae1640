//! The schemas and operations that the simulator knows, from the contract that is generated from the fragment.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::http::Method;
use serde::Deserialize;

use crate::object::{Object, text_of};

/// Generated; `cargo xtask regen` writes it.
const TEXT: &str = include_str!("../contract.json");

/// Operations and schemas by name.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Contract {
    pub(crate) operations: Vec<Arc<Operation>>,
    pub(crate) schemas: HashMap<String, Schema>,
}

/// The path, permissions, request and response of an operation.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    /// Relative to the version, with parameters in braces.
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) permissions: Permissions,
    #[serde(default)]
    pub(crate) query: Vec<QueryOption>,
    pub(crate) request: Option<RequestBody>,
    pub(crate) success: Success,
}

/// The required content of a request.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RequestBody {
    /// The name of the schema, if the body is JSON with a named one.
    pub(crate) schema: Option<String>,
}

/// The content of a successful response.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Success {
    /// The name of the schema, if the body is JSON with a named one.
    pub(crate) schema: Option<String>,
}

/// Any one of them suffices.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Permissions {
    #[serde(default)]
    pub(crate) delegated: Vec<String>,
    #[serde(default)]
    pub(crate) application: Vec<String>,
}

/// A query option.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct QueryOption {
    pub(crate) name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Schema {
    Enum(Enumeration),
    Object(ObjectSchema),
    Polymorphic(ObjectSchema),
    Page { items: Shape },
    Open,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Enumeration {
    pub(crate) flags: bool,
    pub(crate) members: Vec<Member>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Member {
    pub(crate) value: String,
    /// Sent only to callers that request unknown members.
    pub(crate) evolvable: bool,
    /// Whether v1.0 lacks it.
    #[serde(default, rename = "betaOnly")]
    pub(crate) beta_only: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ObjectSchema {
    pub(crate) properties: HashMap<String, Property>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    #[serde(default)]
    pub(crate) closed: bool,
    #[serde(default)]
    pub(crate) odata_type: Option<String>,
    #[serde(default, rename = "minProperties")]
    pub(crate) minimum_properties: usize,
    /// The schema of each tag; only a polymorphic schema has any.
    #[serde(default)]
    pub(crate) mapping: HashMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Property {
    #[serde(flatten)]
    pub(crate) shape: Shape,
    pub(crate) nullable: bool,
    pub(crate) constant: Option<String>,
    /// Whether v1.0 lacks it.
    #[serde(default, rename = "betaOnly")]
    pub(crate) beta_only: bool,
    #[serde(rename = "maxLength")]
    pub(crate) maximum_length: Option<usize>,
    #[serde(default, rename = "minLength")]
    pub(crate) minimum_length: usize,
    #[serde(default, rename = "minItems")]
    pub(crate) minimum_items: usize,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Shape {
    String { format: Option<String> },
    Boolean,
    Integer { format: Option<String> },
    Number,
    Any,
    Ref { r#ref: String },
    Array { items: Box<Shape> },
}

impl Contract {
    /// The contract of this build.
    pub(crate) fn embedded() -> serde_json::Result<Self> {
        serde_json::from_str(TEXT)
    }

    /// Parses another contract, as the generator writes it.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let invalid = |problem: String| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} is not a contract: {problem}", path.display()),
            )
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("{} cannot be read: {error}", path.display()),
            )
        })?;
        let contract: Self =
            serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        for operation in &contract.operations {
            if Method::from_bytes(operation.method.as_bytes()).is_err() {
                return Err(invalid(format!(
                    "the operation '{}' has the method '{}'",
                    operation.id, operation.method
                )));
            }
        }
        Ok(contract)
    }

    /// The schema of an object, by its tag if its schema has subtypes.
    pub(crate) fn shape_of(&self, schema: &str, object: &Object) -> Option<&ObjectSchema> {
        let subtype = match self.schemas.get(schema) {
            Some(Schema::Polymorphic(base)) => {
                text_of(object, "@odata.type").and_then(|tag| base.mapping.get(tag))
            }
            _ => None,
        };
        self.object(subtype.map_or(schema, String::as_str))
    }

    /// The v1.0 part of it.
    pub(crate) fn without_beta(&self) -> Self {
        let mut contract = self.clone();
        for schema in contract.schemas.values_mut() {
            match schema {
                Schema::Object(object) | Schema::Polymorphic(object) => {
                    object.properties.retain(|_, property| !property.beta_only);
                }
                Schema::Enum(enumeration) => enumeration.members.retain(|member| !member.beta_only),
                Schema::Page { .. } | Schema::Open => {}
            }
        }
        contract
    }

    /// The schema of the items, if an operation returns pages.
    pub(crate) fn items(&self, operation: &Operation) -> Option<&str> {
        match self.schemas.get(operation.success.schema.as_ref()?)? {
            Schema::Page {
                items: Shape::Ref { r#ref },
            } => Some(r#ref),
            _ => None,
        }
    }

    /// Whether an operation returns pages.
    pub(crate) fn returns_pages(&self, operation: &Operation) -> bool {
        let schema = operation.success.schema.as_ref();
        schema.is_some_and(|name| matches!(self.schemas.get(name), Some(Schema::Page { .. })))
    }

    pub(crate) fn enumeration(&self, name: &str) -> Option<&Enumeration> {
        match self.schemas.get(name) {
            Some(Schema::Enum(enumeration)) => Some(enumeration),
            _ => None,
        }
    }

    pub(crate) fn object(&self, name: &str) -> Option<&ObjectSchema> {
        match self.schemas.get(name) {
            Some(Schema::Object(object) | Schema::Polymorphic(object)) => Some(object),
            _ => None,
        }
    }
}

impl Enumeration {
    /// The member with a name, in any case.
    pub(crate) fn member(&self, text: &str) -> Option<&Member> {
        self.members
            .iter()
            .find(|member| member.value.eq_ignore_ascii_case(text))
    }

    /// The index of a member in the enumeration.
    pub(crate) fn place(&self, text: &str) -> Option<usize> {
        self.members
            .iter()
            .position(|member| member.value.eq_ignore_ascii_case(text))
    }

    /// A value in the contract's spelling; several members if the enumeration has flags.
    pub(crate) fn spelled(&self, text: &str) -> Option<String> {
        if !self.flags {
            return self.member(text).map(|member| member.value.clone());
        }
        let members: Option<Vec<&str>> = text
            .split(',')
            .map(|part| self.member(part.trim()).map(|member| member.value.as_str()))
            .collect();
        members.map(|members| members.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_contract_is_valid() {
        let contract = Contract::embedded().unwrap();
        let Some(Schema::Polymorphic(evidence)) = contract.schemas.get("AlertEvidence") else {
            panic!("evidence is not polymorphic");
        };
        assert_eq!(evidence.mapping.len(), 48);
        for schema in evidence.mapping.values() {
            assert!(contract.object(schema).is_some(), "{schema}");
        }
    }

    #[test]
    fn members_are_found_in_any_case_and_spelled_as_described() {
        let contract = Contract::embedded().unwrap();
        let determination = contract.enumeration("AlertDetermination").unwrap();
        assert_eq!(
            determination.spelled("MULTISTAGEDATTACK").as_deref(),
            Some("multiStagedAttack")
        );
        assert_eq!(determination.spelled("clean"), None);
        let reasons = contract.enumeration("CorrelationReason").unwrap();
        assert_eq!(
            reasons.spelled("SameActor, timeframe").as_deref(),
            Some("sameActor,timeFrame")
        );
    }
}
