//! Sign-in with the client's chain, and remembered sign-ins.

use std::process::Command;

use graph_incidents_simulator::Simulator;

use super::program::{Bench, Run, finish};

/// The program without a token, which has to sign in at the simulator.
fn command(bench: &Bench, arguments: &[&str]) -> Command {
    let mut command = bench.command(arguments);
    command
        .env_remove("GRAPH_TOKEN")
        .env("AZURE_AUTHORITY_HOST", bench.simulator.origin())
        .env("AZURE_TENANT_ID", bench.simulator.tenant_id())
        .env("AZURE_CLIENT_ID", bench.simulator.client_id())
        // Nothing listens there, so that no identity of a machine is found.
        .env("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9");
    command
}

async fn run(command: Command) -> Run {
    finish(command, String::new()).await
}

async fn bench() -> Bench {
    let builder = Simulator::builder().incidents(5).device_code_interval(1);
    Bench::of(builder.sign_in_after_polls(Some(0)).start().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_and_verbose_show_the_token_source() {
    let bench = bench().await;
    let mut list = command(&bench, &["list", "-v"]);
    list.env("AZURE_CLIENT_SECRET", bench.simulator.client_secret());
    let listed = run(list).await;
    assert_eq!(listed.code, 0, "{}", listed.err);
    assert!(
        listed.err.contains("credential found") && listed.err.contains("environment"),
        "{}",
        listed.err
    );
    assert!(!listed.err.contains(bench.simulator.client_secret()));

    let mut doctor = command(&bench, &["doctor"]);
    doctor.env("AZURE_CLIENT_SECRET", bench.simulator.client_secret());
    let said = run(doctor).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(
        said.out.contains("the secret in AZURE_CLIENT_SECRET"),
        "{}",
        said.out
    );
    assert!(!said.out.contains(bench.simulator.client_secret()));
    let given = bench.run(&["doctor"]).await;
    assert!(
        given.out.contains("the token in GRAPH_TOKEN"),
        "{}",
        given.out
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_once_and_is_remembered_until_logout() {
    let bench = bench().await;
    let file = bench
        .folder
        .path()
        .join(".local/state/incidents/sign-ins.json");
    // A sign-in is remembered only if requested.
    let once = run(command(&bench, &["list", "--device-code"])).await;
    assert_eq!(once.code, 0, "{}", once.err);
    assert!(once.err.contains("To sign in, open "), "{}", once.err);
    assert!(!file.exists());
    let nobody = run(command(&bench, &["list"])).await;
    assert_eq!(nobody.code, 3, "{}", nobody.err);

    let login = run(command(&bench, &["login", "--remember", "file"])).await;
    assert_eq!(login.code, 0, "{}", login.err);
    assert!(login.out.contains("remembered in "), "{}", login.out);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for _ in 0..2 {
        let listed = run(command(&bench, &["list"])).await;
        assert_eq!(listed.code, 0, "{}", listed.err);
        assert!(!listed.err.contains("To sign in"), "{}", listed.err);
    }
    let doctor = run(command(&bench, &["doctor"])).await;
    assert!(
        doctor.out.contains("remembered by `incidents login`"),
        "{}",
        doctor.out
    );

    // A script's application never uses a person's sign-in.
    let mut script = command(&bench, &["list"]);
    script.env("AZURE_CLIENT_SECRET", "a-wrong-secret");
    let script = run(script).await;
    assert_eq!(script.code, 3, "{}", script.err);
    assert!(script.err.contains("environment: "), "{}", script.err);

    let logout = run(command(&bench, &["logout"])).await;
    assert_eq!(logout.code, 0, "{}", logout.err);
    assert!(!std::fs::read_to_string(&file).unwrap().contains("refresh"));
    assert_eq!(run(command(&bench, &["list"])).await.code, 3);
    let again = run(command(&bench, &["logout"])).await;
    assert!(
        again.code == 0 && again.out.starts_with("no sign-in is remembered"),
        "{}",
        again.out
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_sign_in_that_is_damaged_or_readable_by_others_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = bench().await;
    let file = bench
        .folder
        .path()
        .join(".local/state/incidents/sign-ins.json");
    let login = command(&bench, &["login", "--remember", "file"]);
    assert_eq!(run(login).await.code, 0);
    let readable = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(&file, readable).unwrap();
    let open = run(command(&bench, &["list"])).await;
    assert_eq!(open.code, 2, "{}", open.err);
    assert!(
        open.err
            .contains("it can be read by others than its owner (mode 644)"),
        "{}",
        open.err
    );
    std::fs::write(&file, "[{").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let damaged = run(command(&bench, &["list"])).await;
    assert_eq!(damaged.code, 2, "{}", damaged.err);
    assert!(
        damaged.err.contains("help: repair or remove the file"),
        "{}",
        damaged.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_needs_an_application() {
    let bench = bench().await;
    let mut login = command(&bench, &["login"]);
    login.env_remove("AZURE_CLIENT_ID");
    let login = run(login).await;
    assert_eq!(login.code, 2, "{}", login.err);
    assert!(login.err.contains("no client id is set"), "{}", login.err);
}

/// Runs in its own session with its own keyring, so that nothing of this machine is read or written.
#[cfg(all(feature = "keyring", target_os = "linux"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_is_stored_in_the_keyring_and_in_no_file() {
    const SCRIPT: &str =
        "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 9
        \"$0\" login --remember keyring && cat \"$HOME/.local/state/incidents/sign-ins.json\" &&
        \"$0\" list --top 1 && \"$0\" doctor && \"$0\" logout && ! \"$0\" list";
    let is_there = |program: &str| {
        let found = Command::new(program).arg("--version").output();
        found.is_ok_and(|found| found.status.success())
    };
    if !is_there("dbus-run-session") || !is_there("gnome-keyring-daemon") {
        eprintln!("SKIPPED: dbus-run-session or gnome-keyring-daemon is not there");
        return;
    }
    let bench = bench().await;
    let own = command(&bench, &[]);
    let runtime_folder = bench.folder.path().join("runtime");
    std::fs::create_dir(&runtime_folder).unwrap();
    let mut session = Command::new("dbus-run-session");
    session
        .args(["--", "sh", "-c", SCRIPT, env!("CARGO_BIN_EXE_incidents")])
        .current_dir(bench.folder.path())
        .env_clear()
        .envs(
            own.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("XDG_RUNTIME_DIR", runtime_folder);
    let run = run(session).await;
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(
        run.out.contains("remembered in the keyring of the system"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("refresh-token"), "{}", run.out);
    assert!(
        run.out
            .contains("the sign-in remembered by `incidents login`"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("forgotten: the sign-in in the keyring"),
        "{}",
        run.out
    );
}

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_login_fails_before_signing_in() {
    let bench = bench().await;
    let mut login = command(&bench, &["login"]);
    login.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus");
    let login = run(login).await;
    assert_eq!(login.code, 1, "{}", login.err);
    assert!(
        login.err.contains("failed to open the keyring"),
        "{}",
        login.err
    );
    assert!(
        login
            .err
            .contains("help: `incidents login --remember file`"),
        "{}",
        login.err
    );
    assert!(!login.err.contains("To sign in"), "{}", login.err);
}
