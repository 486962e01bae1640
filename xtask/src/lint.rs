//! `cargo xtask lint`: checks the fragment alone.

use std::io;

use graph_client_codegen::model::Kind;
use graph_client_codegen::read;

use crate::workspace::{FRAGMENT, Workspace};
use crate::{Failure, Outcome, counted};

/// Reads the fragment as far as its normal form, and says how much of it there is.
///
/// # Errors
///
/// Everything that is wrong with the fragment.
pub fn run(workspace: &Workspace, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let model = read(FRAGMENT, &workspace.fragment()?, &[])?;
    let mut properties = 0;
    let mut members = 0;
    for schema in model.schemas.values() {
        match &schema.kind {
            Kind::Object(object) => properties += object.properties.len(),
            Kind::Enumeration(enumeration) => members += enumeration.members.len(),
            Kind::Page(_) | Kind::Open => {}
        }
    }
    writeln!(
        out,
        "{:>12} {FRAGMENT}: {}, {}, {}, {}",
        "Checked",
        counted(model.operations.len(), "operation", "operations"),
        counted(model.schemas.len(), "schema", "schemas"),
        counted(properties, "property", "properties"),
        counted(members, "enum member", "enum members"),
    )?;
    Ok(Outcome::Fine)
}
