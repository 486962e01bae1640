//! The surface of a fragment, one fact per line, sorted: the snapshot that a reviewer reads.

use std::collections::BTreeSet;

use crate::model::{
    BodyContent, Content, Kind, Location, Model, Object, Operation, Parameter, ParameterKind,
    Property, Schema, Shape,
};

/// Returns every fact of the fragment that a caller or the service can notice, without documentation.
#[must_use]
pub fn surface(model: &Model) -> String {
    let mut facts = BTreeSet::new();
    for server in &model.servers {
        facts.insert(format!("server {}", server.url));
    }
    for (cloud, reason) in &model.refused_clouds {
        facts.insert(format!("refused cloud {cloud}: {reason}"));
    }
    for operation in &model.operations {
        operation_facts(operation, &mut facts);
    }
    for schema in model.schemas.values() {
        schema_facts(schema, &mut facts);
    }
    facts.into_iter().map(|fact| fact + "\n").collect()
}

fn operation_facts(operation: &Operation, facts: &mut BTreeSet<String>) {
    let id = &operation.id;
    let response = match &operation.success.content {
        Content::Nothing => "nothing".to_owned(),
        Content::Number => "number as text/plain".to_owned(),
        Content::Json(shape) => shape_text(shape),
        Content::Bytes(media_type) => format!("bytes as {media_type}"),
    };
    let (method, path, status) = (
        &operation.method,
        &operation.path,
        &operation.success.status,
    );
    facts.insert(format!(
        "operation {id}: {method} {path} -> {status} {response}"
    ));
    if let Some(body) = &operation.body {
        let optional = if body.required { "" } else { " (optional)" };
        let content = match &body.content {
            BodyContent::Json(shape) => shape_text(shape),
            BodyContent::Bytes(media_type) => format!("bytes as {media_type}"),
        };
        facts.insert(format!("body {id}: {content}{optional}"));
    }
    if let Some(error) = &operation.error {
        facts.insert(format!("error {id}: {error}"));
    }
    if operation.deprecated {
        facts.insert(format!("deprecated operation {id}"));
    }
    if operation.repeatable {
        facts.insert(format!("repeatable operation {id}"));
    }
    for parameter in &operation.parameters {
        facts.insert(format!(
            "parameter {id}.{}: {}",
            parameter.name,
            parameter_text(parameter)
        ));
    }
    let access = &operation.access;
    for (who, permissions) in [
        ("delegated", &access.delegated),
        ("application", &access.application),
    ] {
        for (rank, names) in [
            ("least", &permissions.least),
            ("higher", &permissions.higher),
        ] {
            for name in names {
                facts.insert(format!("permission {id}: {who} {rank} {name}"));
            }
        }
    }
    for role in &access.roles {
        facts.insert(format!("role {id}: {role}"));
    }
    for cloud in &access.clouds {
        facts.insert(format!("cloud {id}: {cloud}"));
    }
}

fn parameter_text(parameter: &Parameter) -> String {
    let place = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
    };
    let kind = match parameter.kind {
        ParameterKind::Text => "string",
        ParameterKind::Member(_) => "member",
        ParameterKind::DateTime => "date-time",
        ParameterKind::Date => "date",
        ParameterKind::Integer => "integer",
        ParameterKind::Integer64 => "int64",
        ParameterKind::Number => "number",
        ParameterKind::Boolean => "boolean",
        ParameterKind::List => "comma list",
    };
    let mut text = format!("{place} {kind}");
    if parameter.minimum.is_some() || parameter.maximum.is_some() {
        let bound = |bound: Option<i64>| bound.map(|value| value.to_string()).unwrap_or_default();
        text.push_str(&format!(
            " {}..={}",
            bound(parameter.minimum),
            bound(parameter.maximum)
        ));
    }
    if !parameter.members.is_empty() {
        text.push_str(&format!(" of {}", parameter.members.join("|")));
    }
    if parameter.required {
        text.push_str(" required");
    }
    text
}

fn schema_facts(schema: &Schema, facts: &mut BTreeSet<String>) {
    let name = &schema.type_name;
    if schema.deprecated {
        facts.insert(format!("deprecated schema {name}"));
    }
    match &schema.kind {
        Kind::Open => {
            facts.insert(format!("schema {name}: any object"));
        }
        Kind::Page(item) => {
            facts.insert(format!("schema {name}: page of {}", shape_text(item)));
        }
        Kind::Enumeration(enumeration) => {
            let kind = if enumeration.flags {
                "flags"
            } else {
                "enumeration"
            };
            facts.insert(format!("schema {name}: {kind}"));
            for member in &enumeration.members {
                let mut fact = format!("member {name}.{}", member.value);
                if member.evolvable {
                    fact.push_str(" evolvable");
                }
                if let Some(described) = &member.page_only {
                    fact.push_str(&format!(" page-only for {described}"));
                }
                if member.guarded.is_some() {
                    fact.push_str(" guarded");
                }
                facts.insert(fact);
            }
        }
        Kind::Object(object) => object_facts(name, object, facts),
    }
}

fn object_facts(name: &str, object: &Object, facts: &mut BTreeSet<String>) {
    let base = object
        .base
        .as_ref()
        .map(|base| format!(" extends {base}"))
        .unwrap_or_default();
    let closed = if object.closed { " closed" } else { "" };
    let minimum = object
        .minimum_properties
        .map(|count| format!(" with at least {count} properties"))
        .unwrap_or_default();
    facts.insert(format!("schema {name}: object{base}{closed}{minimum}"));
    for property in &object.properties {
        facts.insert(property_fact(name, property));
    }
    if let Some(discriminator) = &object.discriminator {
        facts.insert(format!("discriminator {name}: {}", discriminator.property));
        for (tag, target) in &discriminator.mapping {
            facts.insert(format!("subtype {name}: {tag} -> {target}"));
        }
    }
}

fn property_fact(owner: &str, property: &Property) -> String {
    let nullable = if property.nullable { "?" } else { "" };
    let mut fact = format!(
        "property {owner}.{}: {}{nullable}",
        property.name,
        shape_text(&property.shape)
    );
    if let Some(constant) = &property.constant {
        fact.push_str(&format!(" = {constant}"));
    }
    for (is_set, word) in [
        (property.required, "required"),
        (property.key, "key"),
        (property.filterable, "filterable"),
        (property.orderable, "orderable"),
        (property.deprecated, "deprecated"),
    ] {
        if is_set {
            fact.push(' ');
            fact.push_str(word);
        }
    }
    if let Some(maximum) = property.maximum_length {
        fact.push_str(&format!(" at most {maximum} characters"));
    }
    if property.filled {
        fact.push_str(" not empty");
    }
    if let Some(minimum) = property.minimum_items {
        fact.push_str(&format!(" at least {minimum} items"));
    }
    fact
}

/// A type in OpenAPI's terms.
#[must_use]
pub fn shape_text(shape: &Shape) -> String {
    match shape {
        Shape::Text => "string".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Integer32 => "int32".to_owned(),
        Shape::Integer64 => "int64".to_owned(),
        Shape::Number => "double".to_owned(),
        Shape::DateTime => "date-time".to_owned(),
        Shape::Uuid => "uuid".to_owned(),
        Shape::Any => "any".to_owned(),
        Shape::Named(name) => name.clone(),
        Shape::List(item) => format!("[{}]", shape_text(item)),
    }
}
