//! The terminal session in the README shows what the program prints.

use std::path::Path;

use super::program::Bench;

/// The commands of the session.
const COMMANDS: [&[&str]; 5] = [
    &["list", "--open", "--at-least", "high", "--top", "3"],
    &["show", "2972395", "--comments"],
    &["evidence", "2972395", "--type", "host,user"],
    &["assign", "2972395", "--to", "nobody", "--dry-run"],
    &["doctor"],
];

/// The README's mark of the session.
const MARK: &str = "```console recording\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_recording_in_the_readme_is_what_the_program_prints() {
    let bench = Bench::with(60).await;
    let mut recording = String::new();
    for arguments in COMMANDS {
        let run = bench.run(arguments).await;
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
        recording.push_str(&format!("$ incidents {}\n", arguments.join(" ")));
        for line in run.out.lines().chain(run.err.lines()) {
            let line = line
                .replace(", in the place of https://graph.microsoft.com", "")
                .replace(
                    bench.simulator.base_url(),
                    "https://graph.microsoft.com/beta",
                );
            recording.push_str(line.trim_end());
            recording.push('\n');
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let shown = readme
        .split_once(MARK)
        .and_then(|(_, rest)| Some(rest.split_once("```")?.0));
    assert_eq!(
        shown,
        Some(recording.as_str()),
        "README.md has to show this behind {MARK:?}:\n{recording}"
    );
}
