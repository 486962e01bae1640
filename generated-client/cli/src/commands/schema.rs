//! `incidents schema`: the JSON Schema of a type, as in machine formats.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::IndicatorKind;
use graph_incidents::runtime::schemars::{Schema, schema_for};
use graph_incidents::types::{Alert, AlertComment, AlertEvidence, Incident, IncidentUpdate};
use serde_json::{Value, json};

use crate::exit::Failure;
use crate::output::{machine, pager};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents schema incident        what list, show and export write
  incidents schema alert           what alerts list and alerts show write
  incidents schema indicator       what evidence writes
  incidents schema change          what watch writes, and gives to --exec
  incidents schema finding         what doctor writes
  incidents schema setting         what --config writes")]
pub(crate) struct Options {
    /// The type
    #[arg(value_name = "TYPE", value_parser = ["incident", "incidentUpdate", "alert", "alertComment", "evidence", "indicator", "change", "finding", "setting"])]
    name: String,
}

/// Prints the schema of a type.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Failure> {
    pager::print(&machine::json(&named(&options.name))?, false)?;
    Ok(ExitCode::SUCCESS)
}

/// The names of the properties of a type.
pub(crate) fn properties(name: &str) -> Vec<String> {
    let schema = named(name);
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut names: Vec<String> = properties.map(|(name, _)| name.clone()).collect();
    names.sort_unstable();
    names
}

fn named(name: &str) -> Value {
    match name {
        "incident" => of(schema_for!(Incident)),
        "incidentUpdate" => of(schema_for!(IncidentUpdate)),
        "alert" => of(schema_for!(Alert)),
        "alertComment" => of(schema_for!(AlertComment)),
        "indicator" => indicator(),
        "change" => change(of(schema_for!(Incident))),
        "finding" => finding(),
        "setting" => setting(),
        _ => of(schema_for!(AlertEvidence)),
    }
}

fn of(schema: Schema) -> Value {
    schema.to_value()
}

/// An object with these properties, and no others.
fn object(title: &str, description: &str, properties: Value) -> Value {
    let required: Vec<&String> = properties
        .as_object()
        .into_iter()
        .flat_map(|properties| properties.keys())
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": description,
        "type": "object",
        "required": required,
        "additionalProperties": false,
        "properties": properties,
    })
}

fn indicator() -> Value {
    let kinds: Vec<&str> = IndicatorKind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    let text = json!({"type": "string"});
    object(
        "Indicator",
        "An indicator from evidence.",
        json!({
            "type": {"enum": kinds},
            "value": text,
            "verdict": {"type": ["string", "null"]},
            "alertId": text,
            "incidentId": text,
            "source": {"type": "string", "description": "The type of the evidence, and its property."},
        }),
    )
}

fn change(incident: Value) -> Value {
    // References of the incident's schema start at the root of the document, so its definitions move there.
    let mut incident = incident;
    let definitions = incident
        .as_object_mut()
        .and_then(|incident| incident.remove("$defs"))
        .unwrap_or_else(|| json!({}));
    let mut schema = object(
        "Change",
        "A change of an incident.",
        json!({
            "id": {"type": "string"},
            "isNew": {"type": "boolean", "description": "Whether it is seen for the first time."},
            "properties": {"type": "array", "items": {"type": "string"}, "description": "The properties that changed."},
            "before": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/changedIncident"}]},
            "after": {"$ref": "#/$defs/changedIncident"},
        }),
    );
    schema["$defs"] = definitions;
    schema["$defs"]["changedIncident"] = incident;
    schema
}

fn finding() -> Value {
    object(
        "Finding",
        "The result of a check of `doctor`.",
        json!({
            "check": {"type": "string"},
            "result": {"enum": ["ok", "failed", "lacking", "unknown"]},
            "detail": {"type": "string"},
        }),
    )
}

fn setting() -> Value {
    object(
        "Setting",
        "A setting and its origin.",
        json!({
            "setting": {"type": "string"},
            "value": {"type": ["string", "null"]},
            "from": {"type": ["string", "null"]},
        }),
    )
}
