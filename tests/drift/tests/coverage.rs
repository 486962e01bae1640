//! Every operation, property and member of the fragment is in the plan of the client, and vice versa.
//!
//! `surfaces.rs` checks that the finished crate matches the plan.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::collections::BTreeSet;

use graph_client_codegen::load::{self, Node};
use graph_client_codegen::model::{Kind, Model};
use graph_client_codegen::plan::{Plan, Roles};
use graph_client_codegen::read;
use graph_incidents_drift::root;
use xtask::workspace::{FRAGMENT, Workspace};

fn fragment() -> String {
    Workspace::at(&root()).fragment().unwrap()
}

fn model() -> Model {
    read(FRAGMENT, &fragment(), &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Asserts that two sets are equal, and names what is in only one of them.
fn assert_same(fragment: &BTreeSet<String>, client: &BTreeSet<String>) {
    assert!(!fragment.is_empty(), "the fragment was not understood");
    let missing: Vec<_> = fragment.difference(client).collect();
    let invented: Vec<_> = client.difference(fragment).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "not in the client: {missing:?}\nnot in the fragment: {invented:?}"
    );
}

#[test]
fn operations_and_methods_correspond() {
    let document = load::parse(FRAGMENT, &fragment()).unwrap();
    let ids = document
        .root
        .get("paths")
        .unwrap()
        .entries()
        .iter()
        .flat_map(|path| path.node.entries())
        .filter_map(|operation| operation.node.get("operationId").and_then(Node::as_str));
    let plan = Plan::of(&model());
    let methods = plan.requests.iter().map(|item| item.operation_id.clone());
    assert_same(&ids.map(str::to_owned).collect(), &methods.collect());
}

#[test]
fn properties_and_fields_correspond() {
    let model = model();
    let errors = Roles::of(&model).errors;
    let mut expected = BTreeSet::new();
    for (name, schema) in &model.schemas {
        if let Kind::Object(object) = &schema.kind
            && !errors.contains(name)
        {
            let properties = model.struct_properties(name, object).into_iter();
            expected
                .extend(properties.map(|property| format!("{}.{}", schema.name, property.name)));
        }
    }
    let plan = Plan::of(&model);
    let mut found = BTreeSet::new();
    for item in plan.structs() {
        let fields = item.fields.iter();
        found.extend(fields.map(|field| format!("{}.{}", item.schema, field.wire)));
    }
    for item in &plan.bodies {
        let fields = item.fields.iter();
        found.extend(fields.map(|body| format!("{}.{}", item.schema, body.field.wire)));
    }
    assert_same(&expected, &found);
}

#[test]
fn members_and_variants_correspond() {
    let model = model();
    let expected = model.schemas.values().flat_map(|schema| {
        let members = match &schema.kind {
            Kind::Enumeration(enumeration) => enumeration.members.as_slice(),
            _ => &[],
        };
        let names = members.iter();
        names.map(move |member| format!("{}.{}", schema.type_name, member.value))
    });
    let plan = Plan::of(&model);
    let found = plan.enumerations.iter().flat_map(|item| {
        let members = item.members.iter();
        members.map(move |member| format!("{}.{}", item.name, member.wire))
    });
    assert_same(&expected.collect(), &found.collect());
}

#[test]
fn every_tag_of_a_union_has_its_type() {
    let model = model();
    let plan = Plan::of(&model);
    for union in &plan.unions {
        let object = model.object(&union.name).unwrap();
        let mapping = &object.discriminator.as_ref().unwrap().mapping;
        let found = union
            .variants
            .iter()
            .map(|variant| (variant.tag.clone(), variant.type_name.clone()));
        assert_eq!(*mapping, found.collect());
    }
    assert!(!plan.unions.is_empty());
}
