//! The default older side: where the branch left the main one, or the target branch of a pull request.

use std::ffi::OsStr;
use std::process::Command;

use crate::checkout::Checkout;

/// Runs the program, as a workflow does, with `GITHUB_BASE_REF` as given; returns its exit code and what it wrote.
fn run(checkout: &Checkout, target: Option<&OsStr>) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_graph-client"));
    command
        .args([
            "review",
            "--from",
            "spec/incidents.yaml",
            "--color",
            "never",
        ])
        .current_dir(checkout.path(""))
        .env_remove("GITHUB_BASE_REF");
    if let Some(target) = target {
        command.env("GITHUB_BASE_REF", target);
    }
    let output = command.output().unwrap();
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (
        output.status.code().unwrap(),
        checkout.stable(&String::from_utf8(text).unwrap()),
    )
}

/// A branch of `origin/release`, which has one change that main lacks; the working tree has another one.
fn topic() -> Checkout {
    let checkout = Checkout::new();
    checkout.git(&["checkout", "--quiet", "-b", "topic"]);
    checkout.edit("summary: Add a note", "summary: Write a note");
    checkout.commit("of the release");
    checkout.git(&["update-ref", "refs/remotes/origin/release", "HEAD"]);
    checkout.edit("summary: Read a ticket", "summary: Show a ticket");
    checkout
}

#[test]
fn a_pull_request_is_compared_with_its_target_branch() {
    let checkout = topic();
    let counted = |target: Option<&str>| {
        let (code, text) = run(&checkout, target.map(OsStr::new));
        assert_eq!(code, 0, "{target:?}: {text}");
        text
    };
    let of_release = counted(Some("release"));
    assert!(of_release.contains("1 finding:"), "{of_release}");
    for target in [None, Some("")] {
        let of_main = counted(target);
        assert!(of_main.contains("2 findings:"), "{target:?}: {of_main}");
        assert!(of_main.contains("REVISION:spec"), "{target:?}: {of_main}");
    }
}

#[test]
fn without_a_main_branch_each_name_that_was_looked_for_is_listed() {
    let checkout = topic();
    checkout.git(&["branch", "--quiet", "--move", "main", "trunk"]);
    let (code, text) = run(&checkout, None);
    assert_eq!(code, 100, "{text}");
    assert!(
        text.contains("none of origin/main, main, origin/master, master exists here"),
        "{text}"
    );
}

#[test]
fn another_branch_never_stands_in_for_the_target_of_a_pull_request() {
    let (code, text) = run(&topic(), Some(OsStr::new("next")));
    assert_eq!(code, 100, "{text}");
    assert!(
        text.contains("`origin/next`, the target branch") && text.contains("fetch it"),
        "{text}"
    );
}

#[test]
fn another_branch_never_stands_in_for_a_main_branch_without_common_history() {
    let checkout = topic();
    checkout.git(&["checkout", "--quiet", "--orphan", "alone"]);
    checkout.git(&["commit", "--quiet", "--message", "alone"]);
    let (code, text) = run(&checkout, None);
    assert_eq!(code, 100, "{text}");
    assert!(text.contains("where this branch left `main`"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_target_branch_that_is_not_unicode_is_an_error_that_names_the_variable() {
    use std::os::unix::ffi::OsStrExt as _;

    let (code, text) = run(&topic(), Some(OsStr::from_bytes(b"caf\xe9")));
    assert_eq!(code, 100, "{text}");
    assert!(
        text.contains("GITHUB_BASE_REF is not valid Unicode"),
        "{text}"
    );
}
