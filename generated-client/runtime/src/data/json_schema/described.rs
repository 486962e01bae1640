//! The schemas that the macros need.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::data::enumeration::OpenEnum;
use crate::data::polymorphic::TaggedUnion;
use crate::data::wire::Wire;
use crate::data::{Change, Flags, JsonMap, Other, Page};

/// A field that holds a property.
pub trait Field {
    /// The type of the property's value.
    type Value: Wire;
}

impl<T: Wire> Field for Option<T> {
    type Value = T;
}

impl Field for String {
    type Value = Self;
}

/// The schemas of the properties of an object.
pub trait PropertySchemas {
    /// Adds them by their names on the wire.
    fn property_schemas(generator: &mut SchemaGenerator, properties: &mut JsonMap);
}

/// The schema of a field's value. The function argument identifies the field.
pub fn property<O, F: Field>(
    _field: fn(&O) -> &F,
    is_nullable: bool,
    generator: &mut SchemaGenerator,
) -> Value
where
    F::Value: JsonSchema,
{
    match is_nullable {
        true => generator.subschema_for::<Option<F::Value>>().into(),
        false => generator.subschema_for::<F::Value>().into(),
    }
}

/// An object to which the service may add properties.
pub fn extensible<T: PropertySchemas>(generator: &mut SchemaGenerator) -> Schema {
    let mut properties = JsonMap::new();
    T::property_schemas(generator, &mut properties);
    json_schema!({"type": "object", "properties": properties})
}

/// A string: one of the members, or one that the service has added.
pub fn enumeration<T: OpenEnum>() -> Schema {
    let members: Vec<&str> = T::MEMBERS.iter().map(OpenEnum::as_str).collect();
    json_schema!({
        "type": "string",
        "anyOf": [
            {"enum": members},
            {"description": "a member that this version does not know"},
        ],
    })
}

/// An object of one type of a union.
pub fn union_member<U: TaggedUnion, T: JsonSchema>(
    tag: &str,
    generator: &mut SchemaGenerator,
) -> Value {
    json!({
        "properties": {U::DISCRIMINATOR: {"const": tag}},
        "required": [U::DISCRIMINATOR],
        "allOf": [generator.subschema_for::<T>()],
    })
}

/// An object of any type of a union, known or not.
pub fn union<T: TaggedUnion>(mut members: Vec<Value>, generator: &mut SchemaGenerator) -> Schema
where
    T::Base: JsonSchema,
{
    let known: Vec<&str> = T::TYPES.to_vec();
    members.push(json!({
        "description": "of a type that this version does not know",
        "properties": {T::DISCRIMINATOR: {"not": {"enum": known}}},
        "allOf": [generator.subschema_for::<T::Base>()],
    }));
    json_schema!({"type": "object", "anyOf": members})
}

/// The update of one type of a union: the update of the type, and its tag.
pub fn update_member<T: JsonSchema>(
    discriminator: &str,
    tag: &str,
    generator: &mut SchemaGenerator,
) -> Value {
    let mut schema: Value = T::json_schema(generator).into();
    // The update allows no other properties, so the tag must be one of them.
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(discriminator.to_owned(), json!({"const": tag}));
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("required".to_owned(), json!([discriminator]));
        // The tag alone changes nothing.
        let minimum = schema.get("minProperties").and_then(Value::as_u64);
        schema.extend(minimum.map(|minimum| ("minProperties".to_owned(), json!(minimum + 1))));
    }
    schema
}

/// The update of a polymorphic value, of a known type or not.
pub fn family_update(discriminator: &str, known: &[&str], mut members: Vec<Value>) -> Schema {
    members.push(json!({
        "description": "of a type that this version does not know",
        "properties": {discriminator: {"type": "string", "not": {"enum": known}}},
        "required": [discriminator],
    }));
    json_schema!({"type": "object", "anyOf": members})
}

/// A property that a request can leave unchanged, clear or set.
pub fn changed<B, T: JsonSchema>(
    _field: fn(&B) -> &Change<T>,
    generator: &mut SchemaGenerator,
) -> Schema {
    generator.subschema_for::<Option<T>>()
}

/// A property that a request can omit or set.
pub fn optional<B, T: JsonSchema>(
    _field: fn(&B) -> &Option<T>,
    generator: &mut SchemaGenerator,
) -> Schema {
    generator.subschema_for::<T>()
}

/// A property that a request must have.
pub fn required<B, T: JsonSchema>(_field: fn(&B) -> &T, generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// A property that a request must have, with a value or as null.
pub fn nullable<B, T: JsonSchema>(
    _field: fn(&B) -> &Option<T>,
    generator: &mut SchemaGenerator,
) -> Schema {
    generator.subschema_for::<Option<T>>()
}

/// A property that always has the same value.
pub fn constant<B>(
    _field: fn(&B) -> &&'static str,
    value: &str,
    _generator: &mut SchemaGenerator,
) -> Schema {
    json_schema!({"type": "string", "const": value})
}

/// A request body. The kind of a property is the name of its function.
pub fn request(minimum: u64, properties: Vec<(&str, &str, Schema)>) -> Schema {
    let required: Vec<&str> = properties
        .iter()
        .filter(|(_, kind, _)| matches!(*kind, "required" | "nullable" | "constant"))
        .map(|(name, ..)| *name)
        .collect();
    let properties: JsonMap = properties
        .into_iter()
        .map(|(name, _, schema)| (name.to_owned(), schema.into()))
        .collect();
    let mut schema = json_schema!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if minimum > 0 {
        schema.insert("minProperties".to_owned(), json!(minimum));
    }
    schema
}

impl<T: JsonSchema> JsonSchema for Change<T> {
    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        Option::<T>::schema_id()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Flags<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Flags", T::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("{}Flags", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let members = generator.subschema_for::<T>();
        json_schema!({
            "type": "string",
            "description": "members, joined by commas",
            "anyOf": [members, {"pattern": ","}],
        })
    }
}

impl<T: JsonSchema> JsonSchema for Page<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Page", T::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("{}Page", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": {
                "value": generator.subschema_for::<Vec<T>>(),
                "@odata.nextLink": generator.subschema_for::<Option<String>>(),
                "@odata.count": generator.subschema_for::<Option<i64>>(),
            },
        })
    }
}

impl<B> JsonSchema for Other<B> {
    fn schema_name() -> Cow<'static, str> {
        "Other".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"description": "a value of a type that this version does not know, as it came"})
    }
}

#[cfg(test)]
mod tests {
    use schemars::schema_for;

    use super::*;

    #[test]
    fn a_change_allows_what_an_optional_value_allows() {
        assert_eq!(schema_for!(Change<String>), schema_for!(Option<String>));
        assert_eq!(Change::<String>::schema_id(), Option::<String>::schema_id());
        assert!(Change::<String>::inline_schema());
    }

    /// The update of one type of a union.
    struct Update;

    impl JsonSchema for Update {
        fn schema_name() -> Cow<'static, str> {
            "Update".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({"properties": {"x": {"type": "string"}}, "minProperties": 1})
        }
    }

    #[test]
    fn the_schema_of_a_union_update_requires_a_tag_and_a_change() {
        let known = update_member::<Update>("kind", "a", &mut SchemaGenerator::default());
        assert_eq!(
            known,
            json!({
                "properties": {"x": {"type": "string"}, "kind": {"const": "a"}},
                "minProperties": 2,
                "required": ["kind"],
            })
        );
        let family = Value::from(family_update("kind", &["a"], vec![known.clone()]));
        assert_eq!(family["type"], "object");
        assert_eq!(family["anyOf"][0], known);
        let unknown = &family["anyOf"][1];
        assert_eq!(unknown["required"], json!(["kind"]));
        assert_eq!(unknown["properties"]["kind"]["not"], json!({"enum": ["a"]}));
    }

    #[test]
    fn flags_of_different_members_have_different_schemas() {
        let ids = [
            Flags::<String>::schema_id(),
            Flags::<bool>::schema_id(),
            String::schema_id(),
        ];
        assert!(ids[0] != ids[1] && ids[0] != ids[2] && ids[1] != ids[2]);
    }

    #[test]
    fn a_value_of_an_unknown_type_can_be_anything() {
        let schema = schema_for!(Other<()>);
        assert_eq!(Other::<()>::schema_name(), "Other");
        assert!(Other::<()>::inline_schema());
        assert!(schema.get("description").is_some() && schema.get("type").is_none());
    }
}
