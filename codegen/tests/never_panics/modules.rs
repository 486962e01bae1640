//! Random changes to Microsoft's own modules; skipped if they are not beside the checkout.

use std::io::Write as _;
use std::path::Path;

use graph_client_codegen::{Settings, generate, select::Selection};

use crate::mutation::{Dice, mutate};
use crate::{mutations, outcome_of};

/// Parts of modules: a file, and the paths that are selected.
const PARTS: [(&str, &str); 4] = [
    ("v1.0-Mail.yml", r"^/users/\{user-id\}/mailFolders"),
    ("v1.0-Reports.yml", r"^/auditLogs/"),
    ("v1.0-Calendar.yml", r"^/users/\{user-id\}/events"),
    ("v1.0-Groups.yml", r"^/groups/\{group-id\}/members"),
];

/// The number of changes in a mutant of a long text.
const CHANGES: usize = 12;

#[test]
fn mutations_of_modules_give_the_same_code_twice_or_problems() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/upstream/modules");
    for (seed, (file, pattern)) in (10_u64..).zip(PARTS) {
        let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
            // This shows the message although the test passes.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: {file} is not beside the checkout"
            );
            continue;
        };
        for number in 0..1 + mutations() / 150 {
            let mut dice = Dice::of(seed.wrapping_mul(1_000_003).wrapping_add(number));
            let mutant = (0..CHANGES).fold(text.clone(), |text, _| mutate(&text, &mut dice));
            let settings =
                Settings::for_description("cargo build").select(Selection::new().path(pattern));
            if let Err(reason) = outcome_of(&mutant, &settings) {
                panic!("{file}, mutation {number} of seed {seed}: {reason}");
            }
            let again = || {
                generate("mutant.yaml", &mutant, &settings)
                    .map(|generated| generated.single_file().to_owned())
                    .map_err(|problems| problems.to_string())
            };
            assert_eq!(again(), again(), "{file}, mutation {number} of seed {seed}");
        }
    }
}
