//! `generate_tree` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| graph_fuzz::generate_tree(input));
