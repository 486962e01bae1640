//! Any text gives code, or problems with a location: the same each time, and quickly.

use std::time::{Duration, Instant};

use graph_client_codegen::{Problems, Settings, generate};

use crate::MOST_SECONDS;

/// Generates a client from the input, twice.
///
/// # Panics
///
/// Panics if it takes too long, a problem has no location, the generator reports a bug in itself, or the second run
/// differs.
pub fn generate_tree(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let started = Instant::now();
    let once = generated(&text);
    let elapsed = started.elapsed();
    assert!(
        elapsed < Duration::from_secs(MOST_SECONDS),
        "it took {elapsed:?}"
    );
    if let Err(problems) = &once {
        have_places(problems);
    }
    assert_eq!(generated(&text), once, "the second run differs");
}

fn generated(text: &str) -> Result<String, Problems> {
    let settings = Settings::for_description("cargo build");
    generate("input.yaml", text, &settings).map(|generated| generated.single_file().to_owned())
}

fn have_places(problems: &Problems) {
    assert!(!problems.is_empty(), "it failed without a problem");
    for problem in problems {
        assert!(problem.position.is_some(), "no place:\n{problems}");
        assert!(
            !problem.help.contains("bug in the generator"),
            "the generator blames itself:\n{problems}"
        );
    }
}
