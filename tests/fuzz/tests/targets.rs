//! Runs each target over its corpus and over mutations, the same each time.

#![allow(missing_docs, reason = "a test is documented by its name")]

use graph_fuzz::{
    client_parsers, client_wire, decode_roundtrip, generate_tree, review_pair, run,
    simulator_requests, state_damage, state_damage_everywhere,
};

#[test]
fn decoded_values_are_written_without_loss() {
    assert!(run("decode_roundtrip", decode_roundtrip).mutations > 0);
}

#[test]
fn any_text_gives_code_or_problems_with_a_location() {
    assert!(run("generate_tree", generate_tree).mutations > 0);
}

#[test]
fn a_description_equals_itself_and_differs_from_others_in_both_directions() {
    assert!(run("review_pair", review_pair).mutations > 0);
}

#[test]
fn cursors_ids_and_filters_are_read_as_written_or_refused_in_one_line() {
    assert!(run("client_parsers", client_parsers).mutations > 0);
}

#[test]
fn a_damaged_state_file_gives_the_same_state_or_an_error_with_the_line() {
    assert!(run("state_damage", state_damage).mutations > 0);
}

/// Every sixth byte here and every byte in the test below, since each file costs the start of a simulator.
#[test]
fn damage_anywhere_never_changes_the_state_that_is_read() {
    let opened = state_damage_everywhere(6);
    assert!(opened > 100, "{opened} files");
}

#[test]
#[ignore = "takes a minute: cargo test -p graph-fuzz -- --ignored"]
fn damage_of_any_byte_never_changes_the_state_that_is_read() {
    let opened = state_damage_everywhere(1);
    assert!(opened > 900, "{opened} files");
}

#[test]
fn any_request_gets_a_response_and_its_writes_survive_a_restart() {
    assert!(run("simulator_requests", simulator_requests).mutations > 0);
}

#[test]
fn a_call_ends_in_time_whatever_the_server_sends() {
    assert!(run("client_wire", client_wire).mutations > 0);
}
