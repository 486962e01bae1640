//! `state_damage` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| graph_fuzz::state_damage(input));
