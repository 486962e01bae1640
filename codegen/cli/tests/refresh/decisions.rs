//! A decided difference is not reported again until upstream agrees.

use crate::support::Library;

const PAGES: &str = r#"<Property Name="pages" Type="Edm.Int32" />"#;

#[test]
fn kept_differences_are_neither_reported_nor_edited() {
    let library = Library::with(&[(
        PAGES,
        r#"<Property Name="pages" Type="Edm.Int32" Nullable="false" />"#,
    )]);
    library.keep(&["property-nullable-changed Book.pages"]);
    let (code, out, errors) = library.refresh(&["--apply"]);
    assert_eq!(code, 0, "{out}{errors}");
    assert!(!out.contains("Edited"), "{out}");
    assert_eq!(library.findings(&[]), Vec::<String>::new());
}

#[test]
fn a_decision_expires_when_upstream_agrees() {
    let library = Library::new();
    library.keep(&["property-nullable-changed Book.pages"]);
    assert_eq!(
        library.findings(&[]),
        [
            "decision-expired one-name: property-nullable-changed Book.pages -> upstream agrees now: remove it from `keeps`"
        ]
    );
    let (_, out, _) = library.refresh(&[]);
    assert!(out.contains("spec/provenance.yaml:17:9"), "{out}");
}

#[test]
fn a_decision_can_be_about_one_version_and_one_cloud() {
    let library = Library::with(&[(PAGES, "")]);
    library.keep(&["{what: property-removed Book.pages, version: v1.0, cloud: usGovernment}"]);
    assert_eq!(
        library.findings(&["--version", "v1.0", "--cloud", "us-government"]),
        Vec::<String>::new()
    );
    assert_eq!(library.findings(&["--version", "v1.0"]).len(), 1);
    assert_eq!(
        library
            .findings(&["--version", "beta", "--cloud", "us-government"])
            .len(),
        1
    );
}

#[test]
fn each_version_cloud_and_source_can_be_named() {
    let library = Library::with(&[(PAGES, "")]);
    for (version, cloud, option) in [
        ("beta", "global", "global"),
        ("v1.0", "global", "global"),
        ("beta", "usGovernment", "us-government"),
        ("v1.0", "usGovernment", "us-government"),
    ] {
        let kept = Library::with(&[(PAGES, "")]);
        kept.keep(&[&format!(
            "{{what: property-removed Book.pages, version: {version}, cloud: {cloud}, source: metadata}}"
        )]);
        let run = ["--version", version, "--cloud", option];
        assert_eq!(library.findings(&run).len(), 1, "{run:?}");
        assert_eq!(kept.findings(&run), Vec::<String>::new(), "{run:?}");
    }
    // What is kept of the description is not kept of the metadata.
    library.keep(&["{what: property-removed Book.pages, source: description}"]);
    assert_eq!(library.findings(&[]).len(), 1);
}

#[test]
fn differences_that_were_not_compared_expire_no_decision() {
    let library = Library::new();
    library.keep(&["property-removed Elsewhere.name"]);
    assert_eq!(library.findings(&[]), Vec::<String>::new());
}

#[test]
fn errors_in_a_decision_name_their_line() {
    for (item, message) in [
        ("soon", "has a kind and a subject"),
        (
            "{what: a b, version: v2}",
            "`version: v2` is not a known key",
        ),
        (
            "{what: a b, until: never}",
            "`until: never` is not a known key",
        ),
        (
            "{what: a b, cloud: mars}",
            "`cloud: mars` is not a known key",
        ),
        (
            "{what: a b, source: rumour}",
            "`source: rumour` is not a known key",
        ),
        ("' b'", "has a kind and a subject"),
        ("'a '", "has a kind and a subject"),
        ("[a]", "has a kind and a subject"),
        ("{what: 5}", "`what` must be a string, not a number"),
    ] {
        let library = Library::new();
        library.keep(&[item]);
        let (code, _, errors) = library.refresh(&[]);
        assert_eq!(code, 100);
        assert!(
            errors.contains("spec/provenance.yaml:17:") && errors.contains(message),
            "{errors}"
        );
    }
}

#[test]
fn decisions_that_are_no_list_of_mappings_are_refused() {
    for (decisions, message) in [
        ("{}", "`decisions` is a list, not a mapping"),
        ("[soon]", "a decision is a mapping, not a string"),
    ] {
        let library = Library::new();
        library.write(
            "spec/provenance.yaml",
            &format!("sources: {{}}\ndecisions: {decisions}\n"),
        );
        let (code, _, errors) = library.refresh(&[]);
        assert_eq!(code, 100);
        assert!(
            errors.contains("spec/provenance.yaml:2:") && errors.contains(message),
            "{errors}"
        );
    }
}
