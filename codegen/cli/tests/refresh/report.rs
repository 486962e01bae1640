//! Every kind of difference is reported with both locations in every format; invalid input is an error with its location.

use crate::support::{Library, METADATA, serve};

/// Checks what is found, and that a decision can name it as it was reported.
#[track_caller]
fn tells(edits: &[(&str, &str)], expected: &[&str]) {
    let library = Library::with(edits);
    let found = library.findings(&[]);
    // The review chooses the words for the old and the new value.
    let name = |line: String| line.split(": ").next().unwrap_or_default().to_owned();
    let mut found: Vec<String> = found.into_iter().map(name).collect();
    let mut expected: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    if !found.is_empty() {
        // A type is removed with its last use, which is decided on its own.
        let causes = found
            .iter()
            .filter(|name| !name.starts_with("schema-removed"));
        let names: Vec<String> = causes.map(|name| format!("{name:?}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        library.keep(&names);
        assert_eq!(library.findings(&[]), [""; 0], "kept: {found:#?}");
    }
}

#[test]
fn other_words_with_the_same_meaning_are_no_difference() {
    tells(&[], &[]);
    // The alias of a namespace, and the whole name.
    let library = Library::new();
    library.write(
        "library.csdl",
        &METADATA
            .replace("self.", "library.")
            .replace(" Alias=\"self\"", ""),
    );
    let (code, out, _) = library.refresh(&[]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn added_removed_and_changed_properties_are_reported() {
    let pages = r#"<Property Name="pages" Type="Edm.Int32" />"#;
    tells(
        &[(
            pages,
            r#"<Property Name="pages" Type="Edm.Int32" /><Property Name="weight" Type="Edm.Double" />"#,
        )],
        &["property-added Book.weight"],
    );
    tells(&[(pages, "")], &["property-removed Book.pages"]);
    tells(
        &[(pages, r#"<Property Name="pages" Type="Edm.String" />"#)],
        &["property-type-changed Book.pages"],
    );
    tells(
        &[(pages, r#"<Property Name="pages" Type="Edm.Int64" />"#)],
        &["property-format-changed Book.pages"],
    );
    tells(
        &[(
            pages,
            r#"<Property Name="pages" Type="Edm.Int32" Nullable="false" />"#,
        )],
        &["property-nullable-changed Book.pages"],
    );
    tells(
        &[(r#"Type="Collection(self.part)""#, r#"Type="self.part""#)],
        &["property-type-changed Book.parts"],
    );
}

#[test]
fn a_property_that_the_fragment_has_at_a_subtype_and_the_metadata_at_its_base_is_not_removed() {
    let with_title = |edits: &[(&str, &str)]| {
        let library = Library::with(edits);
        let number = "            number: {type: integer, format: int64,";
        let title = "            title: {type: string, nullable: true, description: A head.}\n";
        library.edit(
            "spec/incidents.yaml",
            &[(number, &format!("{title}{number}"))],
        );
        library.findings(&[])
    };
    assert_eq!(with_title(&[]), [""; 0]);
    let removed = with_title(&[(r#"<Property Name="title" Type="Edm.String" />"#, "")]);
    let subjects: Vec<&str> = removed
        .iter()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(
        subjects,
        [
            "property-removed Chapter.title",
            "property-removed Part.title"
        ]
    );
}

#[test]
fn a_property_is_no_addition_if_the_fragment_has_it_at_a_base_of_its_own() {
    let library = Library::new();
    let pages = "        # How long it takes.
        pages:
          type: integer
          format: int32
          nullable: true # unknown for scrolls
          description: >-
            How many leaves it has,
            counted on both sides.
";
    let book = "    Book:
      description: Something to read.
      type: object
      properties:
";
    let fragment = library.read("spec/incidents.yaml").replace(pages, "");
    let fragment = fragment.replace(
        book,
        &format!(
            "    Leaves:
      description: What has leaves.
      type: object
      properties:
{pages}{}      allOf:
        - $ref: \"#/components/schemas/Leaves\"
      properties:
",
            book.split_once("      properties:").unwrap().0
        ),
    );
    library.write("spec/incidents.yaml", &fragment);
    assert_eq!(library.findings(&[]), [""; 0]);
}

#[test]
fn a_new_property_brings_the_types_that_it_needs() {
    tells(
        &[
            (
                r#"<Property Name="pages""#,
                r#"<Property Name="cover" Type="self.cover" /><Property Name="pages""#,
            ),
            (
                "<EnumType",
                r#"<ComplexType Name="cover"><Property Name="stuff" Type="self.stuff" Nullable="false"/></ComplexType>
                   <ComplexType Name="dust" BaseType="self.cover"/>
                   <EnumType Name="stuff"><Member Name="paper"/></EnumType><EnumType"#,
            ),
        ],
        &[
            "property-added Book.cover",
            "schema-added Cover",
            "schema-added Dust",
            "schema-added Stuff",
        ],
    );
}

#[test]
fn members_flags_and_subtypes_are_reported() {
    let sad = r#"<Member Name="sad" Value="1" />"#;
    tells(
        &[(
            sad,
            r#"<Member Name="sad" Value="1" /><Member Name="calm" Value="7" />"#,
        )],
        &["enum-member-added Mood.calm"],
    );
    tells(&[(sad, "")], &["enum-member-removed Mood.sad"]);
    tells(
        &[(
            r#"<EnumType Name="mood">"#,
            r#"<EnumType Name="mood" IsFlags="true">"#,
        )],
        &["extension-changed Mood"],
    );
    let poem = r#"<ComplexType Name="poem" BaseType="self.part">"#;
    tells(
        &[(
            poem,
            r#"<ComplexType Name="essay" BaseType="self.part"><Property Name="topic" Type="Edm.String"/></ComplexType><ComplexType Name="poem" BaseType="self.part">"#,
        )],
        &[
            "discriminator-mapping-added Part.#library.essay",
            "schema-added Essay",
        ],
    );
    tells(
        &[(poem, r#"<ComplexType Name="poem">"#)],
        &[
            "discriminator-mapping-removed Part.#library.poem",
            "schema-removed Poem",
        ],
    );
}

#[test]
fn the_first_subtype_of_a_type_is_reported() {
    let loan = r#"<ComplexType Name="loan">"#;
    let found = Library::with(&[(
        loan,
        r#"<ComplexType Name="longLoan" BaseType="self.loan"/><ComplexType Name="loan">"#,
    )])
    .findings(&[]);
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("discriminator-added Loan")),
        "{found:#?}"
    );
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("schema-added LongLoan")),
        "{found:#?}"
    );
}

#[test]
fn actions_and_their_parameters_are_reported() {
    tells(
        &[(
            "<EntityContainer",
            r#"<Action Name="burn" IsBound="true"><Parameter Name="b" Type="self.book"/><Parameter Name="why" Type="Edm.String"/></Action><EntityContainer"#,
        )],
        &["operation-added POST /books/{}/library.burn"],
    );
    tells(
        &[(
            "<Parameter Name=\"days\" Type=\"Edm.Int32\" Nullable=\"false\" />",
            "<Parameter Name=\"days\" Type=\"Edm.Int64\" Nullable=\"false\" /><Parameter Name=\"who\" Type=\"Edm.String\" />",
        )],
        &[
            "property-format-changed LendRequest.days",
            "property-added LendRequest.who",
        ],
    );
    tells(
        &[(
            "<Parameter Name=\"note\" Type=\"Edm.String\">",
            "<Parameter Name=\"note\" Type=\"Edm.String\" Nullable=\"false\">",
        )],
        &["property-nullable-changed LendRequest.note"],
    );
}

#[test]
fn an_action_can_have_its_short_name_below_its_binding() {
    let library = Library::with(&[(
        r#"<Parameter Name="days" Type="Edm.Int32" Nullable="false" />"#,
        r#"<Parameter Name="days" Type="Edm.Int64" Nullable="false" />"#,
    )]);
    library.edit(
        "spec/incidents.yaml",
        &[("/books/library.lend:", "/books/lend:")],
    );
    let found = library.findings(&[]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].starts_with("property-format-changed LendRequest.days"),
        "{found:#?}"
    );
    // Below another path it is another operation, and the action is missing.
    library.edit("spec/incidents.yaml", &[("/books/lend:", "/shelves/lend:")]);
    let found = library.findings(&[]);
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("operation-added POST /books/library.lend")),
        "{found:#?}"
    );
}

#[test]
fn a_body_does_not_allow_null_for_values_that_cannot_be_null() {
    tells(
        &[(
            r#"<Property Name="mood" Type="self.mood" />"#,
            r#"<Property Name="mood" Type="self.mood" Nullable="false" />"#,
        )],
        &[
            "property-nullable-changed Book.mood",
            "property-nullable-changed BookUpdate.mood",
        ],
    );
}

const DEPRECATION: &str = r#"<Annotations Target="self.book/pages">
  <Annotation Term="Org.OData.Core.V1.Revisions"><Collection><Record>
    <PropertyValue Property="Date" Date="2026-03-04" />
    <PropertyValue Property="Description" String="Weigh it instead" />
    <PropertyValue Property="Kind"><EnumMember>Org.OData.Core.V1.RevisionKind/Deprecated</EnumMember></PropertyValue>
    <PropertyValue Property="RemovalDate" Date="2028-03-04" />
  </Record></Collection></Annotation></Annotations><EntityContainer"#;

#[test]
fn a_deprecation_is_reported_with_its_dates_and_text() {
    let library = Library::with(&[("<EntityContainer", DEPRECATION)]);
    let (code, out, _) = library.refresh(&[]);
    assert_eq!(code, 4);
    assert!(out.contains("Changed deprecation Book.pages"), "{out}");
    assert!(
        out.contains("Book.pages: since 2026-03-04, may be gone from 2028-03-04: Weigh it instead"),
        "{out}"
    );
}

#[test]
fn a_report_shows_both_locations_and_what_to_do() {
    let library = Library::with(&[
        (
            r#"<Property Name="title" Type="Edm.String" />"#,
            r#"<Property Name="fullTitle" Type="Edm.String" />"#,
        ),
        (
            "<Member Name=\"sad\" Value=\"1\" />",
            "<Member Name=\"sad\" Value=\"1\" /><Member Name=\"calm\" Value=\"7\" />",
        ),
    ]);
    let (_, out, _) = library.refresh(&[]);
    insta::assert_snapshot!(out);
    for format in ["markdown", "json", "sarif", "github", "html"] {
        let (code, out, errors) = library.refresh(&["--format", format]);
        assert_eq!((code, errors.as_str()), (4, ""));
        assert!(out.contains("calm"), "{format}: {out}");
    }
}

#[test]
fn invalid_input_is_an_error_with_a_location_and_a_remedy() {
    let library = Library::with(&[("self.mood", "slef.mood")]);
    let (code, out, errors) = library.refresh(&[]);
    assert_eq!((code, out.as_str()), (100, ""));
    assert!(
        errors.contains("library.csdl:12:") && errors.contains("help:"),
        "{errors}"
    );
    for text in ["", "<html></html>", "{}", "<edmx:Edmx"] {
        library.write("library.csdl", text);
        let (code, _, errors) = library.refresh(&["--apply"]);
        assert_eq!(code, 100);
        assert!(
            errors.contains("library.csdl:1:1") && errors.contains("help:"),
            "{errors}"
        );
    }
    std::fs::write(library.path("library.csdl"), [0xff, 0xfe, 0x3c]).unwrap();
    let (code, _, errors) = library.refresh(&[]);
    assert_eq!(code, 100);
    assert!(errors.contains("not UTF-8"), "{errors}");
    let (code, _, errors) = library.run(&["--metadata", "nowhere.csdl"]);
    assert_eq!(code, 100);
    assert!(errors.contains("--metadata nowhere.csdl"), "{errors}");
}

#[test]
fn metadata_can_be_fetched_from_a_url() {
    let library = Library::new();
    let (address, asked) = serve(vec![
        ("200 OK", METADATA.to_owned()),
        ("503 Service Unavailable", String::new()),
    ]);
    let address = format!("{address}/v1.0/$metadata");
    let (code, out, errors) = library.run(&["--metadata", &address]);
    assert_eq!(code, 0, "{out}{errors}");
    assert_eq!(
        asked.lock().unwrap()[0].line,
        "GET /v1.0/$metadata HTTP/1.1"
    );
    let (code, _, errors) = library.run(&["--metadata", &address]);
    assert_eq!(code, 100);
    assert!(
        errors.contains("503") && errors.contains(&address),
        "{errors}"
    );
    let (code, _, errors) = library.run(&["--metadata", &address]);
    assert_eq!(code, 100);
    assert!(errors.contains("help: try again"), "{errors}");
}
