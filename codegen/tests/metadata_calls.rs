//! Functions with parameters and composite keys in a client from metadata alone; a refresh of filters, of properties that
//! cannot be updated, and of actions by either name.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use graph_client_codegen::csdl::describe::{DescribeSettings, Described, describe};
use graph_client_codegen::csdl::{self, Metadata};
use graph_client_codegen::edit::edit;
use graph_client_codegen::load::{self, Document};
use graph_client_codegen::refresh::{Refresh, operations};
use graph_client_codegen::{Settings, generate_document};

const LIBRARY: &str = r#"<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">
<edmx:DataServices><Schema Namespace="library" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="loan">
    <Key><PropertyRef Name="book"/><PropertyRef Name="copy"/></Key>
    <Property Name="book" Type="Edm.String" Nullable="false"/>
    <Property Name="copy" Type="Edm.Int32" Nullable="false"/>
    <Property Name="due" Type="Edm.Date"><Annotation Term="Org.OData.Core.V1.Immutable" Bool="true"/></Property>
    <Property Name="note" Type="Edm.String"/>
    <Property Name="state" Type="library.state"/>
    <NavigationProperty Name="notices" Type="Collection(library.notice)" ContainsTarget="true"/>
  </EntityType>
  <EntityType Name="notice">
    <Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/>
  </EntityType>
  <EnumType Name="state" IsFlags="true"><Member Name="out" Value="1"/><Member Name="back" Value="4"/></EnumType>
  <ComplexType Name="place"><Property Name="shelf" Type="Edm.String"/></ComplexType>
  <Function Name="dueWithin" IsBound="true">
    <Parameter Name="loans" Type="Collection(library.loan)"/>
    <Parameter Name="days" Type="Edm.Int32" Nullable="false"/>
    <Parameter Name="reader" Type="Edm.String" Nullable="false"/>
    <Parameter Name="state" Type="library.state" Nullable="false"/>
    <Parameter Name="since" Type="Edm.DateTimeOffset" Nullable="false"/>
    <Parameter Name="page" Type="Edm.Int32"><Annotation Term="Org.OData.Core.V1.OptionalParameter"/></Parameter>
    <ReturnType Type="Collection(library.loan)"/>
  </Function>
  <Function Name="nearest" IsBound="true">
    <Parameter Name="loan" Type="library.loan"/><Parameter Name="place" Type="library.place"/>
    <ReturnType Type="library.loan"/>
  </Function>
  <Function Name="fine" IsBound="true">
    <Parameter Name="loan" Type="library.loan"/><Parameter Name="loanBook" Type="Edm.Int64" Nullable="false"/>
    <ReturnType Type="library.loan"/>
  </Function>
  <EntityContainer Name="Library"><EntitySet Name="loans" EntityType="library.loan"/></EntityContainer>
  <Annotations Target="library.loan">
    <Annotation Term="Org.OData.Capabilities.V1.FilterRestrictions"><Record>
      <PropertyValue Property="Filterable" Bool="true"/>
      <PropertyValue Property="NonFilterableProperties"><Collection><PropertyPath>note</PropertyPath></Collection></PropertyValue>
    </Record></Annotation>
    <Annotation Term="Org.OData.Capabilities.V1.SortRestrictions"><Record>
      <PropertyValue Property="Sortable" Bool="false"/>
    </Record></Annotation>
  </Annotations>
</Schema></edmx:DataServices></edmx:Edmx>"#;

fn library() -> Metadata {
    csdl::parse("library.csdl", LIBRARY).unwrap_or_else(|problems| panic!("{problems}"))
}

fn described(path: &str) -> Described {
    let wanted = DescribeSettings {
        server: "https://library.example/v1".to_owned(),
        paths: vec![path.to_owned()],
    };
    describe(&library(), &wanted).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The operations of the client, as `getLoan GET /loans(…)`.
fn calls(described: Described) -> Vec<String> {
    let settings = Settings::for_description("cargo build");
    let generated = generate_document(described.document, LIBRARY, &settings)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let surface = generated.surface();
    let lines = surface.lines().filter(|line| {
        line.starts_with("operation ")
            || (line.starts_with("parameter ") && line.contains(": path"))
    });
    lines.map(str::to_owned).collect()
}

#[test]
fn a_composite_key_is_written_in_parentheses_in_every_path_below() {
    let loans = calls(described("/loans"));
    let key = "/loans(book='{loanBook}',copy={loanCopy})";
    for expected in [
        format!("operation getLoan: GET {key} -> "),
        format!("operation updateLoan: PATCH {key} -> "),
        format!("operation deleteLoan: DELETE {key} -> "),
    ] {
        assert!(
            loans.iter().any(|line| line.starts_with(&expected)),
            "{loans:#?}"
        );
    }
    assert!(
        loans
            .iter()
            .any(|line| line.starts_with("parameter getLoan.loanBook: path string"))
    );
    assert!(
        loans
            .iter()
            .any(|line| line.starts_with("parameter getLoan.loanCopy: path integer"))
    );
    let notices = described("/loans/notices");
    let unchanged =
        format!("PATCH {key}/notices/{{noticeId}}: it has no property that can be changed");
    assert!(
        notices.left_out.contains(&unchanged),
        "{:?}",
        notices.left_out
    );
    let notices = calls(notices);
    let below = format!("operation getNotice: GET {key}/notices/{{noticeId}} -> ");
    assert!(
        notices.iter().any(|line| line.starts_with(&below)),
        "{notices:#?}"
    );
}

#[test]
fn function_parameters_are_in_the_path_and_unsupported_ones_are_reported() {
    let described = described("/loans");
    let key = "/loans(book='{loanBook}',copy={loanCopy})";
    assert_eq!(
        described.left_out,
        [
            "library.loan/notices leads to Collection(library.notice)".to_owned(),
            "/loans/library.dueWithin: its optional parameter `page`".to_owned(),
            format!(
                "{key}/library.nearest: a function whose parameter `place` cannot be part of a path"
            ),
        ]
    );
    let calls = calls(described);
    let within = "operation dueWithin: GET /loans/library.dueWithin(days={days},reader='{reader}',state='{state}',since={since}) -> ";
    assert!(
        calls.iter().any(|line| line.starts_with(within)),
        "{calls:#?}"
    );
    assert!(
        calls
            .iter()
            .any(|line| line.starts_with("parameter dueWithin.days: path integer"))
    );
    // A name that the path already has is made unique.
    let fine = format!("operation fine: GET {key}/library.fine(loanBook={{loanBook2}}) -> ");
    assert!(
        calls.iter().any(|line| line.starts_with(&fine)),
        "{calls:#?}"
    );
}

const FRAGMENT: &str = r##"openapi: 3.0.3
info: {title: Loans, version: v1}
paths:
  /loans:
    get:
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/loans"}}}}}
  /loans/{id}:
    patch:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/loanUpdate"}}}}
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/library.loan"}}}}}
  /loans/{id}/library.renew:
    post: {responses: {"204": {}}}
  /loans/library.newest():
    get: {responses: {"204": {}}}
components:
  schemas:
    library.loan:
      type: object
      properties:
        book: {type: string, x-graph-filterable: true}
        copy: {type: integer, format: int32}
        due: {type: string, format: date, nullable: true, x-graph-orderable: true}
        note: {type: string, nullable: true, x-graph-filterable: true}
        state:
          allOf:
            - $ref: "#/components/schemas/library.state"
          nullable: true
        notices: {type: array, items: {$ref: "#/components/schemas/library.notice"}}
    library.notice:
      type: object
      properties:
        id: {type: string}
    library.state:
      type: string
      enum: [out, back]
      x-ms-enum:
        name: state
        values:
          - {value: out, x-graph-number: 1}
          - {value: back, x-graph-number: 2}
      x-ms-enum-flags: {isFlags: true}
    loanUpdate:
      type: object
      properties:
        due: {type: string, format: date, nullable: true}
        note: {type: string, nullable: true}
    loans:
      type: object
      properties:
        value: {type: array, items: {$ref: "#/components/schemas/library.loan"}}
"##;

fn fragment() -> Document {
    load::parse("loans.yaml", FRAGMENT).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn restrictions_and_changed_numbers_are_differences_and_edits() {
    let (fragment, metadata) = (fragment(), library());
    let refresh = Refresh::new(&fragment, &metadata);
    let differences = refresh.compare().differences;
    let told = |kind: &str| -> Vec<(String, String)> {
        let found = differences.iter().filter(|found| found.kind == kind);
        found
            .map(|found| {
                let to = found.to.clone().unwrap_or_else(|| found.remark.clone());
                (found.subject.clone(), to)
            })
            .collect()
    };
    let pair = |subject: &str, to: &str| (subject.to_owned(), to.to_owned());
    assert_eq!(
        told("extension-changed"),
        [
            pair("Loan.due", "cannot be ordered by"),
            pair("Loan.note", "cannot be filtered by"),
            pair("State.back", "number 4"),
        ]
    );
    assert_eq!(
        told("property-removed"),
        [pair(
            "LoanUpdate.due",
            "it can only be set when its entity is created"
        )]
    );
    let edits = refresh.edits(&differences, "New.", true);
    let edited =
        edit("loans.yaml", FRAGMENT, &edits).unwrap_or_else(|problems| panic!("{problems}"));
    let again = load::parse("loans.yaml", &edited).unwrap();
    let left: Vec<String> = Refresh::new(&again, &metadata)
        .compare()
        .differences
        .iter()
        .filter(|found| found.kind != "operation-added")
        .map(|found| found.name())
        .collect();
    assert_eq!(left, Vec::<String>::new());
    assert!(edited.contains("book: {type: string, x-graph-filterable: true}"));
    assert!(
        edited.contains("{value: back, x-graph-number: 4}"),
        "{edited}"
    );
}

#[test]
fn an_action_is_the_same_by_its_short_or_full_name() {
    let described = FRAGMENT
        .replace("/library.renew", "/renew")
        .replace("/library.newest()", "/newest");
    let description = load::parse("theirs.yaml", &described).unwrap();
    assert_eq!(operations(&fragment(), &description), []);
    assert_eq!(operations(&description, &fragment()), []);
    let without = described.replace("/loans/{id}/renew", "/loans/{id}/library.extend");
    let description = load::parse("theirs.yaml", &without).unwrap();
    assert_eq!(
        operations(&fragment(), &description),
        [
            ("POST /loans/{}/library.extend".to_owned(), true),
            ("POST /loans/{}/library.renew".to_owned(), false),
        ]
    );
}
