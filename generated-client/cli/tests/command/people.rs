//! Output for people: tables, one incident, a preview of a write.

use super::program::{Bench, finish};

/// Lines without the spaces that fill a table.
fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_a_table() {
    let bench = Bench::with(60).await;
    let run = bench
        .run(&["list", "--top", "4", "--open", "--at-least", "medium"])
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    insta::assert_snapshot!(trimmed(&run.out));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_incident_is_shown_with_the_requested_parts() {
    let bench = Bench::with(60).await;
    let run = bench
        .run(&["show", "2972395", "--alerts", "--evidence", "--comments"])
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    insta::assert_snapshot!(trimmed(&run.out));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_method_url_body_and_difference_and_sends_nothing() {
    let bench = Bench::with(10).await;
    let arguments = [
        "update",
        "2972395",
        "--dry-run",
        "--clear",
        "assigned-to",
        "--add-tag",
        "Demo",
        "--severity",
        "high",
    ];
    let run = bench.run(&arguments).await;
    assert_eq!(run.code, 0, "{}", run.err);
    insta::assert_snapshot!(run.out.replace(bench.simulator.base_url(), "BASE"));
    assert_eq!(bench.simulator.ledger().write_count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_has_help_with_an_example() {
    let bench = Bench::with(1).await;
    let help = bench.run(&["--help"]).await;
    let commands: Vec<String> = help
        .out
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    assert!(commands.len() >= 17, "{commands:?}");
    for command in commands {
        let run = bench.run(&[&command, "--help"]).await;
        assert_eq!(run.code, 0, "{command}: {}", run.err);
        assert!(
            run.out.contains("Usage: incidents"),
            "{command}: {}",
            run.out
        );
        assert!(run.out.contains("Examples:"), "{command}: {}", run.out);
    }
    for command in ["list", "show", "update", "comment", "move"] {
        let run = bench.run(&["alerts", command, "--help"]).await;
        assert!(run.out.contains("Examples:"), "{command}: {}", run.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn completions_and_manual_pages_come_from_the_same_definitions() {
    let bench = Bench::with(1).await;
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = bench.run(&["completions", shell]).await;
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.contains("incidents"), "{shell}: {}", run.out);
    }
    // The calls of a shell's completion script.
    std::fs::write(
        bench.folder.path().join("config.toml"),
        "[default]\n[government]\ncloud = \"gcc-high\"\n",
    )
    .unwrap();
    for (words, expected) in [
        (&["incidents", "list", "--status", "in"][..], "inProgress"),
        (&["incidents", "list", "--profile", "gov"], "government"),
        (&["incidents", "resol"], "resolve"),
        (&["incidents", "list", "--at-le"], "--at-least"),
    ] {
        let mut command = bench.command(&[&["--"][..], words].concat());
        command.env("COMPLETE", "fish");
        let run = finish(command, String::new()).await;
        assert!(
            run.out.contains(expected),
            "{words:?}: {}{}",
            run.out,
            run.err
        );
    }
    let run = bench.run(&["man", "pages"]).await;
    assert_eq!(run.code, 0, "{}", run.err);
    let page = std::fs::read_to_string(bench.folder.path().join("pages/incidents-list.1")).unwrap();
    assert!(page.contains("at\\-least"), "{page}");
}
