//! Each target runs over its kept corpus, and over mutations that are the same each time.

#![allow(missing_docs, reason = "a test is documented by its name")]

use graph_fuzz::{client_parsers, decode_roundtrip, generate_tree, review_pair, run};

#[test]
fn what_decodes_is_written_without_loss() {
    assert!(run("decode_roundtrip", decode_roundtrip).mutations > 0);
}

#[test]
fn any_text_gives_code_or_problems_with_a_place() {
    assert!(run("generate_tree", generate_tree).mutations > 0);
}

#[test]
fn a_description_is_the_same_as_itself_and_differs_from_others_both_ways() {
    assert!(run("review_pair", review_pair).mutations > 0);
}

#[test]
fn cursors_ids_and_filters_are_read_as_written_or_refused_in_one_line() {
    assert!(run("client_parsers", client_parsers).mutations > 0);
}
