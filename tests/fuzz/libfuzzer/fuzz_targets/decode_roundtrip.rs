//! `decode_roundtrip` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| graph_fuzz::decode_roundtrip(input));
