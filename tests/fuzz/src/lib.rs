//! Promises that hold for any input: one function for each, which panics if its promise is broken.
//!
//! `cargo test -p graph-fuzz` runs each over the corpus and some thousand mutations of it, the same ones each time.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a target panics if its promise is broken"
)]

mod client_parsers;
mod client_wire;
mod decode_roundtrip;
mod generate_tree;
mod kept;
mod local;
mod mutation;
mod review_pair;
mod run;
mod script;
mod simulator_requests;
mod state_damage;

pub use client_parsers::client_parsers;
pub use client_wire::client_wire;
pub use decode_roundtrip::decode_roundtrip;
pub use generate_tree::generate_tree;
pub use review_pair::review_pair;
pub use run::{Executions, run};
pub use simulator_requests::simulator_requests;
pub use state_damage::{state_damage, state_damage_everywhere};

/// The seconds that the generator and the review may take for one text; a debug build gets ten times as many.
const MOST_SECONDS: u64 = if cfg!(debug_assertions) { 20 } else { 2 };

/// Returns whether a text is one line in every log and terminal, without control characters.
fn is_one_line(text: &str) -> bool {
    let breaks = |part: char| part.is_control() || matches!(part, '\u{2028}' | '\u{2029}');
    !text.contains(breaks)
}
