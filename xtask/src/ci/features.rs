//! Checks of the features of packages: each by itself, none, all, and pairs.

use super::Step;
use crate::workspace::Workspace;
use crate::{Failure, cargo};

/// The check: code that only some features use must not be a warning without them.
const CHECK: &str = "clippy --quiet";
const DENY: &str = "-- -D warnings";

/// A package that has features.
struct Package {
    name: String,
    features: Vec<String>,
}

impl Package {
    /// A check of the package with exactly these features.
    fn check(&self, features: &[&str]) -> Step {
        let name = match features {
            [] => format!("{} without features", self.name),
            features => format!("{} with {} alone", self.name, features.join(" and ")),
        };
        let mut arguments = format!("{CHECK} -p {} --no-default-features", self.name);
        if !features.is_empty() {
            arguments.push_str(&format!(" --features {}", features.join(",")));
        }
        Step::new(&name, &format!("{arguments} {DENY}"))
    }
}

/// Checks of every package with features: none of them, each alone, all.
pub(super) fn alone(workspace: &Workspace) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::new();
    for package in packages(workspace)? {
        steps.push(package.check(&[]));
        steps.extend(
            package
                .features
                .iter()
                .map(|feature| package.check(&[feature])),
        );
        steps.push(Step::new(
            &format!("{} with all features", package.name),
            &format!("{CHECK} -p {} --all-features {DENY}", package.name),
        ));
    }
    Ok(steps)
}

/// Checks of every package with each pair of its features.
pub(super) fn in_pairs(workspace: &Workspace) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::new();
    for package in packages(workspace)? {
        for (index, one) in package.features.iter().enumerate() {
            let others = &package.features[index + 1..];
            steps.extend(others.iter().map(|other| package.check(&[one, other])));
        }
    }
    Ok(steps)
}

/// The packages of the workspace that have features.
fn packages(workspace: &Workspace) -> Result<Vec<Package>, Failure> {
    let metadata = cargo::metadata(workspace, &["--no-deps"])?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let packages = packages.filter_map(|package| {
        let features = package["features"].as_object()?.keys();
        let features: Vec<String> = features
            .filter(|feature| *feature != "default")
            .cloned()
            .collect();
        let name = package["name"].as_str()?.to_owned();
        (!features.is_empty()).then_some(Package { name, features })
    });
    Ok(packages.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_is_checked_alone_and_in_pairs() {
        let workspace = Workspace::find().unwrap();
        let commands = |steps: Vec<Step>| -> Vec<String> {
            steps.iter().map(|step| step.arguments.join(" ")).collect()
        };
        let alone = commands(alone(&workspace).unwrap());
        let of_runtime = |features: &str| {
            format!(
                "clippy --quiet -p graph-client-runtime --no-default-features{features} -- -D warnings"
            )
        };
        assert!(alone.contains(&of_runtime("")), "{alone:?}");
        assert!(alone.contains(&of_runtime(" --features schemars")));
        assert!(alone.contains(
            &"clippy --quiet -p graph-client-runtime --all-features -- -D warnings".to_owned()
        ));
        let pairs = commands(in_pairs(&workspace).unwrap());
        assert!(
            pairs.contains(&of_runtime(" --features gzip,oauth")),
            "{pairs:?}"
        );
    }
}
