//! The edits of a release in manifests and changelog.

use crate::Failure;

/// Sets the version of the workspace and of the dependencies between its packages.
///
/// # Errors
///
/// Returns an error if the manifest has no workspace version.
pub(super) fn version(manifest: &str, to: &str) -> Result<String, Failure> {
    let from = value_of(manifest, "version").ok_or_else(|| missing("version"))?;
    let own = format!("version = \"{from}\"");
    let new = format!("version = \"{to}\"");
    let lines = manifest.lines().map(|line| {
        // Dependencies within the workspace have a path; others keep their versions.
        match line.trim_start() == own || line.contains("path = \"") {
            true => line.replace(&own, &new),
            false => line.to_owned(),
        }
    });
    Ok(joined(lines))
}

/// The value of a key of `[workspace.package]`.
pub(super) fn value_of<'a>(manifest: &'a str, key: &str) -> Option<&'a str> {
    let (_, section) = manifest.split_once("[workspace.package]\n")?;
    let section = section.split("\n[").next()?;
    let mut values = section.lines().filter_map(|line| {
        let (name, value) = line.split_once(" = ")?;
        (name == key).then(|| value.trim_matches('"'))
    });
    values.next()
}

/// Adds the repository to the workspace's manifest, below the license.
///
/// # Errors
///
/// Returns an error if the manifest has no workspace license.
pub(super) fn repository(manifest: &str, url: &str) -> Result<String, Failure> {
    insert(manifest, "license = ", &format!("repository = \"{url}\""))
        .ok_or_else(|| missing("license"))
}

/// Makes a package's manifest inherit the workspace's repository, unless it already does.
pub(super) fn inherits_repository(manifest: &str) -> String {
    let line = "repository.workspace = true";
    match manifest.contains(line) {
        true => manifest.to_owned(),
        false => insert(manifest, "license.workspace", line).unwrap_or_else(|| manifest.to_owned()),
    }
}

/// Moves the unreleased changes of the changelog below a version.
///
/// # Errors
///
/// Returns an error if *Unreleased* is empty, or does not name the description that it follows.
pub(super) fn changelog(text: &str, version: &str, date: &str) -> Result<String, Failure> {
    let heading = "## [Unreleased]\n";
    let refuse = |reason: &str, help: &str| {
        Failure::new(format!("error: CHANGELOG.md: {reason}\n  help: {help}"))
    };
    let (before, after) = text
        .split_once(heading)
        .ok_or_else(|| refuse("no section `## [Unreleased]`", "add one"))?;
    let section = after.split("\n## [").next().unwrap_or_default();
    if !section
        .lines()
        .any(|line| line.trim_start().starts_with("- "))
    {
        return Err(refuse(
            "*Unreleased* is empty",
            "describe what a user can do now",
        ));
    }
    if !section.contains("description of ") {
        return Err(refuse(
            "*Unreleased* does not name the upstream revision",
            "add `Follows the beta description of <date>`, with the date from spec/provenance.yaml",
        ));
    }
    Ok(format!(
        "{before}{heading}\n## [{version}] - {date}\n{after}"
    ))
}

fn insert(text: &str, below: &str, line: &str) -> Option<String> {
    let at = text.lines().position(|one| one.starts_with(below))?;
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(at + 1, line);
    Some(joined(lines))
}

fn joined<T: AsRef<str>>(lines: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line.as_ref());
        text.push('\n');
    }
    text
}

fn missing(key: &str) -> Failure {
    Failure::new(format!(
        "error: Cargo.toml: `[workspace.package]` has no `{key}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[workspace.package]\nversion = \"0.1.0\"\nlicense = \"MIT\"\n\n[workspace.dependencies]\nown = { path = \"own\", version = \"0.1.0\" }\nother = \"0.1.0\"\n";

    #[test]
    fn the_version_is_set_only_for_the_workspace_and_its_packages() {
        let new = version(MANIFEST, "0.2.0").unwrap();
        assert_eq!(
            new,
            "[workspace.package]\nversion = \"0.2.0\"\nlicense = \"MIT\"\n\n[workspace.dependencies]\nown = { path = \"own\", version = \"0.2.0\" }\nother = \"0.1.0\"\n"
        );
    }

    #[test]
    fn the_repository_is_set_once() {
        let new = repository(MANIFEST, "https://example.org/r").unwrap();
        assert_eq!(value_of(&new, "repository"), Some("https://example.org/r"));
        let package = inherits_repository("license.workspace = true\nreadme = \"README.md\"\n");
        assert_eq!(inherits_repository(&package), package);
        assert!(package.starts_with("license.workspace = true\nrepository.workspace = true\n"));
    }

    #[test]
    fn unreleased_changes_move_below_the_version() {
        let text = "# Changelog\n\n## [Unreleased]\n\nFollows the beta description of 2026-08-04.\n\n- More.\n";
        let new = changelog(text, "0.2.0", "2026-11-26").unwrap();
        assert!(new.contains("## [Unreleased]\n\n## [0.2.0] - 2026-11-26\n\nFollows"));
        let again = changelog(&new, "0.3.0", "2026-11-27").unwrap_err();
        assert!(
            again.to_string().contains("*Unreleased* is empty"),
            "{again}"
        );
        let nameless = text.replace("description of", "words of");
        assert!(changelog(&nameless, "0.2.0", "2026-11-26").is_err());
    }
}
