//! The tenants of a fleet: how each is reached, where its secret comes from, and how the terminal view shows it.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::fleet::{Started, free_port, redis, run, until};
use super::program::{Run, finish, program};

#[tokio::test]
async fn a_tenant_is_added_with_an_application_or_a_token_and_nothing_in_between() {
    let folder = tempfile::tempdir().unwrap();
    let Some((_redis, address)) = redis(folder.path()).await else {
        return;
    };
    let add = async |name: &str, more: &[&str]| {
        let start = ["fleet", "tenants", "add", name, "--redis", &address];
        run(folder.path(), &[&start[..], more].concat()).await
    };
    for (name, more) in [
        ("nothing", &[][..]),
        ("half", &["--application", "app-1"]),
        ("half", &["--secret", "env:S"]),
        ("both", &["--token", "env:T", "--secret", "env:S"]),
        ("both", &["--token", "env:T", "--application", "app-1"]),
        (
            "both",
            &["--token", "env:T", "--directory", "contoso.example"],
        ),
        (
            "plain",
            &["--application", "app-1", "--secret", "Hunter2~abc"],
        ),
        ("plain", &["--token", "Hunter2~abc"]),
        ("a/b", &["--token", "env:T"]),
    ] {
        let refused = add(name, more).await;
        assert_eq!(refused.code, 2, "{name} {more:?}: {}", refused.err);
        assert!(!refused.err.contains("Hunter2"), "{}", refused.err);
    }
    let list = ["fleet", "tenants", "list", "--redis", &address];
    assert_eq!(run(folder.path(), &list).await.out, "");
    let application = ["--application", "app-1", "--secret", "file:/run/secret"];
    let elsewhere = [
        "--directory",
        "contoso.example",
        "--service",
        "https://gateway.example/beta",
    ];
    for (name, more) in [
        ("a-token", &["--token", "env:T"][..]),
        ("b-application", &application),
        ("c-elsewhere", &[&application[..], &elsewhere].concat()),
        (
            "d-gateway",
            &[&["--token", "vault:T"][..], &elsewhere[2..]].concat(),
        ),
    ] {
        let added = add(name, more).await;
        assert_eq!(added.code, 0, "{name}: {}", added.err);
    }
    let listed = run(folder.path(), &list).await.out;
    let listed: Vec<(&str, Value)> = listed
        .lines()
        .map(|line| line.split_once("  ").unwrap())
        .map(|(name, text)| (name, serde_json::from_str(text).unwrap()))
        .collect();
    let expected = [
        ("a-token", json!({"token": "env:T"})),
        (
            "b-application",
            json!({"client-id": "app-1", "secret": "file:/run/secret"}),
        ),
        (
            "c-elsewhere",
            json!({"client-id": "app-1", "secret": "file:/run/secret",
                   "directory": "contoso.example", "base-url": "https://gateway.example/beta"}),
        ),
        (
            "d-gateway",
            json!({"token": "vault:T", "base-url": "https://gateway.example/beta"}),
        ),
    ];
    assert_eq!(listed, expected);
    // Without Redis, the tenants are in a file.
    let edited = run(folder.path(), &["fleet", "tenants", "list"]).await;
    assert_eq!(edited.code, 2, "{}", edited.err);
    assert!(edited.err.contains("--redis"), "{}", edited.err);
}

/// The rows of the first table of `fleet top`.
fn rows(run: &Run) -> Vec<Vec<&str>> {
    let lines = run.out.lines().skip(1).take_while(|line| !line.is_empty());
    lines
        .map(|line| line.split_whitespace().collect())
        .collect()
}

#[tokio::test]
async fn all_workers_in_redis_are_shown_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let Some((_redis, address)) = redis(folder.path()).await else {
        return;
    };
    let top = ["fleet", "top", "--once", "--redis", &address];
    let nobody = run(folder.path(), &top).await;
    assert_eq!((nobody.code, rows(&nobody).len()), (0, 0), "{}", nobody.out);
    let workers = ["two", "one"].map(|name| {
        let start = ["--simulator", "fleet", "run", "--every", "1", "--no-listen"];
        let more = ["--redis", &address, "--worker", name];
        Started::of(program(folder.path(), &[&start[..], &more].concat()))
    });
    let shown = until(folder.path(), &top, |run| {
        let watched = rows(run)
            .iter()
            .map(|row| row[2].parse::<u64>().unwrap())
            .sum::<u64>();
        rows(run).len() == 2 && watched == 2
    })
    .await;
    let names: Vec<&str> = rows(&shown).iter().map(|row| row[0]).collect();
    assert_eq!(names, ["one", "two"], "{}", shown.out);
    for worker in workers {
        let (code, log) = worker.stop();
        assert_eq!(code, Some(0), "{log}");
    }
    let nobody = run(folder.path(), &top).await;
    assert_eq!(rows(&nobody).len(), 0, "{}", nobody.out);
}

/// Runs a command with a variable that is not Unicode.
fn with_unreadable(folder: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = program(folder, arguments);
    command.env("UNREADABLE", OsStr::from_bytes(b"caf\xe9"));
    command
}

#[tokio::test]
async fn a_secret_that_is_not_unicode_is_refused_by_the_name_of_its_variable() {
    let folder = tempfile::tempdir().unwrap();
    const REASON: &str = "the environment variable `UNREADABLE` is not valid Unicode";
    for command in [
        &["fleet", "run", "--no-listen"][..],
        &["fleet", "read", "--once"],
        &["fleet", "top", "--once"],
        &["fleet", "tenants", "list"],
    ] {
        let arguments = [command, &["--redis", "env:UNREADABLE"]].concat();
        let command = with_unreadable(folder.path(), &arguments);
        let refused = finish(command, String::new()).await;
        assert_eq!(refused.code, 2, "{arguments:?}: {}", refused.err);
        assert!(
            refused.err.contains(REASON),
            "{arguments:?}: {}",
            refused.err
        );
    }
    std::fs::write(
        folder.path().join("tenants.toml"),
        "[a]\ntoken = 'env:UNREADABLE'\n\n[b]\nclient-id = 'x'\nsecret = 'env:UNREADABLE'\n\n[c]\ntoken = 'env:MISSING'\n",
    )
    .unwrap();
    let listen = format!("127.0.0.1:{}", free_port());
    let watch = [
        "fleet", "run", "--every", "60", "--worker", "w", "--listen", &listen,
    ];
    let worker = Started::of(with_unreadable(folder.path(), &watch));
    let url = format!("http://{listen}");
    let top = ["fleet", "top", "--once", "--url", &url];
    let shown = until(folder.path(), &top, |run| run.out.contains("MISSING")).await;
    assert_eq!(rows(&shown)[0][..3], ["w", "3", "0"], "{}", shown.out);
    let (_, tenants) = shown.out.split_once("TENANT ").unwrap();
    for (name, reason) in [
        ("a", REASON),
        ("b", REASON),
        ("c", "the environment variable `MISSING` is not set"),
    ] {
        let mut lines = tenants.lines().map(str::trim);
        let line = lines.find(|line| line.starts_with(&format!("{name} ")));
        let line = line.unwrap_or_else(|| panic!("{name}: {}", shown.out));
        assert!(line.contains("failing") && line.ends_with(reason), "{line}");
    }
    let (code, log) = worker.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains(REASON), "{log}");
}
