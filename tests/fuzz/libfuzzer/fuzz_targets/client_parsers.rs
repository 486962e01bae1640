//! `client_parsers` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| graph_fuzz::client_parsers(input));
