//! Runs a target over its corpus and over mutations of it, the same on every machine.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::mutation::mutate;

/// The most mutations of a run, unless `FUZZ_MUTATIONS` is set.
const MUTATIONS: u64 = 3_000;
/// The time limit of a run, unless `FUZZ_SECONDS` is set.
const SECONDS: u64 = 3;

/// How often a target ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Executions {
    /// Over files of the corpus.
    pub corpus: usize,
    /// Over mutations of them.
    pub mutations: u64,
}

/// Runs a target over the files of `corpus/<name>`, then over mutations of them up to the limits.
///
/// # Panics
///
/// Panics if the corpus cannot be read, or if the target panics; the input is printed above the panic and saved in a file.
pub fn run(name: &str, target: fn(&[u8])) -> Executions {
    let corpus = corpus(name);
    assert!(!corpus.is_empty(), "the corpus of {name} is empty");
    for (path, input) in &corpus {
        execute(name, target, input, &path.display().to_string());
    }
    let seed = number("FUZZ_SEED", 1);
    let started = Instant::now();
    let longest = Duration::from_secs(number("FUZZ_SECONDS", SECONDS));
    let mut mutations = 0;
    while mutations < number("FUZZ_MUTATIONS", MUTATIONS) && started.elapsed() < longest {
        let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003) + mutations);
        let (_, input) = &corpus[random.usize(..corpus.len())];
        let (_, other) = &corpus[random.usize(..corpus.len())];
        let mutant = mutate(input, other, &mut random);
        let what = format!("mutation {mutations} of seed {seed}");
        execute(name, target, &mutant, &what);
        mutations += 1;
    }
    let executions = Executions {
        corpus: corpus.len(),
        mutations,
    };
    println!("{name}: {executions:?} in {:?}", started.elapsed());
    executions
}

fn execute(name: &str, target: fn(&[u8]), input: &[u8], what: &str) {
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) else {
        return;
    };
    let path = std::env::temp_dir().join(format!("{name}-failed"));
    let kept = match std::fs::write(&path, input) {
        Ok(()) => format!("it is in {}", path.display()),
        Err(error) => format!("it could not be kept: {error}"),
    };
    eprintln!("{name}: {what}: {}\n{kept}", input.escape_ascii());
    resume_unwind(panic);
}

/// The files of a target's corpus, by name.
fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let entries = std::fs::read_dir(&folder).expect("the corpus has a folder for each target");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let input = std::fs::read(&path).expect("a file of the corpus can be read");
        (path, input)
    };
    paths.into_iter().map(read).collect()
}

fn number(variable: &str, usual: u64) -> u64 {
    let Some(given) = std::env::var_os(variable) else {
        return usual;
    };
    let number = given.to_str().and_then(|text| text.parse().ok());
    number.unwrap_or_else(|| panic!("{variable} is not a number: {}", given.display()))
}
