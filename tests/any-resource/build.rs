//! Generates a client and the contract of its simulator in `OUT_DIR` from `spec/office.yaml`, and clients of every
//! construct.

#[path = "build/constructs.rs"]
mod constructs;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use graph_client_codegen::{Settings, generate};

const SPEC: &str = "spec/office.yaml";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={SPEC}");
    println!("cargo::rerun-if-changed=build/constructs.rs");
    println!("cargo::rerun-if-changed=build/names.txt");
    println!("cargo::rerun-if-changed=build/roles.yaml");
    println!("cargo::rerun-if-env-changed=CONSTRUCTS");
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), String> {
    let folder =
        env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this program is run by cargo")?;
    let folder = Path::new(&folder);
    let text = fs::read_to_string(SPEC).map_err(|error| format!("{SPEC}: {error}"))?;
    let settings = Settings::for_description("cargo build").strict(true);
    let generated = generate(SPEC, &text, &settings).map_err(|problems| problems.to_string())?;
    let mut clients = String::new();
    for (name, text) in constructs::descriptions() {
        let settings = Settings::for_description("cargo build");
        let generated =
            generate(&name, &text, &settings).map_err(|problems| problems.to_string())?;
        clients.push_str(&format!(
            "/// The client of `{name}`.\npub mod {name} {{\n{}\n}}\n",
            generated.single_file()
        ));
    }
    let written = fs::write(folder.join("client.rs"), generated.single_file())
        .and_then(|()| fs::write(folder.join("contract.json"), generated.contract()))
        .and_then(|()| fs::write(folder.join("constructs.rs"), clients));
    written.map_err(|error| format!("{}: {error}", folder.display()))
}
