//! The public items of the client that would be generated from a description.

use std::collections::{BTreeMap, HashMap};

use graph_client_codegen::plan::Plan;
pub(crate) use graph_client_codegen::plan::items::ItemMember;

/// A public item with its identity.
pub(crate) type Items = BTreeMap<Key, Described>;

/// The identity of an item: the type that it belongs to, and its name there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    /// The type, or the client.
    pub(crate) container: String,
    pub(crate) member: ItemMember,
}

/// The form of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Described {
    /// The part that users see.
    pub(crate) text: String,
    pub(crate) deprecated: bool,
}

/// Every public item of a plan, with its identity.
pub(super) type Listed = Vec<(Key, Described)>;

/// The public items of a plan.
pub(super) fn of(plan: &Plan) -> Listed {
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

/// The items that differ between the sides, and those that a new name changes. In a large description, nearly all are
/// the same: only these few are worth sorting.
pub(super) fn that_differ(
    old: &Listed,
    new: &Listed,
    is_renamed: impl Fn(&Key, &Described) -> bool,
) -> (Items, Items) {
    let (old, new) = (by_key(old), by_key(new));
    (kept(&old, &new, &is_renamed), kept(&new, &old, &is_renamed))
}

fn by_key(items: &Listed) -> HashMap<&Key, &Described> {
    items
        .iter()
        .map(|(key, described)| (key, described))
        .collect()
}

fn kept(
    items: &HashMap<&Key, &Described>,
    others: &HashMap<&Key, &Described>,
    is_renamed: impl Fn(&Key, &Described) -> bool,
) -> Items {
    let differs = |key: &Key, described: &Described| {
        others.get(key) != Some(&described) || is_renamed(key, described)
    };
    items
        .iter()
        .filter(|(key, described)| differs(key, described))
        .map(|(key, described)| ((*key).clone(), (*described).clone()))
        .collect()
}
