//! What the type tree's completion promises that no generated item shows: locations.

use super::*;
use crate::csdl;
use crate::load::parse;

const TEXT: &str = r##"
openapi: 3.0.3
info: {title: Post, version: "1"}
paths:
  /letters:
    get: {operationId: letters_GetLetter, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/post.part"}}}}}}
components:
  schemas:
    post.part: {type: object, properties: {name: {type: string}}}
"##;

const MODEL: &str = r#"<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices>
  <Schema Namespace="post" xmlns="http://docs.oasis-open.org/odata/ns/edm">
    <ComplexType Name="part"><Property Name="name" Type="Edm.String" Nullable="false" /></ComplexType>
    <ComplexType Name="photo" BaseType="post.part">
      <Property Name="widths" Type="Collection(Edm.Int32)" Nullable="false" />
      <Property Name="place" Type="post.part" />
    </ComplexType>
  </Schema>
</edmx:DataServices></edmx:Edmx>"#;

fn positions(node: &Node, found: &mut Vec<Position>) {
    found.push(node.position);
    for entry in node.entries() {
        found.push(entry.key_position);
        positions(&entry.node, found);
    }
    for item in node.as_sequence().unwrap_or_default() {
        positions(item, found);
    }
}

#[test]
fn everything_in_an_added_type_is_located_at_the_list_that_it_was_added_to() {
    let mut document = parse("post.yaml", TEXT).unwrap();
    let metadata = csdl::parse("post.csdl", MODEL).unwrap();
    let settings = Settings::for_description("cargo test").metadata(metadata);
    let mut report = Report::new("post.yaml");
    complete(&mut document, &settings, &mut report);
    let schemas = document.root.pointer("#/components/schemas").unwrap();
    let photo = schemas.get("post.photo").unwrap();
    assert!(photo.get("allOf").is_some(), "{photo:?}");
    let mut found = Vec::new();
    positions(photo, &mut found);
    assert!(found.len() > 8);
    assert!(found.iter().all(|position| *position == schemas.position));
    let mut remarks = report.remarks();
    let added = remarks.find(|remark| remark.subject.contains("photo"));
    assert_eq!(added.unwrap().position, Some(schemas.position));
}

#[test]
fn a_family_that_is_too_large_is_not_told_apart() {
    for (count, is_told_apart) in [
        (1, true),
        (LARGEST_FAMILY, true),
        (LARGEST_FAMILY + 1, false),
    ] {
        let subtypes: String = (0..count)
            .map(|index| {
                let base = r##"{$ref: "#/components/schemas/post.part"}"##;
                format!("    post.photo{index}: {{allOf: [{base}, {{type: object}}]}}\n")
            })
            .collect();
        let mut document = parse("post.yaml", &format!("{TEXT}{subtypes}")).unwrap();
        let settings = Settings::for_description("cargo test");
        let mut report = Report::new("post.yaml");
        complete(&mut document, &settings, &mut report);
        let part = document.root.pointer("#/components/schemas/post.part");
        assert_eq!(
            is_told_apart,
            super::is_told_apart(part.unwrap()),
            "{count}"
        );
    }
}
