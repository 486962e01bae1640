//! The work of the build script: reads a fragment and writes a client. Any crate can copy this file unchanged.

use std::fs;
use std::path::Path;

use graph_client_codegen::{Settings, generate};

/// Generates a client and tells cargo which file to watch.
///
/// # Errors
///
/// Returns one line for each problem, with the file and line that cargo shows. Nothing is written then.
pub(crate) fn client(fragment: &str, target: &Path) -> Result<(), Vec<String>> {
    println!("cargo::rerun-if-changed={fragment}");
    let text =
        fs::read_to_string(fragment).map_err(|error| vec![format!("{fragment}: {error}")])?;
    let generated = generate(fragment, &text, &Settings::for_description("cargo build")).map_err(
        |problems| {
            let lines = problems.iter().map(|problem| match problem.position {
                Some(at) => format!(
                    "{}:{}:{}: {}; {}",
                    problem.file, at.line, at.column, problem.message, problem.help
                ),
                None => format!("{}: {}; {}", problem.file, problem.message, problem.help),
            });
            lines.collect::<Vec<_>>()
        },
    )?;
    fs::write(target, generated.single_file())
        .map_err(|error| vec![format!("{}: {error}", target.display())])
}
