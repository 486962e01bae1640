//! `graph-client lint`: checks the selected parts of a description.

use std::io;

use graph_client_codegen::model::{Kind, Model};

use crate::input::Input;
use crate::{Failure, Outcome, counted};

/// Generates in memory, and reports the sizes.
///
/// # Errors
///
/// Returns every problem of the description.
pub fn run(input: &Input, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let description = input.read("graph-client generate")?;
    let generated = description.generate()?;
    let mut out = input.tell(generated.report(), out)?;
    say(&description.file, generated.model(), &mut *out)?;
    Ok(Outcome::Fine)
}

/// Writes the line that summarizes a description.
///
/// # Errors
///
/// Returns an error if it cannot be written.
pub fn say(file: &str, model: &Model, out: &mut dyn io::Write) -> Result<(), Failure> {
    let (mut properties, mut members) = (0, 0);
    for schema in model.schemas.values() {
        match &schema.kind {
            Kind::Object(object) => properties += object.properties.len(),
            Kind::Enumeration(enumeration) => members += enumeration.members.len(),
            _ => {}
        }
    }
    writeln!(
        out,
        "{:>12} {file}: {}, {}, {}, {}",
        "Checked",
        counted(model.operations.len(), "operation", "operations"),
        counted(model.schemas.len(), "schema", "schemas"),
        counted(properties, "property", "properties"),
        counted(members, "enum member", "enum members"),
    )?;
    Ok(())
}
