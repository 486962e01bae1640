//! Profiles: file, environment, flags, and where each value comes from.

use super::program::{Run, finish, program};

async fn run(file: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), file).unwrap();
    let mut command = program(folder.path(), arguments);
    command.envs(environment.iter().copied());
    let run = finish(command, String::new()).await;
    let place = folder.path().display().to_string();
    Run {
        out: run.out.replace(&place, "FOLDER"),
        err: run.err.replace(&place, "FOLDER"),
        ..run
    }
}

const FILE: &str = "
[default]
tenant = \"contoso.example\"
cloud = \"gcc-high\"

[test]
tenant = \"fabrikam.example\"
";

#[tokio::test]
async fn flags_override_the_environment_which_overrides_the_file() {
    let arguments = ["--config", "--cloud", "dod"];
    let run = run(FILE, &arguments, &[("AZURE_CLIENT_ID", "from-environment")]).await;
    assert_eq!(run.code, 0, "{}", run.err);
    // The width of the columns depends on the folder's name.
    let lines: Vec<String> = run
        .out
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn another_profile_can_be_selected() {
    let run = run(FILE, &["--config", "--profile", "test"], &[]).await;
    assert!(run.out.contains("fabrikam.example"), "{}", run.out);
}

#[tokio::test]
async fn a_profile_is_named_by_a_flag_or_the_environment_and_the_source_is_shown() {
    let flag = &["--profile", "test"][..];
    for (flag, variable, value, from) in [
        (&[][..], None, "default", "default"),
        (&[], Some(""), "default", "default"),
        (&[], Some("test"), "test", "environment INCIDENTS_PROFILE"),
        (flag, None, "test", "flag --profile"),
        (flag, Some("default"), "test", "flag --profile"),
    ] {
        let variables: Vec<(&str, &str)> = variable
            .map(|name| ("INCIDENTS_PROFILE", name))
            .into_iter()
            .collect();
        let arguments = [&["--config", "--format", "json"], flag].concat();
        let run = run(FILE, &arguments, &variables).await;
        let settings: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let expected = serde_json::json!({"setting": "profile", "value": value, "from": from});
        assert_eq!(settings[0], expected, "{flag:?} {variable:?}");
        let of_file = format!("FOLDER/config.toml [{value}]");
        assert_eq!(settings[1]["from"], of_file, "{flag:?} {variable:?}");
    }
}

#[tokio::test]
async fn an_invalid_file_is_refused_with_its_line() {
    let unknown_key = run("[default]\n\ntenat = \"x\"\n", &["list"], &[]).await;
    assert_eq!(unknown_key.code, 2);
    assert!(
        unknown_key.err.contains("FOLDER/config.toml:3: "),
        "{}",
        unknown_key.err
    );
    let unknown_profile = run(FILE, &["list", "--profile", "prod"], &[]).await;
    assert_eq!(unknown_profile.code, 2);
    assert!(
        unknown_profile
            .err
            .contains("the profiles are default, test"),
        "{}",
        unknown_profile.err
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_variable_that_is_not_unicode_is_refused_by_its_name() {
    use std::os::unix::ffi::OsStrExt as _;

    let folder = tempfile::tempdir().unwrap();
    let unreadable = std::ffi::OsStr::from_bytes(b"caf\xe9");
    for (name, arguments) in [
        ("AZURE_TENANT_ID", "list"),
        ("AZURE_CLIENT_ID", "list"),
        ("AZURE_CLIENT_SECRET", "list"),
        ("AZURE_AUTHORITY_HOST", "login"),
        ("IDENTITY_HEADER", "list"),
        ("GRAPH_TOKEN", "list"),
        ("INCIDENTS_PROFILE", "list"),
        ("INCIDENTS_CLOUD", "--config"),
        ("INCIDENTS_BASE_URL", "--config"),
        ("INCIDENTS_CA_FILE", "--config"),
        ("INCIDENTS_ME", "--config"),
        ("RUST_LOG", "--config"),
    ] {
        let mut command = program(folder.path(), &[arguments]);
        command.env(name, unreadable);
        let run = finish(command, String::new()).await;
        assert_eq!(run.code, 2, "{name}: {}{}", run.out, run.err);
        assert!(
            run.err.contains(&format!("{name} is not valid Unicode")),
            "{name}: {}",
            run.err
        );
    }
    let mut command = program(folder.path(), &["--config", "--tenant", "contoso.example"]);
    command.env("AZURE_TENANT_ID", unreadable);
    let run = finish(command, String::new()).await;
    assert_eq!(run.code, 0, "a flag comes first: {}", run.err);
}

#[tokio::test]
async fn a_log_filter_that_cannot_be_read_is_refused() {
    let wrong = run(FILE, &["--config"], &[("RUST_LOG", "graph_client=loud")]).await;
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("RUST_LOG"), "{}", wrong.err);
    let empty = run(FILE, &["--config"], &[("RUST_LOG", "")]).await;
    assert_eq!(empty.code, 0, "{}", empty.err);
}

/// `/dev/zero` has no end.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_without_an_end_is_refused_before_it_fills_the_memory() {
    const ENDLESS: &str = "/dev/zero";
    let token = ("GRAPH_TOKEN", "t");
    for (arguments, variable) in [
        (&["list", "--ca-file", ENDLESS][..], token),
        (&["hunt", "--file", ENDLESS], token),
        (&["api", "POST", "/a", "--input", ENDLESS], token),
        (&["watch", "--cursor", ENDLESS], token),
        (&["list"], ("INCIDENTS_CONFIG", ENDLESS)),
    ] {
        let run = run("", arguments, &[variable]).await;
        assert_ne!(run.code, 0, "{arguments:?}");
        assert!(
            run.err.contains("it has more than"),
            "{arguments:?}: {}",
            run.err
        );
    }
}
