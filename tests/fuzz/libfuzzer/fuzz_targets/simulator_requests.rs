//! `simulator_requests` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| graph_fuzz::simulator_requests(input));
