//! What overlays promise: each action changes something, as the specification says, or is refused at its place.

use super::*;
use crate::load::parse;

const TEXT: &str = "\
paths:
  /tags:
    get: {tags: [a, b], summary: List, parameters: [{name: top}, {name: old}]}
    post: {summary: Add}
  /marks:
    get: {summary: List, deprecated: true}
";

fn overlay(actions: &str) -> String {
    format!("overlay: 1.1.0\ninfo: {{title: T, version: \"1\"}}\nactions:\n{actions}")
}

fn applied(actions: &str) -> serde_json::Value {
    let mut document = parse("a.yaml", TEXT).unwrap();
    let overlay =
        Overlay::parse("o.yaml", &overlay(actions)).unwrap_or_else(|problems| panic!("{problems}"));
    apply(&mut document, &[overlay]).unwrap_or_else(|problems| panic!("{problems}"));
    document.root.to_json()
}

fn refused(actions: &str) -> String {
    let mut document = parse("a.yaml", TEXT).unwrap();
    match Overlay::parse("o.yaml", &overlay(actions)) {
        Ok(overlay) => apply(&mut document, &[overlay]).unwrap_err().to_string(),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn objects_are_merged_lists_appended_to_and_values_replaced() {
    let json = applied(
        "
- {target: \"$.paths['/tags'].get\", update: {summary: All, tags: [c], x-new: {y: 1}}}
- {target: \"$.paths['/tags'].get.parameters\", update: {name: skip}}
- {target: \"$.paths['/tags'].post.summary\", update: Put}
",
    );
    let get = &json["paths"]["/tags"]["get"];
    assert_eq!(get["summary"], "All");
    assert_eq!(get["tags"], serde_json::json!(["a", "b", "c"]));
    assert_eq!(get["x-new"]["y"], 1);
    assert_eq!(get["parameters"][2]["name"], "skip");
    assert_eq!(json["paths"]["/tags"]["post"]["summary"], "Put");
}

#[test]
fn filtered_nodes_are_selected_and_removed() {
    let json = applied(
        "
- {target: \"$.paths.*.get.parameters[?@.name == 'old']\", remove: true}
- {target: \"$.paths[?@.get.deprecated]\", remove: true}
- {target: \"$..tags[*]\", remove: true}
",
    );
    let get = &json["paths"]["/tags"]["get"];
    assert_eq!(get["parameters"], serde_json::json!([{"name": "top"}]));
    assert_eq!(get["tags"], serde_json::json!([]));
    assert!(json["paths"].get("/marks").is_none());
}

#[test]
fn a_path_is_moved_by_update_copy_and_remove() {
    let json = applied(
        "
- {target: $.paths, update: {/new: {}}}
- {target: \"$.paths['/new']\", copy: \"$.paths['/marks']\"}
- {target: \"$.paths['/marks']\", remove: true}
",
    );
    assert_eq!(json["paths"]["/new"]["get"]["deprecated"], true);
    assert!(json["paths"].get("/marks").is_none());
}

#[test]
fn an_action_without_effect_is_refused_at_its_location() {
    let text = refused("- {target: \"$.paths['/tag']\", remove: true}\n");
    assert!(
        text.contains(
            "error[overlay-selects-nothing]: `$.paths['/tag']` selects nothing in a.yaml"
        ),
        "{text}"
    );
    assert!(text.contains("--> o.yaml:4:12"), "{text}");
    assert!(text.contains("; `$.paths` is there"), "{text}");
    let text = refused("- {target: \"$.paths['/tags'].got.summary\", remove: true}\n");
    assert!(text.contains("; `$.paths['/tags']` is there"), "{text}");
    let text = refused("- {target: \"$.path\", remove: true}\n");
    assert!(!text.contains("is there"), "{text}");
    let text = refused("- {target: \"$.paths['/tags'].get\", update: {summary: List}}\n");
    assert!(text.contains("overlay-changes-nothing"), "{text}");
}

#[test]
fn actions_that_do_not_fit_are_refused() {
    for (actions, shown) in [
        (
            "- {target: \"$.paths['/tags'].get\", update: 5}\n",
            "a primitive value cannot be merged into an object",
        ),
        (
            "- {target: \"$.paths['/tags'].get\", update: {tags: 5}}\n",
            "`tags`: a primitive value cannot be merged into an array",
        ),
        (
            "- {target: $, remove: true}\n",
            "the whole document cannot be removed",
        ),
        (
            "- {target: $.paths, copy: \"$.paths.*\"}\n",
            "selects 2 nodes, but must select one",
        ),
        (
            "- {target: \"$.paths[\", remove: true}\n",
            "is not a JSONPath",
        ),
        ("- {target: $.paths}\n", "the action does nothing"),
        (
            "- {target: $.paths, remove: true, update: {}}\n",
            "the action does several things",
        ),
        (
            "- {target: $.paths, removes: true}\n",
            "an action has no keyword `removes`",
        ),
        ("- {remove: true}\n", "the action has no `target`"),
        (
            "- {target: $.paths, remove: 1}\n",
            "`remove` must be `true` or `false`, but is a number",
        ),
    ] {
        let text = refused(actions);
        assert!(text.contains(shown), "{actions}: {text}");
        assert!(text.contains("--> o.yaml:4:"), "{actions}: {text}");
    }
    for (from, to, shown) in [
        ("1.1.0", "2.0.0", "Overlay `2.0.0` is not supported"),
        ("1.1.0", "1.1.x", "Overlay `1.1.x` is not supported"),
        (
            "info: ",
            "extends: 5\ninfo: ",
            "`extends` must be a string, but is a number",
        ),
        (
            "{title: T, version: \"1\"}",
            "soon",
            "`info` must be a mapping, but is a string",
        ),
    ] {
        let other = overlay("- {target: $, remove: true}").replace(from, to);
        let text = Overlay::parse("o.yaml", &other).unwrap_err().to_string();
        assert!(text.contains(shown), "{text}");
    }
}

#[test]
fn a_path_that_is_too_long_is_refused() {
    let nested = format!(
        "- {{target: \"$[?{}@.a{}]\", remove: true}}\n",
        "(".repeat(5000),
        ")".repeat(5000)
    );
    assert!(refused(&nested).contains("the limit is 1000"));
}

#[test]
fn what_is_nested_too_deep_afterwards_is_refused() {
    let lists = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let outer = format!("- {{target: $.paths, update: {{x-deep: {}}}}}\n", lists(40));
    let inner = |levels: usize| {
        let path = "[0]".repeat(39);
        let value = lists(levels);
        format!("- {{target: \"$.paths['x-deep']{path}\", update: {{x: {value}}}}}\n")
    };
    applied(&format!("{outer}{}", inner(40)));
    let problems = refused(&format!("{outer}{}", inner(80)));
    assert!(problems.contains("too-deep"), "{problems}");
}
