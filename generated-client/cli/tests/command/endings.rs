//! Exit codes and their messages.

use std::time::Duration;

use graph_incidents_simulator::{Fault, FaultRule, RetryAfter, Simulator};

use super::program::{Bench, finish, program};

#[tokio::test(flavor = "multi_thread")]
async fn each_cause_has_its_exit_code_and_a_remedy() {
    let bench = Bench::with(5).await;
    let not_found = bench.run(&["show", "404404"]).await;
    assert_eq!(not_found.code, 4, "{}", not_found.err);
    assert!(not_found.err.starts_with("error: "), "{}", not_found.err);

    for arguments in [
        &["list", "--status", "finished"][..],
        &["update", "1"],
        &["frobnicate"],
        &[],
    ] {
        let run = bench.run(arguments).await;
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
    }

    let refused = bench.run(&["show", ".."]).await;
    assert_eq!(refused.code, 2, "{}", refused.err);

    let mut command = bench.command(&["list"]);
    command.env("GRAPH_TOKEN", "no-token-of-this-service");
    let unknown = finish(command, String::new()).await;
    assert_eq!(unknown.code, 3, "{}", unknown.err);
    assert!(unknown.err.contains("help: "), "{}", unknown.err);

    let token = bench
        .simulator
        .application_token(["SecurityIncident.Read.All"], None);
    let mut command = bench.command(&["assign", "2972395", "--to", "nobody"]);
    command.env("GRAPH_TOKEN", token);
    let denied = finish(command, String::new()).await;
    assert_eq!(denied.code, 3, "{}", denied.err);
    assert!(
        denied.err.contains("SecurityIncident.ReadWrite.All"),
        "{}",
        denied.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_call_exits_with_5_and_says_when_to_retry() {
    let throttled = Fault::Status {
        status: 429,
        retry_after: Some(900),
        retry_after_form: RetryAfter::Seconds,
        applied: false,
    };
    let simulator = Simulator::builder()
        .fault(FaultRule::new(throttled))
        .start()
        .await
        .unwrap();
    let run = Bench::of(simulator).run(&["list"]).await;
    assert_eq!(run.code, 5, "{}", run.err);
    assert!(run.err.contains("help: try again in 900 s"), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_sign_in_and_missing_connection_have_their_own_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = finish(program(folder.path(), &["list"]), String::new()).await;
    assert_eq!(nothing.code, 3, "{}", nothing.err);
    assert!(
        nothing.err.contains("AZURE_CLIENT_SECRET"),
        "{}",
        nothing.err
    );

    // A port that was just free, so that nobody listens on it.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut command = program(folder.path(), &["list"]);
    command.env("GRAPH_TOKEN", "x").env(
        "INCIDENTS_BASE_URL",
        format!("http://127.0.0.1:{port}/beta"),
    );
    let nobody = tokio::time::timeout(Duration::from_secs(120), finish(command, String::new()))
        .await
        .unwrap();
    assert_eq!(nobody.code, 6, "{}", nobody.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_output_is_not_an_error() {
    let bench = Bench::with(500).await;
    let mut command = bench.command(&["export"]);
    let (code, err) = tokio::task::spawn_blocking(move || {
        use std::io::Read as _;
        use std::process::Stdio;
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        // The pipe is closed here.
        let output = child.wait_with_output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    })
    .await
    .unwrap();
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(err, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_exits_with_6_and_an_expired_token_with_3() {
    let simulator = Simulator::builder()
        .fault(FaultRule::new(Fault::ResetBefore))
        .start()
        .await
        .unwrap();
    let lost = Bench::of(simulator).run(&["show", "2972395"]).await;
    assert_eq!(lost.code, 6, "{}", lost.err);
    assert!(lost.err.contains("help: "), "{}", lost.err);

    let bench = Bench::with(3).await;
    let token = bench.simulator.application_token(
        ["SecurityIncident.Read.All"],
        Some(Duration::from_millis(1)),
    );
    tokio::time::sleep(Duration::from_millis(20)).await;
    let mut command = bench.command(&["show", "2972395"]);
    command.env("GRAPH_TOKEN", token);
    let ended = finish(command, String::new()).await;
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("client-request-id "), "{}", ended.err);
}
