//! Validates bodies against the contract: unknown and read-only properties, types, members, lengths.

use serde_json::{Value, json};

use crate::contract::{Contract, Property, Schema, Shape};
use crate::error::Refusal;
use crate::object::Object;

/// The rules for a body.
pub(crate) struct Rules<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) long_texts_are_cut: bool,
}

/// A body in the contract's spelling, or the error for its first problem.
///
/// `resource` is the schema of the written object: its other properties are reported as read-only.
pub(crate) fn body(
    rules: &Rules<'_>,
    schema: &str,
    resource: Option<&str>,
    body: &Object,
) -> Result<Object, Refusal> {
    let contract = rules.contract;
    let Some(shape) = contract.object(schema) else {
        return Err(Refusal::bad_request(format!(
            "'{schema}' is not a known type"
        )));
    };
    let mut accepted = Object::new();
    for (name, value) in body {
        match shape.properties.get(name) {
            Some(property) => {
                accepted.insert(name.clone(), value_of(rules, name, property, value)?);
            }
            // Callers that serialize whole types also send the type's name; it changes nothing.
            None if name == "@odata.type" => check_type_name(resource.unwrap_or(schema), value)?,
            None if resource
                .and_then(|name| contract.object(name))
                .is_some_and(|object| object.properties.contains_key(name)) =>
            {
                return Err(Refusal::bad_request(format!(
                    "property '{name}' is read-only and cannot be written"
                ))
                .at(name));
            }
            None if shape.closed => {
                return Err(Refusal::bad_request(format!(
                    "the property '{name}' does not exist on type '{}'",
                    type_name(resource.unwrap_or(schema))
                ))
                .at(name));
            }
            None => {}
        }
    }
    if let Some(missing) = shape
        .required
        .iter()
        .find(|name| !accepted.contains_key(*name))
    {
        return Err(Refusal::bad_request(format!("'{missing}' is missing")).at(missing));
    }
    if accepted.len() < shape.minimum_properties {
        return Err(Refusal::bad_request("the body contains nothing to change"));
    }
    Ok(accepted)
}

/// The full name of a schema, as error messages have it.
pub(crate) fn type_name(schema: &str) -> String {
    let mut letters = schema.chars();
    let name: String = letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default();
    format!("microsoft.graph.security.{name}")
}

fn check_type_name(schema: &str, value: &Value) -> Result<(), Refusal> {
    let expected = type_name(schema);
    let short = expected.replace(".security", "");
    match value.as_str().map(|text| text.trim_start_matches('#')) {
        Some(text) if text == expected || text == short => Ok(()),
        _ => Err(
            Refusal::bad_request(format!("'@odata.type' is not '#{expected}'")).at("@odata.type"),
        ),
    }
}

fn value_of(
    rules: &Rules<'_>,
    name: &str,
    property: &Property,
    value: &Value,
) -> Result<Value, Refusal> {
    if value.is_null() {
        return if property.nullable {
            Ok(Value::Null)
        } else {
            Err(Refusal::bad_request(format!("'{name}' cannot be null")).at(name))
        };
    }
    if let Some(constant) = &property.constant {
        return match value.as_str() {
            Some(text) if text.trim_start_matches('#') == constant => Ok(json!(constant)),
            _ => Err(Refusal::bad_request(format!("'{name}' is not '{constant}'")).at(name)),
        };
    }
    // F: the message names an invalid value, not its property.
    let accepted = typed(rules.contract, &property.shape, value).map_err(Refusal::bad_request)?;
    match (&accepted, property.maximum_length) {
        (Value::String(text), Some(maximum)) if text.chars().count() > maximum => {
            if !rules.long_texts_are_cut {
                return Err(Refusal::bad_request(format!(
                    "'{name}' is longer than {maximum} characters"
                ))
                .at(name));
            }
            Ok(json!(text.chars().take(maximum).collect::<String>()))
        }
        (Value::String(text), _) if text.chars().count() < property.minimum_length => {
            Err(Refusal::bad_request(format!("'{name}' is empty")).at(name))
        }
        (Value::Array(items), _) if items.len() < property.minimum_items => {
            Err(Refusal::bad_request(format!(
                "'{name}' has fewer than {} items",
                property.minimum_items
            ))
            .at(name))
        }
        _ => Ok(accepted),
    }
}

/// The value in the contract's spelling, or the problem with it.
fn typed(contract: &Contract, shape: &Shape, value: &Value) -> Result<Value, String> {
    let (fits, expected) = match shape {
        Shape::String { .. } => (value.is_string(), "Edm.String"),
        Shape::Boolean => (value.is_boolean(), "Edm.Boolean"),
        Shape::Integer { format } if format.as_deref() == Some("int32") => (
            value
                .as_i64()
                .is_some_and(|number| i32::try_from(number).is_ok()),
            "Edm.Int32",
        ),
        Shape::Integer { .. } => (value.is_i64(), "Edm.Int64"),
        Shape::Number => (value.is_number(), "Edm.Double"),
        Shape::Any => (true, ""),
        Shape::Array { items } => {
            let list = value
                .as_array()
                .ok_or_else(|| unconvertible(value, "a collection"))?;
            return list
                .iter()
                .map(|item| typed(contract, items, item))
                .collect::<Result<Vec<Value>, String>>()
                .map(Value::Array);
        }
        Shape::Ref { r#ref } => {
            return match (contract.schemas.get(r#ref), value) {
                (Some(Schema::Enum(enumeration)), Value::String(text)) => enumeration
                    .spelled(text)
                    .map(Value::String)
                    .ok_or_else(|| format!("requested value '{text}' was not found")),
                (Some(Schema::Enum(_)), _) => Err(unconvertible(value, &type_name(r#ref))),
                (_, Value::Object(_)) => Ok(value.clone()),
                _ => Err(unconvertible(value, &type_name(r#ref))),
            };
        }
    };
    if fits {
        Ok(value.clone())
    } else {
        Err(unconvertible(value, expected))
    }
}

fn unconvertible(value: &Value, expected: &str) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let shown: String = text.chars().take(100).collect();
    format!("cannot convert the literal '{shown}' to the expected type '{expected}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(value: Value) -> Result<Object, Refusal> {
        let contract = Contract::embedded().unwrap();
        body(
            &Rules {
                contract: &contract,
                long_texts_are_cut: true,
            },
            "IncidentUpdate",
            Some("Incident"),
            value.as_object().unwrap(),
        )
    }

    #[track_caller]
    fn refused(value: Value, target: &str) -> String {
        let refusal = update(value).unwrap_err();
        assert_eq!(refusal.target.as_deref(), Some(target));
        refusal.message
    }

    #[test]
    fn members_are_stored_in_the_contract_s_spelling() {
        let accepted =
            update(json!({"classification": "TruePositive", "assignedTo": null})).unwrap();
        assert_eq!(
            Value::Object(accepted),
            json!({"classification": "truePositive", "assignedTo": null})
        );
    }

    #[test]
    fn read_only_and_unknown_properties_are_distinguished() {
        assert!(refused(json!({"id": "1"}), "id").contains("read-only"));
        assert!(
            refused(json!({"colour": "red"}), "colour")
                .contains("microsoft.graph.security.incident")
        );
    }

    #[test]
    fn wrong_types_members_and_nulls_are_refused() {
        for (value, named) in [
            (json!({"customTags": "Demo"}), "'Demo'"),
            (
                json!({"customTags": [1]}),
                "'1' to the expected type 'Edm.String'",
            ),
            (json!({"summary": 7}), "'7'"),
            (
                json!({"status": "closed"}),
                "requested value 'closed' was not found",
            ),
            (json!({"status": 3}), "'3'"),
        ] {
            let refusal = update(value).unwrap_err();
            assert_eq!(refusal.target, None);
            assert!(refusal.message.contains(named), "{}", refusal.message);
            assert!(!refusal.message.contains("customTags"));
        }
        refused(json!({"status": null}), "status");
        assert!(update(json!({})).is_err());
    }

    #[test]
    fn a_resolving_comment_is_truncated_at_its_limit() {
        let accepted = update(json!({"resolvingComment": "é".repeat(30_001)})).unwrap();
        assert_eq!(
            accepted["resolvingComment"]
                .as_str()
                .unwrap()
                .chars()
                .count(),
            30_000
        );
    }

    #[test]
    fn the_type_name_can_be_sent() {
        let accepted =
            update(json!({"@odata.type": "#microsoft.graph.security.incident", "summary": "x"}))
                .unwrap();
        assert_eq!(Value::Object(accepted), json!({"summary": "x"}));
        assert!(update(json!({"@odata.type": "#microsoft.graph.user", "summary": "x"})).is_err());
    }
}
