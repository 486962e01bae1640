//! Edits of enumerations, and the expected finding of each.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;

use crate::edits::{Edit, at, edit, found};

/// Members of enumerations: `state` may grow and is part of requests and responses, `urgency` is closed and only in
/// responses.
pub(crate) fn member() -> impl Strategy<Value = Edit> {
    ("zz[a-z]{4,8}", any::<bool>(), any::<Index>()).prop_map(|(name, open, index)| {
        let (schema, type_name, axis) = match open {
            true => ("desk.state", "State", "compatible/additive"),
            false => ("desk.urgency", "Urgency", "breaking/additive"),
        };
        let back = if open {
            "breaking/breaking"
        } else {
            "compatible/breaking"
        };
        let pointer = format!("/components/schemas/{schema}/enum");
        let there = found(
            axis,
            format!("enum-member-added {type_name}.{name}: +{name}"),
        );
        let back = found(
            back,
            format!("enum-member-removed {type_name}.{name}: -{name}"),
        );
        edit(
            schema,
            move |document| {
                let members = at(document, &pointer).as_array_mut().unwrap();
                let place = index.index(members.len() + 1);
                members.insert(place, json!(name));
            },
            there,
            back,
        )
    })
}

pub(crate) fn renamed_member() -> impl Strategy<Value = Edit> {
    select(vec![
        ("desk.state", "State", "fresh", "breaking"),
        ("desk.state", "State", "waiting", "breaking"),
        ("desk.urgency", "Urgency", "middle", "breaking"),
    ])
    .prop_map(|(schema, type_name, old, wire)| {
        let new = format!("{old}Now");
        let pointer = format!("/components/schemas/{schema}/enum");
        let axes = format!("{wire}/breaking");
        let there = found(
            &axes,
            format!("enum-member-renamed {type_name}.{new}: {old} -> {new}"),
        );
        let back = found(
            &axes,
            format!("enum-member-renamed {type_name}.{old}: {new} -> {old}"),
        );
        edit(
            schema,
            move |document| {
                for member in at(document, &pointer).as_array_mut().unwrap() {
                    if member == old {
                        *member = json!(new);
                    }
                }
            },
            there,
            back,
        )
    })
}

pub(crate) fn openness() -> impl Strategy<Value = Edit> {
    Just(()).prop_map(|()| {
        edit(
            "desk.urgency",
            |document| {
                at(document, "/components/schemas/desk.urgency")["x-ms-enum"] =
                    json!({"modelAsString": true})
            },
            "breaking/none enum-opened Urgency: closed -> open",
            "compatible/none enum-closed Urgency: open -> closed",
        )
    })
}
