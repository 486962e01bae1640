//! Measures the regeneration of the fragment: as a whole, cold and warm, and stage by stage.
//!
//! `cargo bench -p graph-client-codegen`. Cold means the first run in a new process, measured inside it.

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::Criterion;
use graph_client_codegen::plan::Plan;
use graph_client_codegen::{Settings, generate, lint, load, model};

const FRAGMENT: &str = include_str!("../../spec/incidents.yaml");
const FILE: &str = "spec/incidents.yaml";

/// Set in the environment of a process that measures one run and prints it.
const COLD: &str = "REGEN_COLD";

fn main() {
    if std::env::var_os(COLD).is_some() {
        let start = Instant::now();
        regenerate();
        println!("{}", start.elapsed().as_nanos());
        return;
    }
    let mut criterion = Criterion::default()
        .sample_size(20)
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    whole(&mut criterion);
    stages(&mut criterion);
    criterion.final_summary();
}

/// Does what `cargo xtask regen` does, without the disk.
fn regenerate() {
    match generate(FILE, FRAGMENT, &Settings::for_fragment("cargo xtask regen")) {
        Ok(generated) => drop(black_box((
            generated.files().len(),
            generated.surface(),
            generated.contract(),
        ))),
        Err(problems) => eprintln!("{problems}"),
    }
}

fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("regen");
    group.bench_function("warm", |bencher| bencher.iter(regenerate));
    group.sample_size(10);
    group.bench_function("cold", |bencher| {
        bencher.iter_custom(|runs| (0..runs).map(|_| cold_run()).sum());
    });
    group.finish();
}

/// Measures one run in a new process; zero if it cannot be started, which the report then shows.
fn cold_run() -> Duration {
    let output =
        std::env::current_exe().and_then(|program| Command::new(program).env(COLD, "1").output());
    let nanoseconds = output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .and_then(|text| text.trim().parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

fn stages(criterion: &mut Criterion) {
    let Ok(document) = load::parse(FILE, FRAGMENT) else {
        eprintln!("{FILE} does not load");
        return;
    };
    let Ok(model) = model::read(&document) else {
        eprintln!("{FILE} is invalid");
        return;
    };
    let mut group = criterion.benchmark_group("stage");
    group.bench_function("1 load", |bencher| {
        bencher.iter(|| load::parse(FILE, black_box(FRAGMENT)))
    });
    group.bench_function("2 lint", |bencher| {
        bencher.iter(|| lint::check(black_box(&document)))
    });
    group.bench_function("3 model", |bencher| {
        bencher.iter(|| model::read(black_box(&document)))
    });
    group.bench_function("4 plan", |bencher| {
        bencher.iter(|| Plan::of(black_box(&model)))
    });
    group.finish();
}
