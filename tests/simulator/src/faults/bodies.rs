//! Faults in the content of responses: undescribed values, null lists, malformed values.

use serde_json::{Value, json};

use super::Fault;
use crate::contract::{Contract, Enumeration, Shape};
use crate::object::Object;
use crate::walk::{Visitor, walk};

/// Alters an object of a schema.
pub(crate) fn spoil(contract: &Contract, faults: &[Fault], schema: &str, object: &mut Object) {
    for fault in faults {
        match fault {
            Fault::UnknownEnumMembers => walk(contract, schema, object, &mut UnknownMembers),
            Fault::UnknownEvidence => {
                walk(contract, schema, object, &mut UnknownEvidence::default())
            }
            Fault::UnknownProperties => walk(contract, schema, object, &mut UnknownProperties),
            Fault::NullCollections => walk(contract, schema, object, &mut NullCollections),
            Fault::MalformedValues => walk(contract, schema, object, &mut MalformedValues),
            Fault::NumericMembers => walk(contract, schema, object, &mut NumericMembers),
            Fault::LoneSurrogates => walk(contract, schema, object, &mut LoneSurrogates),
            _ => {}
        }
    }
}

/// Whether any of the faults needs the response's parts.
pub(crate) fn concern(faults: &[Fault]) -> bool {
    faults.iter().any(|fault| {
        matches!(
            fault,
            Fault::UnknownEnumMembers
                | Fault::UnknownEvidence
                | Fault::UnknownProperties
                | Fault::NullCollections
                | Fault::MalformedValues
                | Fault::NumericMembers
                | Fault::LoneSurrogates
                | Fault::PascalCase
        )
    })
}

struct UnknownMembers;

impl Visitor for UnknownMembers {
    fn member(&mut self, _: &Enumeration, value: &mut Value) {
        *value = json!("notYetDescribed");
    }
}

/// Every other item, so that known and unknown ones alternate.
#[derive(Default)]
struct UnknownEvidence {
    met: usize,
}

impl Visitor for UnknownEvidence {
    fn object(&mut self, schema: &str, object: &mut Object) {
        if schema != "AlertEvidence" {
            return;
        }
        self.met += 1;
        if self.met % 2 == 1 {
            object.insert(
                "@odata.type".to_owned(),
                json!("#microsoft.graph.security.satelliteEvidence"),
            );
            object.insert("orbit".to_owned(), json!({"altitude": 550, "unit": "km"}));
        }
    }
}

struct UnknownProperties;

impl Visitor for UnknownProperties {
    fn object(&mut self, _: &str, object: &mut Object) {
        object.insert(
            "notYetDescribed".to_owned(),
            json!({"levels": [1, 2.5, null]}),
        );
    }
}

struct NullCollections;

impl Visitor for NullCollections {
    fn list(&mut self, value: &mut Value) {
        *value = Value::Null;
    }
}

struct MalformedValues;

impl Visitor for MalformedValues {
    fn scalar(&mut self, shape: &Shape, value: &mut Value) {
        match shape {
            Shape::String {
                format: Some(format),
            } if format == "date-time" => *value = json!("the day before"),
            Shape::Integer { .. } | Shape::Number => *value = json!("many"),
            _ => {}
        }
    }
}

struct NumericMembers;

impl Visitor for NumericMembers {
    fn member(&mut self, enumeration: &Enumeration, value: &mut Value) {
        let place = value
            .as_str()
            .and_then(|text| enumeration.place(text))
            .unwrap_or(0);
        *value = json!(place.to_string());
    }
}

/// Strings without a format, except ids: an altered name would refer to another object.
struct LoneSurrogates;

impl Visitor for LoneSurrogates {
    fn property(&mut self, name: &str, shape: &Shape, value: &mut Value) {
        let is_text = matches!(shape, Shape::String { format: None });
        if let Value::String(text) = value
            && is_text
            && !name.to_ascii_lowercase().ends_with("id")
            && !name.starts_with('@')
        {
            text.push_str(super::responses::LONE_SURROGATE);
        }
    }
}
