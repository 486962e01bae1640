//! The fragment, the Rust types and their JSON schemas agree: types, nullability, members, required properties.
//!
//! Both sides are converted to lines such as `Incident.assignedTo: string?`, and the sets of lines are compared.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

#[rustfmt::skip]
mod generated;

use std::collections::BTreeSet;

use graph_client_codegen::model::{Enumeration, Kind, Model, Object, Shape};
use graph_client_codegen::plan::{BodyForm, Roles, base_type_name};
use graph_client_codegen::read;
use graph_incidents::runtime::{Change, Flags, Other};
use graph_incidents::types::{AlertEvidenceBase, CorrelationReason};
use graph_incidents_drift::root;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};
use xtask::workspace::{FRAGMENT, Workspace};

fn model() -> Model {
    read(FRAGMENT, &Workspace::at(&root()).fragment().unwrap(), &[])
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// The schemas of all types.
fn definitions() -> Map<String, Value> {
    let mut generator = SchemaGenerator::default();
    generated::schemas(&mut generator);
    generator.take_definitions(true)
}

/// The lines of the fragment.
fn of_fragment(model: &Model) -> BTreeSet<String> {
    let roles = Roles::of(model);
    let mut lines = BTreeSet::new();
    for (name, schema) in model
        .schemas
        .iter()
        .filter(|(name, _)| !roles.errors.contains(*name))
    {
        match &schema.kind {
            Kind::Enumeration(enumeration) => members(model, name, enumeration, &mut lines),
            Kind::Object(object) if model.is_polymorphic(name) => {
                family(model, name, object, &mut lines);
            }
            Kind::Object(object) => properties(model, &roles, name, object, &mut lines),
            Kind::Page(item) => {
                let page = format!("{}Page", text(model, item));
                lines.insert(format!("{page}.value: [{}]", text(model, item)));
                lines.insert(format!("{page}.@odata.nextLink: string?"));
                lines.insert(format!("{page}.@odata.count: int64?"));
            }
            Kind::Open => {}
        }
    }
    lines
}

fn members(model: &Model, name: &str, enumeration: &Enumeration, lines: &mut BTreeSet<String>) {
    let members = enumeration
        .members
        .iter()
        .map(|member| format!("{name} has {}", member.value));
    lines.extend(members);
    if enumeration.flags {
        let flags = text(model, &Shape::Named(name.to_owned()));
        lines.insert(format!("{flags} is several of {name}"));
    }
}

fn family(model: &Model, name: &str, object: &Object, lines: &mut BTreeSet<String>) {
    let base = base_type_name(name);
    let discriminator = object.discriminator.as_ref().unwrap();
    for (tag, target) in &discriminator.mapping {
        lines.insert(format!(
            "{name} is {target} where {} is {tag}",
            discriminator.property
        ));
    }
    lines.insert(format!("{name} is {base} otherwise"));
    for property in model.struct_properties(name, object) {
        let nullable = if property.nullable { "?" } else { "" };
        lines.insert(format!(
            "{base}.{}: {}{nullable}",
            property.name,
            text(model, &property.shape)
        ));
    }
}

fn properties(
    model: &Model,
    roles: &Roles,
    name: &str,
    object: &Object,
    lines: &mut BTreeSet<String>,
) {
    let forms = roles.bodies.get(name);
    let is_body = forms.is_some();
    let is_patch = forms.is_some_and(|forms| forms.contains(&BodyForm::Patch));
    let mut properties = model.struct_properties(name, object);
    if let Some(family) = model.polymorphic_base(object) {
        properties.extend(model.struct_properties(family, model.object(family).unwrap()));
    }
    for property in properties {
        // A body that is sent as a whole omits an optional property instead of sending null.
        let sends_null = is_patch || !is_body || property.required;
        let nullable = if property.nullable && sends_null {
            "?"
        } else {
            ""
        };
        let shape = match &property.constant {
            Some(constant) => format!("always {constant}"),
            None => text(model, &property.shape),
        };
        lines.insert(format!("{name}.{}: {shape}{nullable}", property.name));
        if is_body && !is_patch && property.required {
            lines.insert(format!("{name} requires {}", property.name));
        }
    }
    if is_body {
        lines.insert(format!("{name} is closed"));
    }
    if let Some(minimum) = object.minimum_properties {
        lines.insert(format!("{name} has at least {minimum} properties"));
    }
}

fn text(model: &Model, shape: &Shape) -> String {
    match shape {
        Shape::Text => "string".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Integer32 => "int32".to_owned(),
        Shape::Integer64 => "int64".to_owned(),
        Shape::Number => "double".to_owned(),
        Shape::DateTime => "date-time".to_owned(),
        Shape::Uuid => "uuid".to_owned(),
        Shape::Any => "any".to_owned(),
        Shape::List(item) => format!("[{}]", text(model, item)),
        Shape::Named(name) => match model.schema(name).map(|schema| &schema.kind) {
            Some(Kind::Open) => "any object".to_owned(),
            Some(Kind::Page(item)) => format!("{}Page", text(model, item)),
            Some(Kind::Enumeration(enumeration)) if enumeration.flags => format!("{name}Flags"),
            _ => name.clone(),
        },
    }
}

/// The lines of the JSON schemas.
fn of_schemas(definitions: &Map<String, Value>) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (name, schema) in definitions {
        for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
            lines.insert(format!("{name}.{property}: {}", described(schema)));
        }
        for property in schema["required"].as_array().into_iter().flatten() {
            lines.insert(format!("{name} requires {}", property.as_str().unwrap()));
        }
        if schema["additionalProperties"] == false {
            lines.insert(format!("{name} is closed"));
        }
        if let Some(minimum) = schema.get("minProperties") {
            lines.insert(format!("{name} has at least {minimum} properties"));
        }
        for choice in schema["anyOf"].as_array().into_iter().flatten() {
            chosen(name, choice, &mut lines);
        }
    }
    lines
}

/// The meaning of one of several choices: members, or the types of a union.
fn chosen(name: &str, choice: &Value, lines: &mut BTreeSet<String>) {
    for member in choice["enum"].as_array().into_iter().flatten() {
        lines.insert(format!("{name} has {}", member.as_str().unwrap()));
    }
    if choice.get("$ref").is_some() {
        lines.insert(format!("{name} is several of {}", described(choice)));
    }
    if let Some(target) = choice.pointer("/allOf/0") {
        for (property, tag) in choice["properties"].as_object().into_iter().flatten() {
            lines.insert(match tag["const"].as_str() {
                Some(tag) => format!("{name} is {} where {property} is {tag}", described(target)),
                None => format!("{name} is {} otherwise", described(target)),
            });
        }
    }
}

/// The type that a schema describes.
fn described(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.trim_start_matches("#/$defs/").to_owned();
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let [choice, null] = choices.as_slice() else {
            panic!("{schema}");
        };
        assert_eq!(null["type"], "null", "{schema}");
        return format!("{}?", described(choice));
    }
    if let Some(constant) = schema["const"].as_str() {
        return format!("always {constant}");
    }
    let (kind, nullable) = match &schema["type"] {
        Value::String(kind) => (kind.as_str(), ""),
        Value::Array(kinds) if kinds.len() == 2 && kinds[1] == "null" => {
            (kinds[0].as_str().unwrap(), "?")
        }
        _ => panic!("{schema}"),
    };
    let kind = match (kind, schema["format"].as_str()) {
        ("array", _) => format!("[{}]", described(&schema["items"])),
        ("object", _) if schema["additionalProperties"] == true => "any object".to_owned(),
        (_, Some(format)) => format.to_owned(),
        (kind, None) => kind.to_owned(),
    };
    format!("{kind}{nullable}")
}

#[test]
fn json_schemas_agree_with_the_fragment() {
    let (fragment, schemas) = (of_fragment(&model()), of_schemas(&definitions()));
    let missing: Vec<&String> = fragment.difference(&schemas).collect();
    let invented: Vec<&String> = schemas.difference(&fragment).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "only in the fragment: {missing:#?}\nonly in the JSON schemas: {invented:#?}\nhelp: run `cargo xtask regen`"
    );
    // Two empty sides must not agree.
    assert!(fragment.contains("Incident.assignedTo: string?"));
    assert!(fragment.contains("AlertDetermination has compromisedUser"));
}

#[test]
fn the_lines_show_types_nullability_and_members() {
    let mut changed = definitions();
    let before = of_schemas(&changed);
    for (pointer, value) in [
        (
            "/Incident/properties/assignedTo/type",
            Value::from("string"),
        ),
        (
            "/Incident/properties/createdDateTime/format",
            Value::from("uuid"),
        ),
        ("/AlertSeverity/anyOf/0/enum/0", Value::from("invented")),
        ("/IncidentUpdate/additionalProperties", Value::from(true)),
    ] {
        let (name, rest) = pointer[1..].split_once('/').unwrap();
        let place = changed[name].pointer_mut(&format!("/{rest}")).unwrap();
        let kept = std::mem::replace(place, value);
        assert_ne!(of_schemas(&changed), before, "{pointer}");
        *changed[name].pointer_mut(&format!("/{rest}")).unwrap() = kept;
    }
}

#[test]
fn types_that_stand_for_others_have_schemas_too() {
    fn has_schema<T: JsonSchema>() {}
    has_schema::<Change<String>>();
    has_schema::<Flags<CorrelationReason>>();
    has_schema::<Other<AlertEvidenceBase>>();
}
