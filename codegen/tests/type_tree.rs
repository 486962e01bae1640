//! Types that a description omits come from the service's own data model, or from its `allOf`.

#![allow(missing_docs, reason = "a test is documented by its name")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

use graph_client_codegen::marks::Marks;
use graph_client_codegen::{Settings, csdl, generate};

const TEXT: &str = r##"
openapi: 3.0.3
info: {title: Post, version: "1"}
paths:
  /letters/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: letters_GetLetter, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/post.letter"}}}}}}
    patch: {operationId: letters_UpdateLetter, requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/post.letter"}}}}, responses: {"204": {description: d}}}
    post: {operationId: letters_CreateLetter, requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/post.letter"}}}}, responses: {"204": {description: d}}}
components:
  schemas:
    post.letter:
      type: object
      properties:
        number: {type: string}
        sentDateTime: {type: string, format: date-time}
        sender: {$ref: "#/components/schemas/post.person"}
        stamp: {$ref: "#/components/schemas/post.stamp"}
        weight: {type: integer, nullable: true}
        enclosures: {type: array, items: {$ref: "#/components/schemas/post.enclosure"}}
    post.stamp: {type: object, properties: {value: {type: integer}}}
    post.enclosure: {type: object, properties: {name: {type: string}}}
    post.photo: {allOf: [{$ref: "#/components/schemas/post.enclosure"}, {type: object, properties: {width: {type: integer}}}]}
    post.person: {type: object, properties: {name: {type: string}}}
    post.customer: {allOf: [{$ref: "#/components/schemas/post.person"}, {type: object, properties: {since: {type: string}}}]}
"##;

const MODEL: &str = r#"<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">
  <edmx:DataServices>
    <Schema Namespace="post" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <ComplexType Name="stamp"><Property Name="value" Type="Edm.Int32" /></ComplexType>
      <ComplexType Name="enclosure" Abstract="true"><Property Name="name" Type="Edm.String" /></ComplexType>
      <ComplexType Name="photo" BaseType="post.enclosure"><Property Name="width" Type="Edm.Int32" /></ComplexType>
      <ComplexType Name="person"><Property Name="name" Type="Edm.String" /></ComplexType>
      <ComplexType Name="customer" BaseType="post.person"><Property Name="since" Type="Edm.String" /></ComplexType>
      <EntityType Name="letter">
        <Key><PropertyRef Name="number" /></Key>
        <Property Name="number" Type="Edm.String" Nullable="false" />
        <Property Name="sentDateTime" Type="Edm.DateTimeOffset" />
        <Property Name="sender" Type="post.person" Nullable="false" />
        <Property Name="stamp" Type="post.stamp" />
        <Property Name="weight" Type="Edm.Int32" Nullable="false" />
        <Property Name="enclosures" Type="Collection(post.enclosure)" />
      </EntityType>
      <Annotations Target="post.letter/sentDateTime"><Annotation Term="Org.OData.Core.V1.Computed" Bool="true" /></Annotations>
      <Annotations Target="post.letter/number"><Annotation Term="Org.OData.Core.V1.Immutable" Bool="true" /></Annotations>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>"#;

fn surface(settings: Settings) -> String {
    let generated = generate("post.yaml", TEXT, &settings);
    let generated = generated.unwrap_or_else(|problems| panic!("{problems}"));
    generated.plan().surface()
}

fn with_model() -> String {
    let metadata = csdl::parse("post.csdl", MODEL).unwrap();
    surface(Settings::for_description("cargo test").metadata(metadata))
}

#[track_caller]
fn has(surface: &str, line: &str) {
    assert!(
        surface.lines().any(|known| known == line),
        "{line} in:\n{surface}"
    );
}

#[test]
fn an_abstract_type_is_an_enum_over_its_types() {
    let surface = with_model();
    has(&surface, "pub enum Enclosure");
    has(&surface, "Enclosure::Photo(Box<Photo>)");
    has(
        &surface,
        "Enclosure::Other(Box<runtime::Other<EnclosureBase>>)",
    );
    has(&surface, "pub Letter::enclosures: Option<Vec<Enclosure>>");
}

#[test]
fn subtypes_that_only_the_metadata_has_are_added() {
    let model = MODEL.replace(
        "      <ComplexType Name=\"person\">",
        "      <ComplexType Name=\"drawing\" BaseType=\"post.enclosure\"><Property Name=\"artist\" Type=\"post.person\" /><Property Name=\"frame\" Type=\"post.frame\" /></ComplexType>\n      <ComplexType Name=\"frame\"><Property Name=\"wood\" Type=\"Edm.String\" /></ComplexType>\n      <ComplexType Name=\"person\">",
    );
    let metadata = csdl::parse("post.csdl", &model).unwrap();
    let surface = surface(Settings::for_description("cargo test").metadata(metadata));
    has(&surface, "Enclosure::Drawing(Box<Drawing>)");
    has(&surface, "pub Drawing::artist: Option<Person>");
    // A type that the description does not name stays unknown.
    has(&surface, "pub Drawing::frame: Option<JsonMap>");
}

#[test]
fn a_concrete_base_converts_to_its_subtypes_with_or_without_metadata() {
    for surface in [
        with_model(),
        surface(Settings::for_description("cargo test")),
    ] {
        has(&surface, "pub struct Person");
        has(
            &surface,
            "pub fn Person::to_customer(&self) -> Option<Customer>",
        );
    }
}

/// A base that extends another has its discriminator in a part of its `allOf`; a selection may omit its subtypes.
#[test]
fn a_base_that_no_value_has_is_not_told_apart() {
    let enclosures = "enclosures: {type: array, items: {$ref: \"#/components/schemas/post.";
    let text = TEXT.replace(
        &format!("{enclosures}enclosure"),
        &format!("{enclosures}photo"),
    );
    let generated = generate("post.yaml", &text, &Settings::for_description("cargo test"));
    let surface = generated.unwrap().plan().surface();
    has(&surface, "pub Letter::enclosures: Option<Vec<Photo>>");
    has(&surface, "pub Photo::name: Option<String>");
    assert!(!surface.contains("to_photo"), "{surface}");
    // Another name for the base is a use of it.
    let text = text.replace(
        "enclosures: ",
        "cover: {$ref: \"#/components/schemas/post.sheet\"}\n        enclosures: ",
    ) + "    post.sheet: {allOf: [{$ref: \"#/components/schemas/post.enclosure\"}]}\n";
    let generated = generate("post.yaml", &text, &Settings::for_description("cargo test"));
    let surface = generated.unwrap().plan().surface();
    has(
        &surface,
        "pub fn Enclosure::to_photo(&self) -> Option<Photo>",
    );
}

#[test]
fn a_selection_keeps_the_needed_part_of_a_union() {
    let text = TEXT
        .replace("post.person: {type: object, properties: {name: {type: string}}}", "post.thing: {type: object, properties: {id: {type: string}}}\n    post.person: {allOf: [{$ref: \"#/components/schemas/post.thing\"}, {type: object, properties: {name: {type: string}}}]}\n    post.employee: {allOf: [{$ref: \"#/components/schemas/post.person\"}, {type: object, properties: {desk: {type: string}}}]}")
        .replace("components:\n", "  /customers: {get: {operationId: customers_Get, responses: {\"200\": {description: d, content: {application/json: {schema: {$ref: \"#/components/schemas/post.customer\"}}}}}}}\ncomponents:\n");
    let selection = graph_client_codegen::select::Selection::new().path("^/customers$");
    let settings = Settings::for_description("cargo test").select(selection);
    let generated = generate("post.yaml", &text, &settings);
    let generated = generated.unwrap_or_else(|problems| panic!("{problems}"));
    let surface = generated.plan().surface();
    has(&surface, "pub struct Customer");
    assert!(!surface.contains("Employee"), "{surface}");
}

#[test]
fn deprecated_items_cause_no_warnings_in_generated_code() {
    let text = TEXT.replace(
        "post.stamp: {type: object,",
        "post.stamp: {type: object, deprecated: true,",
    );
    let generated = generate("post.yaml", &text, &Settings::for_description("cargo test"));
    let generated = generated.unwrap_or_else(|problems| panic!("{problems}"));
    for file in generated
        .files()
        .iter()
        .filter(|file| file.path != "mod.rs")
    {
        assert!(file.text.contains("#![allow(deprecated"), "{}", file.path);
    }
}

#[test]
fn an_update_has_what_the_metadata_lets_a_caller_change() {
    let surface = with_model();
    assert!(
        !surface.contains("LetterUpdate::sent_date_time"),
        "{surface}"
    );
    assert!(!surface.contains("LetterUpdate::number"), "{surface}");
    has(&surface, "pub LetterCreate::number: Option<String>");
    // Null is refused only if the metadata forbids it, and only in requests.
    has(&surface, "pub LetterUpdate::stamp: Change<Stamp>");
    has(&surface, "pub LetterUpdate::sender: Option<Person>");
    has(&surface, "pub LetterUpdate::weight: Option<i64>");
    has(&surface, "pub Letter::weight: Option<i64>");
    has(&surface, "pub fn LetterCreate::new() -> Self");
}

#[test]
fn marks_of_the_user_count_like_those_of_the_document() {
    let marks = Marks::default()
        .read_only("letter.weight")
        .immutable("post.letter.stamp")
        .required("letter.number")
        .repeatable("letters_CreateLetter");
    let surface = surface(Settings::for_description("cargo test").marks(marks));
    assert!(!surface.contains("LetterUpdate::weight"), "{surface}");
    assert!(!surface.contains("LetterUpdate::stamp"), "{surface}");
    has(&surface, "pub LetterCreate::stamp: Option<Stamp>");
    has(
        &surface,
        "pub fn LetterCreate::new(number: impl Into<String>) -> Self",
    );
}

#[test]
fn a_mark_that_matches_nothing_is_an_error_with_similar_names() {
    let marks = Marks::default()
        .read_only("letter.wieght")
        .repeatable("PATCH /letter/{id}");
    let settings = Settings::for_description("cargo test").marks(marks);
    let problems = generate("post.yaml", TEXT, &settings)
        .unwrap_err()
        .to_string();
    assert!(problems.contains("letter.weight"), "{problems}");
    assert!(problems.contains("PATCH /letters/{id}"), "{problems}");
}
