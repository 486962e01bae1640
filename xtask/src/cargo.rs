//! What cargo knows about the workspace, and cargo and git commands that run in it.

use std::ffi::OsString;
use std::process::Command;

use serde_json::Value;

use crate::Failure;
use crate::workspace::Workspace;

/// The cargo that runs this program.
pub(crate) fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Returns the output of `cargo metadata`.
pub(crate) fn metadata(workspace: &Workspace, arguments: &[&str]) -> Result<Value, Failure> {
    let all = ["metadata", "--format-version", "1"];
    let text = output(
        workspace,
        Command::new(program()).args(all).args(arguments),
        "cargo metadata",
    )?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("error: `cargo metadata` is not JSON: {error}")))
}

/// Returns the output of `cargo tree`.
pub(crate) fn tree(workspace: &Workspace, arguments: &[&str]) -> Result<String, Failure> {
    let mut command = Command::new(program());
    output(workspace, command.arg("tree").args(arguments), "cargo tree")
}

/// Returns the output of a git command without the last line break.
pub(crate) fn git(workspace: &Workspace, arguments: &[&str]) -> Result<String, Failure> {
    let shown = format!("git {}", arguments.join(" "));
    let text = output(workspace, Command::new("git").args(arguments), &shown)?;
    Ok(text.trim_end().to_owned())
}

/// Runs a cargo command, which prints its own output.
pub(crate) fn run(workspace: &Workspace, arguments: &[&str]) -> Result<(), Failure> {
    let shown = format!("cargo {}", arguments.join(" "));
    let status = Command::new(program())
        .args(arguments)
        .current_dir(workspace.root())
        .status()
        .map_err(|error| Failure::new(format!("error: failed to run `{shown}`: {error}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(format!("error: `{shown}` failed"))),
    }
}

fn output(workspace: &Workspace, command: &mut Command, shown: &str) -> Result<String, Failure> {
    let output = command
        .current_dir(workspace.root())
        .output()
        .map_err(|error| Failure::new(format!("error: failed to run `{shown}`: {error}")))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!(
            "error: `{shown}` failed: {}",
            reason.trim_end()
        )));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("error: `{shown}` printed text that is not UTF-8")))
}

/// A package that can be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) manifest: String,
    /// Its direct dependencies, of all kinds.
    pub(crate) dependencies: Vec<Dependency>,
}

/// A direct dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) is_optional: bool,
    pub(crate) is_for_development: bool,
}

/// Returns the packages that can be published, each after its dependencies.
pub(crate) fn publishable(workspace: &Workspace) -> Result<Vec<Package>, Failure> {
    let metadata = metadata(workspace, &["--no-deps"])?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let waiting = packages.filter(|package| package["publish"].is_null());
    let waiting: Option<Vec<Package>> = waiting.map(package).collect();
    let mut waiting = waiting.ok_or_else(|| {
        Failure::new("error: `cargo metadata` describes a package in an unknown format")
    })?;
    let mut ordered: Vec<Package> = Vec::new();
    while !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().map(|one| one.name.clone()).collect();
        let is_ready = |one: &Package| {
            let mut needs = one.dependencies.iter().map(|needed| &needed.name);
            !needs.any(|needed| *needed != one.name && names.contains(needed))
        };
        let ready = waiting.iter().position(is_ready).ok_or_else(|| {
            Failure::new(format!(
                "error: these packages depend on each other: {}",
                names.join(", ")
            ))
        })?;
        ordered.push(waiting.remove(ready));
    }
    Ok(ordered)
}

fn package(json: &Value) -> Option<Package> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let dependencies = json["dependencies"].as_array()?.iter();
    let dependencies = dependencies.map(|one| {
        Some(Dependency {
            name: text(&one["name"])?,
            is_optional: one["optional"].as_bool()?,
            is_for_development: one["kind"] == "dev",
        })
    });
    Some(Package {
        name: text(&json["name"])?,
        version: text(&json["version"])?,
        manifest: text(&json["manifest_path"])?,
        dependencies: dependencies.collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_come_after_their_dependencies_and_test_crates_are_not_published() {
        let packages = publishable(&Workspace::find().unwrap()).unwrap();
        let place = |name: &str| packages.iter().position(|one| one.name == name);
        assert!(place("graph-incidents-simulator") < place("graph-client-runtime"));
        assert!(place("graph-client-runtime") < place("graph-incidents"));
        assert!(place("graph-client-codegen") < place("graph-client-review"));
        assert!(place("graph-incidents") < place("graph-incidents-cli"));
        for proof in ["xtask", "graph-incidents-consumer", "graph-incidents-drift"] {
            assert_eq!(place(proof), None);
        }
    }
}
