//! `incidents schema`: the JSON Schema of a type.

use std::process::ExitCode;

use clap::Args;
use graph_incidents::runtime::schemars::{Schema, schema_for};
use graph_incidents::types::{Alert, AlertComment, AlertEvidence, Incident, IncidentUpdate};

use crate::exit::Failure;
use crate::output::machine;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The type
    #[arg(value_name = "TYPE", value_parser = ["incident", "incidentUpdate", "alert", "alertComment", "evidence"])]
    name: String,
}

/// Prints the schema of a type.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Failure> {
    let schema: Schema = match options.name.as_str() {
        "incident" => schema_for!(Incident),
        "incidentUpdate" => schema_for!(IncidentUpdate),
        "alert" => schema_for!(Alert),
        "alertComment" => schema_for!(AlertComment),
        _ => schema_for!(AlertEvidence),
    };
    print!("{}", machine::json(schema.as_value())?);
    Ok(ExitCode::SUCCESS)
}
