//! How much of progenitor's functions each rule keeps, and operations that progenitor refuses.

#![allow(missing_docs, reason = "a test is documented by its name")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

use graph_client_codegen::{Generated, Settings, generate};

const FRAGMENT: &str = include_str!("../../spec/incidents.yaml");

fn generated(text: &str) -> Generated {
    let settings = Settings::for_description("cargo test");
    generate("fragment.yaml", text, &settings).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn nine_tenths_of_progenitor_s_request_code_are_kept_unchanged() {
    let generated = generated(FRAGMENT);
    let origins = generated.origins();
    for (rule, share) in &origins.shares {
        let rule = if rule.is_empty() { "all rules" } else { rule };
        println!(
            "{rule}: {} of {} tokens stand, {} %",
            share.stayed,
            share.came,
            share.percent()
        );
    }
    let (_, all) = &origins.shares[0];
    assert!(all.came > 1_000 && all.percent() >= 90, "{all:?}");
    assert_eq!(origins.own, [], "operations whose functions are our own");
}

/// A path that progenitor would write differently.
const TWO_SLASHES: &str = r#"
openapi: 3.0.3
info: {title: Tags, version: "1"}
paths:
  /tags//all:
    get:
      operationId: listTags
      responses: {"204": {description: Nothing.}}
  /tags:
    delete:
      operationId: deleteTags
      parameters:
        - {name: If-Match, in: header, required: true, schema: {type: string}}
        - {name: $filter, in: query, schema: {type: string}}
      responses: {"204": {description: Nothing.}}
"#;

#[test]
fn operations_that_progenitor_gets_wrong_have_our_own_function_and_are_counted() {
    let generated = generated(TWO_SLASHES);
    let own = &generated.origins().own;
    assert_eq!(own.len(), 1, "{own:?}");
    let (operation, reason) = &own[0];
    assert_eq!(operation, "listTags");
    assert!(reason.contains("path"), "{reason}");
    let text = generated.single_file();
    assert!(text.contains("{}/tags//all"), "{text}");
}
