//! `deny.toml` agrees with `Cargo.lock`: who depends on what, and which licences there are.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use graph_incidents_drift::root;
use serde::Deserialize;
use serde_json::Value;

/// What `cargo deny` reads, as far as it is checked here.
#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    wrappers: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> T {
    let text = fs::read_to_string(root().join(file)).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The crates that depend directly on each crate.
fn users() -> BTreeMap<String, BTreeSet<String>> {
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in read::<Lock>("Cargo.lock").package {
        for dependency in package.dependencies {
            let name = dependency.split(' ').next().unwrap_or_default().to_owned();
            users.entry(name).or_default().insert(package.name.clone());
        }
    }
    users
}

#[test]
fn only_the_crates_that_deny_toml_names_depend_on_a_restricted_crate() {
    let users = users();
    let bans = read::<Deny>("deny.toml").bans.deny;
    assert!(!bans.is_empty());
    for Ban { name, wrappers } in bans {
        assert_eq!(users.get(&name), Some(&wrappers), "who depends on {name}");
    }
}

/// The packages that are built for this machine, as cargo lists them.
fn packages() -> Option<Vec<Value>> {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: "))?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(["--filter-platform", host])
        .current_dir(root())
        .output()
        .unwrap();
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().cloned()
}

#[test]
fn every_crate_has_a_licence_that_deny_toml_allows() {
    let Some(packages) = packages() else {
        eprintln!("SKIPPED: the licences of crates: cargo cannot list them without the network");
        return;
    };
    let Licenses { allow, exceptions } = read::<Deny>("deny.toml").licenses;
    let mut checked = 0;
    for package in packages {
        let name = package["name"].as_str().unwrap();
        if package["source"].is_null() {
            continue;
        }
        let license = package["license"].as_str().unwrap_or_default();
        let expression = spdx::Expression::parse_mode(license, spdx::ParseMode::LAX)
            .unwrap_or_else(|error| panic!("the licence of {name}: {error}"));
        let own = exceptions.iter().filter(|exception| exception.name == name);
        let allowed: BTreeSet<&str> = own
            .flat_map(|exception| &exception.allow)
            .chain(&allow)
            .map(String::as_str)
            .collect();
        let is_allowed = expression.evaluate(|part| {
            let license = part.license.id().map(|license| license.name);
            license.is_some_and(|license| allowed.contains(license))
        });
        assert!(is_allowed, "{name} has the licence {license}");
        checked += 1;
    }
    assert!(checked > 200, "{checked} crates");
}
