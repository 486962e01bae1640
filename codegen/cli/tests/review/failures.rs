//! Descriptions that cannot be found, read or compared are errors with file, line and remedy, and never findings.

use graph_client_cli::Failure;

use crate::SAMPLE;
use crate::checkout::Checkout;

fn failure(checkout: &Checkout, arguments: &[&str]) -> String {
    match checkout.review(arguments) {
        Ok((outcome, text)) => panic!("{outcome:?}: {text}"),
        Err(failure) => {
            let _: &Failure = &failure;
            checkout.stable(&failure.to_string())
        }
    }
}

/// Invalid descriptions, the reported line, and a word of the remedy.
const BROKEN: [(&str, &str, &str, &str); 16] = [
    ("", "", "head.yaml", "help: "),
    ("openapi: 3.0.1", "openapi: [", "head.yaml:", "help: "),
    (
        "openapi: 3.0.1",
        "openapi: 3.0.1\nopenapi: 3.0.1",
        "head.yaml:3:1",
        "remove one of the two",
    ),
    (
        "openapi: 3.0.1",
        "openapi: 2.0.0",
        "head.yaml:2:10",
        "version 3.0",
    ),
    (
        "openapi: 3.0.1",
        "swagger: '2.0'",
        "head.yaml:2:1",
        "convert the Swagger description",
    ),
    ("openapi: 3.0.1", "", "head.yaml:3:1", "`openapi: 3.0.3`"),
    ("paths:", "x-paths:", "head.yaml:2:1", "`paths: {}`"),
    (
        "paths:",
        "paths: []\nx-paths:",
        "head.yaml:11:8",
        "write keys and values",
    ),
    (
        "{$ref: '#/components/schemas/desk.note'}",
        "{$ref: '#/components/schemas/desk.nota'}",
        "head.yaml:",
        "correct the reference",
    ),
    (
        "{$ref: '#/components/schemas/desk.note'}",
        "{$ref: 'other.yaml#/note'}",
        "head.yaml:",
        "add the file",
    ),
    (
        "$ref: '#/components/parameters/top'",
        "$ref: '#/components/parameters/tip'",
        "head.yaml:17:15",
        "correct the reference",
    ),
    (
        "    desk.entity:\n",
        "    desk.entity: nothing\n    desk.entities:\n",
        "head.yaml:",
        "write keys and values",
    ),
    (
        "      name: $top\n",
        "      $ref: '#/components/parameters/top'\n      name: $top\n",
        "head.yaml:",
        "define one of the components",
    ),
    (
        "text: {type: string",
        "text: {type: {a: b}",
        "head.yaml:",
        "write one of string",
    ),
    (
        "text: {type: string",
        "text: {type: tring",
        "head.yaml:",
        "write one of string",
    ),
    (
        "openapi: 3.0.1",
        "openapi: 3.0.1\n---\nopenapi: 3.0.1",
        "head.yaml:",
        "help: ",
    ),
];

#[test]
fn a_text_that_is_not_a_description_is_an_error_on_either_side() {
    let checkout = Checkout::new();
    checkout.write("good.yaml", SAMPLE);
    let (good, bad) = (checkout.path("good.yaml"), checkout.path("head.yaml"));
    let (good, bad) = (good.to_str().unwrap(), bad.to_str().unwrap());
    for (from, to, place, remedy) in BROKEN {
        let text = match from {
            "" => String::new(),
            from => {
                assert!(SAMPLE.contains(from), "{from}");
                SAMPLE.replacen(from, to, 1)
            }
        };
        checkout.write("head.yaml", &text);
        for arguments in [
            ["--base", good, "--head", bad],
            ["--base", bad, "--head", good],
        ] {
            let message = failure(&checkout, &arguments);
            assert!(message.contains(place), "{to}\n{message}");
            assert!(message.contains(remedy), "{to}\n{message}");
        }
    }
}

#[test]
fn if_both_descriptions_are_invalid_both_are_reported() {
    let checkout = Checkout::new();
    checkout.write("a.yaml", "openapi: 2.0\npaths: {}\n");
    checkout.write("b.yaml", "paths: {}\n");
    let (a, b) = (checkout.path("a.yaml"), checkout.path("b.yaml"));
    let message = failure(
        &checkout,
        &["--base", a.to_str().unwrap(), "--head", b.to_str().unwrap()],
    );
    insta::assert_snapshot!(message);
}

#[test]
fn a_text_that_is_not_utf_8_is_an_error_with_its_line() {
    let checkout = Checkout::new();
    std::fs::write(checkout.path("head.yaml"), b"openapi: 3.0.3\ninfo: \xff\n").unwrap();
    let head = checkout.path("head.yaml");
    let message = failure(&checkout, &["--head", head.to_str().unwrap()]);
    assert!(
        message.contains("head.yaml:2:7") && message.contains("save it as UTF-8"),
        "{message}"
    );
}

#[test]
fn a_missing_file_is_an_error_with_a_remedy() {
    let checkout = Checkout::new();
    for (arguments, remedy) in [
        (
            ["--base", "no-such-thing"],
            "no such file, and no such revision",
        ),
        (["--head", "no-such-thing"], "git rev-parse"),
        (
            ["--accepted", "no-such-thing"],
            "help: pass a readable file of accepted findings",
        ),
    ] {
        let message = failure(&checkout, &arguments);
        assert!(
            message.contains(remedy) && message.contains("help: "),
            "{message}"
        );
    }
    let folder = checkout.path("spec");
    assert!(failure(&checkout, &["--base", folder.to_str().unwrap()]).contains("this is a folder"));
    // A revision without the fragment.
    checkout.git(&["checkout", "--quiet", "--orphan", "empty"]);
    checkout.git(&["rm", "--quiet", "-r", "--force", "spec"]);
    checkout.git(&["commit", "--quiet", "--message", "without"]);
    checkout.git(&["checkout", "--quiet", "main"]);
    let message = failure(&checkout, &["--base", "empty"]);
    assert!(
        message.contains("spec/incidents.yaml is not in this revision")
            && message.contains("help: "),
        "{message}"
    );
    // No main branch at all.
    checkout.git(&["branch", "--quiet", "--move", "main", "trunk"]);
    let message = failure(&checkout, &[]);
    assert!(
        message.contains("pass a revision or a file with --base"),
        "{message}"
    );
    // No fragment in the working tree.
    std::fs::remove_file(checkout.path("spec/incidents.yaml")).unwrap();
    let message = failure(&checkout, &["--base", "trunk"]);
    assert!(
        message.contains("cannot read spec/incidents.yaml") && message.contains("git restore"),
        "{message}"
    );
}

#[test]
fn a_git_that_fails_is_not_a_missing_revision() {
    let checkout = Checkout::new();
    std::fs::rename(checkout.path(".git"), checkout.path("git")).unwrap();
    checkout.write(".git", "gitdir: nowhere\n");
    let message = failure(&checkout, &["--base", "main"]);
    assert!(
        message.contains("git cannot look for a revision: not a git repository"),
        "{message}"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_not_a_missing_one() {
    let checkout = Checkout::new();
    checkout.edit("title: ", "title: A ");
    std::fs::remove_file(checkout.path("CHANGELOG.md")).unwrap();
    let missing = checkout.report(&[]);
    assert!(!missing.contains("CHANGELOG.md"), "{missing}");
    std::fs::create_dir(checkout.path("CHANGELOG.md")).unwrap();
    let unread = checkout.report(&[]);
    assert!(unread.contains("CHANGELOG.md cannot be read: "), "{unread}");
}

#[test]
fn accepting_a_missing_finding_is_an_error() {
    let checkout = Checkout::new();
    checkout.write(
        "spec/accepted.yaml",
        "accepted:\n- id: 0123456789ab\n  reason: gone\n",
    );
    let message = failure(&checkout, &[]);
    insta::assert_snapshot!(message);
}
