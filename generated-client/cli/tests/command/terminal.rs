//! Output on a terminal: its width, its colours, its pager, and no control characters.

use std::io::Read as _;
use std::process::{Command, Stdio};

use nix::pty::{Winsize, openpty};
use serde_json::json;

use super::program::Bench;

/// What the program writes to a terminal of that size.
async fn shown(command: Command, columns: u16, rows: u16) -> (i32, String) {
    let (code, text, _) = shown_with_errors(command, columns, rows).await;
    (code, text)
}

/// The same, with what it writes to standard error, which is not the terminal.
async fn shown_with_errors(mut command: Command, columns: u16, rows: u16) -> (i32, String, String) {
    tokio::task::spawn_blocking(move || {
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let terminal = openpty(Some(&size), None).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::from(terminal.slave))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It holds the other end too.
        drop(command);
        let mut master = std::fs::File::from(terminal.master);
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        // The end of a terminal is an error.
        while let Ok(count) = master.read(&mut buffer) {
            if count == 0 {
                break;
            }
            bytes.extend_from_slice(&buffer[..count]);
        }
        let output = child.wait_with_output().unwrap();
        let code = output.status.code().unwrap_or(-1);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (code, text(bytes), text(output.stderr))
    })
    .await
    .unwrap()
}

async fn bench() -> Bench {
    let bench = Bench::with(30).await;
    for (id, severity) in [("901", "high"), ("902", "low")] {
        let incident = json!({
            "id": id,
            "displayName": "a high price \u{1b}[2J\u{202e}gpj",
            "status": "active",
            "severity": severity,
            "createdDateTime": "2026-01-01T00:00:00Z",
            "lastUpdateDateTime": "2026-09-01T00:00:00Z",
        });
        assert!(bench.simulator.insert(incident, Vec::new()));
    }
    bench
}

fn command(bench: &Bench, arguments: &[&str]) -> Command {
    let mut command = bench.command(arguments);
    command
        .env("TERM", "xterm-256color")
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn severities_are_coloured_only_in_their_column_and_only_with_colour() {
    let bench = bench().await;
    let list = ["list", "--top", "2", "--no-pager"];
    let (code, text) = shown(command(&bench, &list), 200, 50).await;
    assert_eq!(code, 0, "{text}");
    assert_eq!(
        text.matches("\u{1b}[31mhigh\u{1b}[0m").count(),
        1,
        "{text:?}"
    );
    assert_eq!(text.matches('\u{1b}').count(), 2, "{text:?}");
    let mut plain = command(&bench, &list);
    plain.env("NO_COLOR", "1");
    let (_, text) = shown(plain, 200, 50).await;
    assert!(
        text.contains("high") && !text.contains('\u{1b}'),
        "{text:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_fits_the_terminal_however_narrow() {
    let bench = bench().await;
    for columns in [120, 60, 30] {
        for arguments in [&["list", "--no-pager"][..], &["show", "901"]] {
            let mut command = command(&bench, arguments);
            command.env("NO_COLOR", "1");
            let (code, text) = shown(command, columns, 50).await;
            assert_eq!(code, 0, "{text}");
            for line in text.lines() {
                let width = line.trim_end_matches('\r').chars().count();
                assert!(width <= usize::from(columns), "{columns}: {line:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_table_goes_through_the_pager() {
    let bench = bench().await;
    for (rows, arguments, is_paged) in [
        (10, &["list"][..], true),
        (10, &["list", "--no-pager"], false),
        (10, &["list", "--format", "jsonl"], false),
        (200, &["list"], false),
    ] {
        let page = bench.folder.path().join("page.txt");
        let _ = std::fs::remove_file(&page);
        let mut command = command(&bench, arguments);
        command.env("PAGER", "tee page.txt");
        let (code, text) = shown(command, 120, rows).await;
        assert_eq!(code, 0, "{text}");
        assert_eq!(page.exists(), is_paged, "{rows} {arguments:?}");
    }
    // The pager gets colours if the terminal would.
    for (no_colour, is_coloured) in [("", true), ("1", false)] {
        let mut command = command(&bench, &["list"]);
        command
            .env("PAGER", "tee page.txt")
            .env("NO_COLOR", no_colour);
        shown(command, 120, 10).await;
        let page = std::fs::read_to_string(bench.folder.path().join("page.txt")).unwrap();
        assert!(page.contains("901"), "{page}");
        assert_eq!(page.contains('\u{1b}'), is_coloured, "{page:?}");
    }
    // A missing pager is not a failure.
    let mut command = command(&bench, &["list"]);
    command.env("PAGER", "no-such-pager");
    let (code, text) = shown(command, 120, 10).await;
    assert!(code == 0 && text.contains("901"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pager_that_is_not_unicode_is_ignored_and_said() {
    use std::os::unix::ffi::OsStrExt as _;

    let bench = bench().await;
    let mut command = command(&bench, &["list"]);
    command.env("PAGER", std::ffi::OsStr::from_bytes(b"caf\xe9"));
    let (code, text, errors) = shown_with_errors(command, 120, 10).await;
    assert!(code == 0 && text.contains("901"), "{text}");
    assert_eq!(
        errors,
        "PAGER is not valid Unicode: the text is printed without a pager\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pager_that_fails_does_not_swallow_the_table() {
    let bench = bench().await;
    let mut command = command(&bench, &["list"]);
    command.env("PAGER", "cat --no-such-option");
    let (code, text) = shown(command, 120, 10).await;
    assert!(code == 0 && text.contains("901"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_format_controls_the_terminal() {
    let bench = bench().await;
    for format in ["table", "json", "jsonl", "yaml", "csv"] {
        let mut command = command(&bench, &["list", "--no-pager", "--format", format]);
        command.env("NO_COLOR", "1");
        let (code, text) = shown(command, 200, 50).await;
        assert_eq!(code, 0, "{text}");
        for dangerous in ['\u{1b}', '\u{202e}'] {
            assert!(!text.contains(dangerous), "{format}: {text:?}");
        }
    }
}
