//! Random edits of a description: each is found once, with the right axes, and so is the reversed edit.

use graph_client_review::RustBasis;
use proptest::prelude::*;
use serde_json::Value;

use crate::edits_of_enumerations::{member, openness, renamed_member};
use crate::edits_of_operations::{body, global, operation, parameter};
use crate::edits_of_schemas::{
    facet, format_dropped, new_property, nullable, other_type, renamed_property, required, schema,
};
use crate::support::{line, review_json, sample};

/// The expected finding of an edit, forwards and backwards.
pub(crate) struct Edit {
    apply: Box<dyn Fn(&mut Value)>,
    there: String,
    back: String,
    /// Edits of one group are not combined, because they would affect each other's findings.
    group: String,
}

pub(crate) fn edit(
    group: &str,
    apply: impl Fn(&mut Value) + 'static,
    there: impl Into<String>,
    back: impl Into<String>,
) -> Edit {
    Edit {
        apply: Box::new(apply),
        there: there.into(),
        back: back.into(),
        group: group.to_owned(),
    }
}

pub(crate) fn at<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Value {
    document
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("{pointer} is not there"))
}

/// `kind subject: change`, after the axes.
pub(crate) fn found(axes: &str, text: String) -> String {
    format!("{axes} {text}")
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        new_property(),
        renamed_property(),
        other_type(),
        format_dropped(),
        nullable(),
        required(),
        facet(),
        member(),
        renamed_member(),
        openness(),
        schema(),
        operation(),
        parameter(),
        body(),
        global(),
    ]
}

impl std::fmt::Debug for Edit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.there)
    }
}

/// Applies edits of different groups, and compares the findings with the expected ones.
fn check(edits: &[Edit]) {
    let base = sample();
    let mut head = base.clone();
    let mut groups = Vec::new();
    let (mut there, mut back) = (Vec::new(), Vec::new());
    for edit in edits {
        if groups.contains(&edit.group) {
            continue;
        }
        groups.push(edit.group.clone());
        (edit.apply)(&mut head);
        there.push(edit.there.clone());
        back.push(edit.back.clone());
    }
    for (base, head, mut expected) in [(&base, &head, there), (&head, &base, back)] {
        let review = review_json(base, head);
        assert_eq!(review.rust.basis, RustBasis::Generated);
        assert!(
            review.rust.other_items.is_empty(),
            "{:?}",
            review.rust.other_items
        );
        let mut found: Vec<String> = review.findings.iter().map(line).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }
}

/// The number of cases; `PROPTEST_CASES` overrides it.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(usual)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: cases(100), ..ProptestConfig::default() })]

    #[test]
    fn an_edit_is_found_once_with_the_right_axes_in_both_directions(edit in any_edit()) {
        check(&[edit]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: cases(25), ..ProptestConfig::default() })]

    #[test]
    fn each_of_several_edits_is_found_once(edits in prop::collection::vec(any_edit(), 2..6)) {
        check(&edits);
    }
}
