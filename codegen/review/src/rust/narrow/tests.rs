//! What is left out makes no difference to what differs.

use super::super::items::{self, Items};
use super::*;
use graph_client_codegen::generate;
use graph_client_codegen::harden::Host;
use graph_client_codegen::model::{Object, Shape};

const FRAGMENT: &str = include_str!("../../../../../spec/incidents.yaml");

fn items(model: &Model, usage: &Usage) -> Items {
    let modules = generate::modules("fragment", model, usage, &Host::Runtime).unwrap();
    items::of(&modules).unwrap()
}

/// Keys and texts that only one of the two has.
fn difference(old: &Items, new: &Items) -> Vec<String> {
    let only = |sign: char, these: &Items, those: &Items| {
        let items = these
            .iter()
            .filter(|(key, item)| those.get(key) != Some(item));
        items
            .map(|(key, item)| format!("{sign} {key:?} {item:?}"))
            .collect::<Vec<_>>()
    };
    [only('-', old, new), only('+', new, old)].concat()
}

fn object<'m>(model: &'m mut Model, name: &str) -> &'m mut Object {
    match &mut model.schemas.get_mut(name).unwrap().kind {
        Kind::Object(object) => object,
        other => panic!("{name} is {other:?}"),
    }
}

fn enumeration<'m>(
    model: &'m mut Model,
    name: &str,
) -> &'m mut graph_client_codegen::model::Enumeration {
    match &mut model.schemas.get_mut(name).unwrap().kind {
        Kind::Enumeration(enumeration) => enumeration,
        other => panic!("{name} is {other:?}"),
    }
}

/// A property of a type of its own is boxed where it closes a circle.
fn circle(model: &mut Model) {
    let mut property = object(model, "VmMetadata").properties[0].clone();
    property.name = "device".to_owned();
    property.field_name = "device".to_owned();
    property.shape = Shape::Named("DeviceEvidence".to_owned());
    object(model, "VmMetadata").properties.push(property);
}

type Edit = fn(&mut Model);

const EDITS: [(&str, Edit); 19] = [
    ("nothing", |_| {}),
    ("a property of a struct is gone", |model| {
        object(model, "Incident").properties.remove(3);
    }),
    ("a property of a family is gone", |model| {
        object(model, "AlertEvidence").properties.remove(1);
    }),
    ("a property of a subtype has another type", |model| {
        object(model, "DeviceEvidence").properties[0].shape = Shape::Integer64;
    }),
    ("a property of a nested object is a list", |model| {
        object(model, "UserAccount").properties[0].shape = Shape::List(Box::new(Shape::Text));
    }),
    ("a body may hold another text", |model| {
        object(model, "IncidentUpdate").properties[0].nullable ^= true;
    }),
    ("a member is gone", |model| {
        enumeration(model, "AlertDetermination").members.remove(2);
    }),
    (
        "an enumeration that bodies hold has no guard left",
        |model| {
            for member in &mut enumeration(model, "IncidentStatus").members {
                member.guarded = None;
            }
        },
    ),
    ("an enumeration becomes flags", |model| {
        enumeration(model, "AlertSeverity").flags = true;
    }),
    ("a page holds something else", |model| {
        let pages = model.schemas.values_mut();
        for schema in pages.filter(|schema| schema.name == "IncidentCollection") {
            schema.kind = Kind::Page(Shape::Named("UserAccount".to_owned()));
        }
    }),
    ("an operation has another name", |model| {
        model.operations[0].method_name = "list_everything".to_owned();
    }),
    ("an operation is gone", |model| {
        model.operations.pop();
    }),
    (
        "an operation that answers with an object is gone",
        |model| {
            model
                .operations
                .retain(|operation| operation.id != "getIncident");
        },
    ),
    ("an operation that answers with a page is gone", |model| {
        model
            .operations
            .retain(|operation| operation.id != "listIncidents");
    }),
    ("what another inherits is gone", |model| {
        object(model, "VmMetadata").properties.remove(0);
    }),
    ("what inherits has less of its own", |model| {
        object(model, "RecommendedHuntingQuery")
            .properties
            .remove(0);
    }),
    ("a base that is complete by itself has less", |model| {
        object(model, "Alert").properties.remove(2);
    }),
    ("a subtype leaves its family", |model| {
        object(model, "DeviceEvidence").base = None;
    }),
    ("a circle is closed", circle),
];

#[test]
fn what_is_left_out_makes_no_difference() {
    let mut base = generate::read("fragment", FRAGMENT, &[]).unwrap();
    // A base that does not name its subtypes, which the fragment has none of.
    object(&mut base, "RecommendedHuntingQuery").base = Some("VmMetadata".to_owned());
    let base_usage = Usage::of(&base);
    let whole_base = items(&base, &base_usage);
    let (one, other) = EDITS.split_at(EDITS.len() / 2);
    std::thread::scope(|scope| {
        for edits in [one, other] {
            let (base, base_usage, whole_base) = (&base, &base_usage, &whole_base);
            scope.spawn(move || {
                for (name, edit) in edits {
                    let (mut old, mut new) = (base.clone(), base.clone());
                    edit(&mut new);
                    let usage = Usage::of(&new);
                    let expected = difference(whole_base, &items(&new, &usage));
                    assert_eq!(expected.is_empty(), *name == "nothing", "{name}");
                    narrow((&mut old, base_usage), (&mut new, &usage));
                    let found = difference(&items(&old, base_usage), &items(&new, &usage));
                    assert_eq!(found, expected, "{name}");
                }
            });
        }
    });
}

#[test]
fn a_change_of_one_struct_generates_little_else() {
    let mut old = generate::read("fragment", FRAGMENT, &[]).unwrap();
    let mut new = old.clone();
    object(&mut new, "ResourceAccessEvent").properties.remove(0);
    let usage = Usage::of(&old);
    narrow((&mut old, &usage), (&mut new, &usage));
    assert!(old.operations.is_empty());
    assert_eq!(
        old.schemas.keys().collect::<Vec<_>>(),
        ["ResourceAccessEvent"]
    );
}
