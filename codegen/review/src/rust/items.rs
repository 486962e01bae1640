//! The public items of the client that would be generated from a description.

use std::collections::BTreeMap;

use graph_client_codegen::plan::Plan;
pub(crate) use graph_client_codegen::plan::items::ItemMember;

/// A public item by what identifies it.
pub(crate) type Items = BTreeMap<Key, Described>;

/// What identifies an item: the type that it belongs to, and its name there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// The type, or the client.
    pub(crate) container: String,
    pub(crate) member: ItemMember,
}

/// How an item looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Described {
    /// What users see of it.
    pub(crate) text: String,
    pub(crate) deprecated: bool,
}

/// The public items of a plan.
pub(super) fn of(plan: &Plan) -> Items {
    let items = plan.items().into_iter().map(|item| {
        let key = Key {
            container: item.container,
            member: item.member,
        };
        let described = Described {
            text: item.text,
            deprecated: item.deprecated,
        };
        (key, described)
    });
    items.collect()
}
