//! Which feature an item belongs to, and how that is written.

use super::*;

#[test]
fn a_resource_is_named_after_the_first_two_path_segments() {
    for (path, expected) in [
        ("/tags", "tags"),
        ("/tags/{tagId}", "tags"),
        (
            "/users/{user-id}/messages/{message-id}/$value",
            "users-messages",
        ),
        (
            "/security/alerts_v2/microsoft.graph.security.moveAlerts",
            "security-alerts-v2",
        ),
        ("/users/delta()", "users"),
        ("/users(userPrincipalName='{upn}')/manager", "users-manager"),
        ("/drives/{id}/root:/{path}:/content", "drives-root"),
        ("/users/$count", "users"),
        ("/{id}", "root"),
        ("/all", "all-resource"),
        ("/default", "default-resource"),
    ] {
        assert_eq!(feature(path), expected, "{path}");
    }
}

#[test]
fn an_item_belongs_to_the_type_that_it_defines_or_extends() {
    let known = ["Box", "Lid", "Client"].map(str::to_owned).into();
    for (item, owner) in [
        ("struct Box { lid: Lid }", Some("Box")),
        ("impl Lid { fn of(this: Box) -> Self {} }", Some("Lid")),
        ("impl From<Lid> for Box {}", Some("Box")),
        // Of a type that is defined elsewhere: the first one that is known.
        ("impl Show for Vec<Lid> {}", Some("Lid")),
        ("object!(Lid { of: Box });", Some("Lid")),
        ("fn box_of(count: u8) -> Box {}", Some("Box")),
        ("fn count() -> u8 {}", None),
        // The client has a method for every operation, but does not need them.
        ("impl Client { fn get(&self) -> Box {} }", None),
    ] {
        let parsed = syn::parse_str::<Item>(item).unwrap();
        assert_eq!(unit(&parsed).owner(&known).as_deref(), owner, "{item}");
    }
}

#[test]
fn items_of_every_kind_get_the_attribute_of_their_type() {
    let mut gates = Gates::default();
    gates.reach("Lid", "lids", &BTreeMap::new());
    gates
        .features
        .extend(["lids".to_owned(), "tins".to_owned()]);
    for item in [
        "const LIDS: [Lid; 0] = [];",
        "enum Lid {}",
        "fn lid() -> Lid {}",
        "impl Lid {}",
        "impl Show for Vec<Lid> {}",
        "object!(Lid);",
        "static LIDS: [Lid; 0] = [];",
        "struct Lid;",
        "trait Lids { fn lid() -> Lid; }",
        "type Lid = String;",
    ] {
        let mut parsed = syn::parse_str::<Item>(item).unwrap();
        gates.close("objects", &mut parsed);
        let attributes = attributes(&mut parsed).unwrap();
        let printed: Vec<String> = attributes.iter().map(printed).collect();
        assert_eq!(printed, ["#[cfg(feature = \"lids\")]"], "{item}");
    }
    // The module of the client is gated by its methods.
    let mut parsed = syn::parse_str::<Item>("struct Lid;").unwrap();
    gates.close("client", &mut parsed);
    assert!(attributes(&mut parsed).unwrap().is_empty());
}

#[test]
fn an_attribute_is_printed_in_the_usual_style() {
    let gates = Gates {
        features: ["a", "b", "c"].map(str::to_owned).into(),
        ..Gates::default()
    };
    let attribute = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        gates.attribute(&names).map(|attribute| printed(&attribute))
    };
    assert_eq!(
        attribute(&["a"]).as_deref(),
        Some("#[cfg(feature = \"a\")]")
    );
    assert_eq!(
        attribute(&["a", "b"]).as_deref(),
        Some("#[cfg(any(feature = \"a\", feature = \"b\"))]")
    );
    assert_eq!(attribute(&["a", "b", "c"]), None);
}
