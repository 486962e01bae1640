//! The Cargo feature of a resource encloses the types that it needs, directly or through other types.

#![allow(missing_docs, reason = "a test is documented by its name")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

use graph_client_codegen::{Settings, generate};

const YARD: &str = r##"
openapi: 3.0.3
info: {title: Yard, version: "1"}
paths:
  /cartons:
    get: {operationId: listCartons, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/carton"}}}}}}
  /tins:
    get: {operationId: listTins, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/tin"}}}}}}
  /jars:
    get: {operationId: listJars, responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/jar"}}}}}}
components:
  schemas:
    carton: {type: object, properties: {lid: {$ref: "#/components/schemas/lid"}}}
    tin: {type: object, properties: {lid: {$ref: "#/components/schemas/lid"}, key: {$ref: "#/components/schemas/key"}}}
    jar: {type: object, properties: {maker: {$ref: "#/components/schemas/maker"}}}
    lid: {type: object, properties: {maker: {$ref: "#/components/schemas/maker"}}}
    key: {type: object, properties: {maker: {$ref: "#/components/schemas/maker"}, shape: {$ref: "#/components/schemas/shape"}}}
    shape: {type: string, enum: [flat, round]}
    maker: {type: object, properties: {name: {type: string}}}
"##;

/// The condition of an item: the `cfg` between its documentation and itself.
fn gate(files: &str, item: &str) -> Option<String> {
    let start = files
        .find(item)
        .unwrap_or_else(|| panic!("no {item:?} in {files}"));
    let line = files[..start].rfind('\n').map_or(0, |end| end + 1);
    let above = files[..line].lines().rev();
    let attributes = above.take_while(|line| line.trim_start().starts_with("#["));
    attributes
        .filter_map(|line| line.trim().strip_prefix("#[cfg(")?.strip_suffix(")]"))
        .map(str::to_owned)
        .next()
}

#[test]
fn a_type_is_available_with_each_resource_that_needs_it() {
    let mut settings = Settings::for_description("cargo test");
    settings.resources = true;
    let generated = generate("yard.yaml", YARD, &settings).unwrap();
    let files: String = generated
        .files()
        .iter()
        .map(|file| file.text.as_str())
        .collect();
    for (item, condition) in [
        ("pub struct Carton ", Some(r#"feature = "cartons""#)),
        ("pub struct Tin ", Some(r#"feature = "tins""#)),
        ("pub struct Key ", Some(r#"feature = "tins""#)),
        ("pub enum Shape ", Some(r#"feature = "tins""#)),
        ("runtime::object!(Key", Some(r#"feature = "tins""#)),
        (
            "pub struct Lid ",
            Some(r#"any(feature = "cartons", feature = "tins")"#),
        ),
        // Every resource needs it.
        ("pub struct Maker ", None),
        ("fn list_jars<", Some(r#"feature = "jars""#)),
    ] {
        assert_eq!(gate(&files, item).as_deref(), condition, "{item}");
    }
}
