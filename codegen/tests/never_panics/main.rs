//! Any text gives code, or problems with a location: never a panic, and nothing on the console.

#![allow(missing_docs, reason = "a test is documented by its name")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

mod modules;
mod mutation;
mod traps;
mod unusual;

use std::panic::{AssertUnwindSafe, catch_unwind};

use graph_client_codegen::{Settings, generate};

use mutation::{Dice, mutate};

const TICKETS: &str = include_str!("../fragments/tickets.yaml");
const MICROSOFT: &str = include_str!("../fragments/microsoft.yaml");
const INCIDENTS: &str = include_str!("../../../spec/incidents.yaml");

/// How many mutations of each text are tried; `MUTATIONS=20000 cargo test --release --test never_panics` tries more.
fn mutations() -> u64 {
    let wanted = std::env::var("MUTATIONS").ok();
    wanted.and_then(|count| count.parse().ok()).unwrap_or(300)
}

/// Generates, and checks that the result is code, or problems with a location.
fn outcome(text: &str) -> Result<(), String> {
    outcome_of(text, &Settings::for_description("cargo build"))
}

fn outcome_of(text: &str, settings: &Settings) -> Result<(), String> {
    let generated = catch_unwind(AssertUnwindSafe(|| generate("mutant.yaml", text, settings)))
        .map_err(|_| "it panicked".to_owned())?;
    let Err(problems) = generated else {
        return Ok(());
    };
    if problems.is_empty() {
        return Err("it failed without a problem".to_owned());
    }
    for problem in &problems {
        if problem.position.is_none() {
            return Err(format!("a problem has no place:\n{problems}"));
        }
        if problem.help.contains("bug in the generator") {
            return Err(format!("the generator blames itself:\n{problems}"));
        }
    }
    Ok(())
}

#[track_caller]
fn assert_outcome(text: &str) {
    if let Err(reason) = outcome(text) {
        panic!("{reason}\n--- in:\n{text}");
    }
}

fn survives(text: &str, seed: u64, count: u64) {
    for number in 0..count {
        let mut dice = Dice::of(seed.wrapping_mul(1_000_003).wrapping_add(number));
        let mutant = mutate(text, &mut dice);
        if let Err(reason) = outcome(&mutant) {
            let path = std::env::temp_dir().join(format!("mutant-{seed}-{number}.yaml"));
            let _ = std::fs::write(&path, &mutant);
            panic!(
                "mutation {number} of seed {seed}: {reason}\n--- the text is in {}",
                path.display()
            );
        }
    }
}

#[test]
fn mutations_of_a_small_fragment_give_code_or_problems() {
    survives(TICKETS, 1, mutations());
}

#[test]
fn mutations_of_microsofts_flavour_give_code_or_problems() {
    survives(MICROSOFT, 2, mutations());
}

#[test]
fn mutations_of_the_fragment_give_code_or_problems() {
    survives(INCIDENTS, 3, mutations() / 6);
}

#[test]
fn every_prefix_of_a_fragment_gives_code_or_problems() {
    let step = 1 + TICKETS.len() / mutations() as usize;
    for end in (0..TICKETS.len())
        .step_by(step)
        .filter(|end| TICKETS.is_char_boundary(*end))
    {
        assert_outcome(&TICKETS[..end]);
    }
}
