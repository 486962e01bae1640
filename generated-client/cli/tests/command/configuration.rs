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
async fn flags_are_over_the_environment_and_that_is_over_the_file() {
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
async fn another_profile_can_be_named() {
    let run = run(FILE, &["--config", "--profile", "test"], &[]).await;
    assert!(run.out.contains("fabrikam.example"), "{}", run.out);
}

#[tokio::test]
async fn a_file_that_is_wrong_is_refused_with_its_line() {
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
