//! `review_pair` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| graph_fuzz::review_pair(input));
