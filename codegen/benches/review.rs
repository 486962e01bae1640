//! How long a review takes: of the fragment against an edited copy, and of a whole module of Microsoft's description.
//!
//! `cargo bench -p graph-incidents-codegen --bench review`. The module is not part of the project; without it the
//! second half says that it was skipped.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::Criterion;
use graph_incidents_codegen::review::{Source, review};

const FRAGMENT: &str = include_str!("../../spec/incidents.yaml");

/// Relative to this package.
const MODULE: &str = "../../shared/upstream/security-module-beta.yml";

/// A change of each weight: what is found is printed, so that nobody measures a review that finds nothing.
const EDITS: [(&str, &str); 4] = [
    (
        "operationId: listIncidents\n",
        "operationId: listAllIncidents\n",
    ),
    (
        "operationId: security_ListIncident\n",
        "operationId: security_ListAllIncidents\n",
    ),
    ("/beta", "/v2.0"),
    ("recommendedHuntingQueries:", "recommendedQueries:"),
];

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    measure(&mut criterion, "fragment", FRAGMENT);
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join(MODULE);
    match std::fs::read_to_string(&module) {
        Ok(text) => measure(&mut criterion, "module", &text),
        Err(_) => eprintln!("skipped: {MODULE} is not there"),
    }
    criterion.final_summary();
}

fn measure(criterion: &mut Criterion, name: &str, text: &str) {
    let edited = EDITS.iter().fold(text.to_owned(), |text, (from, to)| {
        text.replacen(from, to, 1)
    });
    let run = |head: &str| {
        let base = Source {
            file: "base.yaml",
            text,
        };
        let head = Source {
            file: "head.yaml",
            text: head,
        };
        match review(base, head) {
            Ok(review) => review.findings.len(),
            Err(problems) => {
                eprintln!("{problems}");
                0
            }
        }
    };
    println!("{name}: {} bytes, {} findings", text.len(), run(&edited));
    let mut group = criterion.benchmark_group("review");
    group.bench_function(format!("{name}, edited"), |bencher| {
        bencher.iter(|| black_box(run(&edited)))
    });
    group.bench_function(format!("{name}, unchanged"), |bencher| {
        bencher.iter(|| black_box(run(text)))
    });
    group.finish();
}
