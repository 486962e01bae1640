//! Measures a review of the fragment against an edited copy, and of a whole module of Microsoft's description.
//!
//! `cargo bench -p graph-client-review`. The module is not part of the project; without it the
//! second half says that it was skipped.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::Criterion;
use graph_client_review::{Source, review};

const FRAGMENT: &str = include_str!("../../../spec/incidents.yaml");

/// Relative to this package.
const MODULE: &str = "../../../shared/upstream/security-module-beta.yml";

/// Nine changes of different kinds (one removes a member from two lists). The number of findings is printed, to show that
/// the review does its work.
const FRAGMENT_EDITS: &[(&str, &str)] = &[
    (
        "      operationId: listIncidents\n",
        "      operationId: listAllIncidents\n",
    ),
    (
        "  - url: https://graph.microsoft.com/beta\n",
        "  - url: https://graph.microsoft.com/v2.0\n",
    ),
    ("maximum: 50\n", "maximum: 100\n"),
    (
        "\n        recommendedHuntingQueries:\n",
        "\n        huntingQueries:\n",
    ),
    (
        "\n        redirectIncidentId:\n          type: string\n",
        "\n        redirectIncidentId:\n          type: integer\n          format: int64\n",
    ),
    (
        "        - inProgress\n        - redirected\n",
        "        - redirected\n",
    ),
    (
        "          - value: inProgress\n            description: Somebody is working on it. Missing from some reference pages.\n",
        "",
    ),
    (
        "            deviceDnsName:\n",
        "            deviceSite:\n              type: string\n              nullable: true\n            deviceDnsName:\n",
    ),
    ("maxLength: 30000\n", "maxLength: 32000\n"),
    (
        "description: The fully qualified name.\n",
        "description: The whole name.\n",
    ),
];

/// The same changes for the module, if it has these parts.
const MODULE_EDITS: &[(&str, &str)] = &[
    (
        "      operationId: security_ListIncident\n",
        "      operationId: security_ListAllIncidents\n",
    ),
    (
        "  - url: https://graph.microsoft.com/beta/\n",
        "  - url: https://graph.microsoft.com/v2.0/\n",
    ),
    (
        "            recommendedHuntingQueries:\n",
        "            huntingQueries:\n",
    ),
    (
        "            incidentWebUrl:\n              type: string\n",
        "            incidentWebUrl:\n              type: integer\n",
    ),
    (
        "        - inProgress\n        - redirected\n",
        "        - redirected\n",
    ),
    (
        "        - lineOfBusinessApplication\n",
        "        - lineOfBusinessApplication\n        - training\n",
    ),
    (
        "        - title: incident\n          type: object\n          properties:\n",
        "        - title: incident\n          type: object\n          properties:\n            site:\n              type: string\n              nullable: true\n",
    ),
    (
        "description: The incident name.\n              nullable: true\n",
        "description: The incident name.\n",
    ),
    (
        "description: The identity that last modified the incident.\n",
        "description: Who modified it last.\n",
    ),
];

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    measure(&mut criterion, "fragment", FRAGMENT, FRAGMENT_EDITS);
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join(MODULE);
    match std::fs::read_to_string(&module) {
        Ok(text) => measure(&mut criterion, "module", &text, MODULE_EDITS),
        Err(_) => eprintln!("skipped: {MODULE} is not there"),
    }
    criterion.final_summary();
}

fn measure(criterion: &mut Criterion, name: &str, text: &str, edits: &[(&str, &str)]) {
    let edited = edits.iter().fold(text.to_owned(), |text, (from, to)| {
        if !text.contains(from) {
            eprintln!("{name}: there is no {from:?} to edit");
        }
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
    println!(
        "{name}: {} bytes, {} edits, {} findings",
        text.len(),
        edits.len(),
        run(&edited)
    );
    let mut group = criterion.benchmark_group("review");
    group.bench_function(format!("{name}, edited"), |bencher| {
        bencher.iter(|| black_box(run(&edited)))
    });
    group.bench_function(format!("{name}, unchanged"), |bencher| {
        bencher.iter(|| black_box(run(text)))
    });
    group.finish();
}
