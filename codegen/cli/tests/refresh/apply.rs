//! An edit changes only what it should, a second run changes nothing, and no text of a person is lost.

use graph_client_codegen::refresh::UNWRITTEN;

use crate::support::{FRAGMENT, Library};

const PAGES: &str = r#"<Property Name="pages" Type="Edm.Int32" />"#;
const SAD: &str = r#"<Member Name="sad" Value="1" />"#;

/// Metadata that adds a property with its type, a subtype and a member, and no longer allows null for `pages`.
fn newer() -> Library {
    Library::with(&[
        (
            PAGES,
            r#"<Property Name="pages" Type="Edm.Int64" Nullable="false" /><Property Name="cover" Type="self.cover" />"#,
        ),
        (
            SAD,
            r#"<Member Name="sad" Value="1" /><Member Name="calm" Value="3" />"#,
        ),
        (
            r#"<ComplexType Name="poem""#,
            r#"<ComplexType Name="essay" BaseType="self.part"><Property Name="topics" Type="Collection(Edm.String)" /></ComplexType>
               <ComplexType Name="cover"><Property Name="colour" Type="Edm.String" /></ComplexType>
               <ComplexType Name="poem""#,
        ),
    ])
}

#[test]
fn the_fragment_is_edited_with_comments_order_and_layout_kept() {
    let library = newer();
    let (code, out, errors) = library.refresh(&["--apply"]);
    assert_eq!(code, 0, "{out}{errors}");
    let edited = library.read("spec/incidents.yaml");
    let diff = similar::TextDiff::from_lines(FRAGMENT, &edited);
    insta::assert_snapshot!(diff.unified_diff().context_radius(1).to_string());
}

#[test]
fn a_second_run_finds_and_changes_nothing() {
    let library = newer();
    library.refresh(&["--apply"]);
    let (fragment, provenance) = (
        library.read("spec/incidents.yaml"),
        library.read("spec/provenance.yaml"),
    );
    let (code, out, _) = library.refresh(&["--apply"]);
    assert_eq!(code, 0, "{out}");
    assert!(!out.contains("Edited"), "{out}");
    assert_eq!(library.read("spec/incidents.yaml"), fragment);
    assert_eq!(library.read("spec/provenance.yaml"), provenance);
}

#[test]
fn the_lint_refuses_parts_without_a_description() {
    let library = newer();
    let (_, out, _) = library.refresh(&["--apply"]);
    let edited = library.read("spec/incidents.yaml");
    let unwritten = edited.matches(UNWRITTEN).count();
    assert!(unwritten >= 5, "{edited}");
    assert!(
        out.contains(&format!("write {unwritten} descriptions")),
        "{out}"
    );
    let read = |text: &str| graph_client_codegen::read("spec/incidents.yaml", text, &[]);
    let problems = read(&edited).unwrap_err();
    assert_eq!(
        problems
            .iter()
            .filter(|problem| problem.rule == "unwritten")
            .count(),
        unwritten
    );
    assert_eq!(problems.len(), unwritten, "{problems}");
    assert!(read(&edited.replace(UNWRITTEN, "What it is.")).is_ok());
}

#[test]
fn the_provenance_names_the_source_of_new_parts() {
    let library = newer();
    library.refresh(&["--apply", "--version", "v1.0"]);
    let provenance = library.read("spec/provenance.yaml");
    assert!(
        provenance.starts_with("# Where the facts are from.\n"),
        "{provenance}"
    );
    for part in [
        "OData metadata of v1.0",
        "#/components/schemas/Cover\"",
        "#/components/schemas/Book/properties/pages\"",
        "#/components/schemas/Mood\"",
        "Brought by a refresh.",
    ] {
        assert!(provenance.contains(part), "{part} is not in\n{provenance}");
    }
}

#[test]
fn edits_made_between_two_runs_are_kept() {
    let library = newer();
    library.refresh(&["--apply"]);
    library.edit(
        "spec/incidents.yaml",
        &[(
            "description: \"(not written yet)\"",
            "description: Ours. # and a word",
        )],
    );
    library.edit(
        "library.csdl",
        &[(
            r#"<Property Name="colour""#,
            r#"<Property Name="gloss" Type="Edm.Double" /><Property Name="colour""#,
        )],
    );
    let before = library.read("spec/incidents.yaml");
    library.refresh(&["--apply"]);
    let after = library.read("spec/incidents.yaml");
    let lost: Vec<&str> = before
        .lines()
        .filter(|line| !after.contains(line))
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(after.contains("gloss:"), "{after}");
}

#[test]
fn parts_that_upstream_removed_are_kept_until_they_are_pruned() {
    let library = Library::with(&[
        (PAGES, ""),
        (
            r#"<ComplexType Name="poem" BaseType="self.part">"#,
            r#"<ComplexType Name="poem">"#,
        ),
    ]);
    let (code, out, _) = library.refresh(&["--apply"]);
    assert_eq!(code, 4);
    assert!(out.contains("findings are left to you"), "{out}");
    assert!(out.contains("nothing was edited; `--prune`"), "{out}");
    assert_eq!(library.read("spec/incidents.yaml"), FRAGMENT);
    let (code, out, errors) = library.refresh(&["--apply", "--prune"]);
    assert_eq!(code, 0, "{out}{errors}");
    let edited = library.read("spec/incidents.yaml");
    for gone in ["pages:", "Poem"] {
        assert!(!edited.contains(gone), "{edited}");
    }
    assert_eq!(library.findings(&[]), Vec::<String>::new());
}

#[test]
fn the_next_run_completes_an_interrupted_one() {
    let library = newer();
    library.refresh(&["--apply"]);
    let (fragment, provenance) = (
        library.read("spec/incidents.yaml"),
        library.read("spec/provenance.yaml"),
    );
    // The provenance is written first: here the run ended before the fragment was.
    library.write("spec/incidents.yaml", FRAGMENT);
    let (code, _, _) = library.refresh(&["--apply"]);
    assert_eq!(code, 0);
    assert_eq!(library.read("spec/incidents.yaml"), fragment);
    assert_eq!(library.read("spec/provenance.yaml"), provenance);
    let left: Vec<_> = std::fs::read_dir(library.path("spec")).unwrap().collect();
    assert_eq!(left.len(), 2);
}

#[test]
fn a_layout_that_cannot_be_edited_is_refused_before_anything_is_written() {
    let library = newer();
    // A mapping as a key of a list in a list, on one line with a comment inside.
    library.edit("spec/incidents.yaml", &[("        pages:\n          type: integer\n", "        pages: {\n          type: integer, # why\n          format: int32, nullable: true, description: x }\n        other:\n          type: integer\n")]);
    let before = (
        library.read("spec/incidents.yaml"),
        library.read("spec/provenance.yaml"),
    );
    let (code, out, errors) = library.refresh(&["--apply"]);
    let after = (
        library.read("spec/incidents.yaml"),
        library.read("spec/provenance.yaml"),
    );
    match code {
        100 => assert!(
            errors.contains("spec/incidents.yaml:") && before == after,
            "{errors}"
        ),
        // If the layout is supported, a second run has nothing to do.
        _ => assert!(
            out.contains("Edited") && !library.refresh(&["--apply"]).1.contains("Edited"),
            "{out}"
        ),
    }
}
