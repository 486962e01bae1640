//! Checks that the output and logs of the tests contain no secret.

use std::ffi::OsStr;
use std::io;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Failure, cargo};

/// The prefixes of secrets: of the simulator's application, and of those that tests invent.
const SECRETS: [&str; 2] = ["simulator-secret", "seeded-"];
/// The prefix of a simulator token, and the number of hexadecimal digits that follow.
const TOKEN: (&str, usize) = ("sim-", 32);

const ARGUMENTS: [&str; 4] = ["test", "--workspace", "--", "--nocapture"];

/// Runs all tests, captures everything that they print and log, and searches it.
///
/// # Errors
///
/// Returns an error if a test fails, or if a line contains a secret; the error has the number of the line.
pub(super) fn run(workspace: &Workspace, out: &mut dyn io::Write) -> Result<(), Failure> {
    run_with(&cargo::program(), workspace, out)
}

fn run_with(
    program: &OsStr,
    workspace: &Workspace,
    out: &mut dyn io::Write,
) -> Result<(), Failure> {
    let command = format!("RUST_LOG=trace cargo {}", ARGUMENTS.join(" "));
    writeln!(
        out,
        "{:>12} search for secrets in the output of tests: {command}",
        "Running"
    )?;
    out.flush()?;
    let output = Command::new(program)
        .args(ARGUMENTS)
        .current_dir(workspace.root())
        .env("RUST_LOG", "trace")
        .output()
        .map_err(|error| Failure::new(format!("error: failed to run `{command}`: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!(
            "error: tests failed; to repeat it: {command}"
        )));
    }
    for (name, text) in [("output", output.stdout), ("error", output.stderr)] {
        if let Some(line) = with_secret(&String::from_utf8_lossy(&text)) {
            return Err(Failure::new(format!(
                "error: line {line} of standard {name} contains a secret; to repeat it: {command}"
            )));
        }
    }
    Ok(())
}

/// The number of the first line with a secret.
fn with_secret(text: &str) -> Option<usize> {
    let is_token = |rest: &str| {
        let digits = rest.bytes().take(TOKEN.1);
        digits.filter(u8::is_ascii_hexdigit).count() == TOKEN.1
    };
    let has_secret = |line: &str| {
        let mut tokens = line.split(TOKEN.0).skip(1);
        SECRETS.iter().any(|secret| line.contains(secret)) || tokens.any(is_token)
    };
    let place = text.lines().position(has_secret)?;
    Some(place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the step with a shell script in place of cargo.
    #[cfg(unix)]
    fn run_script(script: &str) -> Result<(), String> {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cargo");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        let workspace = Workspace::at(folder.path());
        let mut out = Vec::new();
        let ended = run_with(path.as_os_str(), &workspace, &mut out);
        assert!(String::from_utf8(out).unwrap().contains("RUST_LOG=trace"));
        ended.map_err(|failure| failure.to_string())
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_in_either_output_fails_the_step_without_being_shown() {
        let clean = r#"test "$RUST_LOG $*" = "trace test --workspace -- --nocapture" && echo fine"#;
        assert_eq!(run_script(clean), Ok(()));
        for (script, part) in [
            ("echo a; echo simulator-secret", "line 2 of standard output"),
            ("echo seeded-token >&2", "line 1 of standard error"),
            ("exit 101", "tests failed"),
        ] {
            let failure = run_script(script).unwrap_err();
            assert!(failure.contains(part), "{failure}");
            assert!(!failure.contains("seeded-") && !failure.contains("simulator-secret"));
        }
    }

    #[test]
    fn a_line_with_a_secret_is_found_and_a_similar_one_is_not() {
        let token = format!("token sim-{}", "0a".repeat(16));
        for (text, line) in [
            ("", None),
            ("a\nthe secret is hidden, sim-12 and sim-\n", None),
            ("a\nsecret simulator-secret\n", Some(2)),
            ("Bearer seeded-expired", Some(1)),
            (token.as_str(), Some(1)),
            (&format!("sim-1 {token}"), Some(1)),
        ] {
            assert_eq!(with_secret(text), line, "{text}");
        }
    }
}
