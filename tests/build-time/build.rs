//! Generates `client.rs` in `OUT_DIR` from `spec/triage.yaml` whenever the fragment changes.

#[path = "build/generate.rs"]
mod generate;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build/generate.rs");
    let Some(folder) = std::env::var_os("OUT_DIR") else {
        println!("cargo::error=OUT_DIR is not set: this program is run by cargo");
        return ExitCode::FAILURE;
    };
    match generate::client("spec/triage.yaml", &Path::new(&folder).join("client.rs")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => {
            for error in errors {
                println!("cargo::error={error}");
            }
            ExitCode::FAILURE
        }
    }
}
