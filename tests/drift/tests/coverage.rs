//! Every operation and property of the fragment has its counterpart in the client, and the reverse.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::collections::BTreeSet;
use std::fs;

use graph_client_codegen::model::{Kind, Model, Usage};
use graph_client_codegen::{lower, read};
use graph_incidents_drift::{files_below, root};
use quote::ToTokens;
use syn::{ImplItem, Item};
use xtask::regen::GENERATED;
use xtask::workspace::{FRAGMENT, Workspace};

fn model() -> Model {
    read(FRAGMENT, &Workspace::at(&root()).fragment().unwrap(), &[])
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// Every item of the generated modules on disk.
fn generated() -> Vec<Item> {
    files_below(&root().join(GENERATED))
        .unwrap()
        .iter()
        .flat_map(|path| {
            syn::parse_file(&fs::read_to_string(path).unwrap())
                .unwrap()
                .items
        })
        .collect()
}

/// The public methods of the generated `impl Client`.
fn client_methods() -> BTreeSet<String> {
    let mut methods = BTreeSet::new();
    for item in generated() {
        if let Item::Impl(block) = item
            && block.self_ty.to_token_stream().to_string() == "Client"
        {
            for member in block.items {
                if let ImplItem::Fn(function) = member {
                    methods.insert(function.sig.ident.to_string());
                }
            }
        }
    }
    methods
}

/// `Type.property`, by the names on the wire, of every table and every request body.
fn client_properties() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in generated() {
        match item {
            Item::Macro(item) => {
                let name = item.mac.path.segments.last().unwrap().ident.to_string();
                if name == "object" || name == "object_base" {
                    table(&item.mac.tokens, &mut found);
                }
            }
            Item::Struct(item) => {
                for field in &item.fields {
                    for attribute in field
                        .attrs
                        .iter()
                        .filter(|attribute| attribute.path().is_ident("serde"))
                    {
                        let text = attribute.to_token_stream().to_string();
                        if let Some((_, rest)) = text.split_once("rename = \"") {
                            let wire = rest.split('"').next().unwrap();
                            found.insert(format!("{}.{wire}", item.ident));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// `Incident { alerts: "alerts", … }`
fn table(tokens: &proc_macro2::TokenStream, found: &mut BTreeSet<String>) {
    let mut tokens = tokens.clone().into_iter();
    let owner = tokens.next().unwrap().to_string();
    let Some(proc_macro2::TokenTree::Group(entries)) = tokens.last() else {
        panic!("the table of {owner} has no entries");
    };
    for token in entries.stream() {
        if let proc_macro2::TokenTree::Literal(literal) = token {
            found.insert(format!("{owner}.{}", literal.to_string().trim_matches('"')));
        }
    }
}

/// The same of the fragment. Errors are read by the runtime, pages by a type of their own.
fn spec_properties(model: &Model) -> BTreeSet<String> {
    let errors = Usage::of(model).errors;
    let mut expected = BTreeSet::new();
    for (type_name, schema) in &model.schemas {
        if let Kind::Object(object) = &schema.kind
            && !errors.contains(type_name)
        {
            let owner = match model.is_polymorphic(type_name) {
                true => lower::base_type_name(type_name),
                false => type_name.clone(),
            };
            for property in model.struct_properties(type_name, object) {
                expected.insert(format!("{owner}.{}", property.name));
            }
        }
    }
    expected
}

#[test]
fn every_operation_is_a_method_and_every_method_an_operation() {
    let expected: BTreeSet<String> = model()
        .operations
        .iter()
        .map(|operation| operation.method_name.clone())
        .collect();
    assert_eq!(expected.len(), 8);
    assert_eq!(client_methods(), expected);
}

#[test]
fn every_property_is_a_field_and_every_field_a_property() {
    let (expected, found) = (spec_properties(&model()), client_properties());
    assert!(expected.len() > 400, "{}", expected.len());
    let missing: Vec<_> = expected.difference(&found).collect();
    let invented: Vec<_> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "not in the client: {missing:?}\nnot in the fragment: {invented:?}"
    );
}

#[test]
fn the_fragment_has_the_whole_surface() {
    let model = model();
    let properties = |name: &str| model.flattened(model.object(name).unwrap()).len();
    // 22 properties and id, 35 properties and id; each has its `@odata.type` besides.
    assert_eq!(properties("Incident"), 24);
    assert_eq!(properties("Alert"), 37);
    let evidence = model.object("AlertEvidence").unwrap();
    assert_eq!(evidence.discriminator.as_ref().unwrap().mapping.len(), 48);
    assert_eq!(properties("IncidentUpdate"), 10);
}
