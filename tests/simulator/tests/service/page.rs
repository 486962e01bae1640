//! The page to look at, in a browser where there is one.

use std::process::Command;

use graph_incidents_simulator::{Fault, FaultRule, Profile};
use serde_json::json;

use crate::support::{get, patch, plain, send};

/// The page as a browser has it after some seconds of its own time.
async fn in_browser(url: String, arguments: &[&str]) -> Option<String> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names.iter().find(|name| {
        Command::new(name)
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
    })?;
    let profile = tempfile::tempdir().unwrap();
    let mut command = Command::new(found);
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=4000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(url);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let simulator = plain().await;
    for path in ["/", "/devicelogin"] {
        let page = send(&simulator, "GET", path, &[], "").await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/html; charset=utf-8"))
        );
        let text = page.text();
        for outside in ["http://", "https://", "//cdn", "@import"] {
            assert!(!text.contains(outside), "{path} has {outside}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_incidents_requests_throttling_and_faults() {
    let simulator = plain().await;
    simulator.set_profile(Profile::service());
    simulator
        .faults()
        .add(FaultRule::new(Fault::StaleRead).on("getIncident"))
        .unwrap();
    assert!(simulator.change(
        "2972395",
        json!({"displayName": "<script>shown as text</script>"})
    ));
    patch(&simulator, "2972395", json!({"severity": "high"})).await;
    get(&simulator, "/incidents/2972395").await;
    let Some(page) = in_browser(format!("{}/", simulator.origin()), &[]).await else {
        eprintln!("skipped: no Chromium is installed");
        return;
    };
    for shown in [
        ">2972395<",
        "&lt;script&gt;shown as text&lt;/script&gt;",
        "<span class=\"tag high\">high</span>",
        "/beta/security/incidents/2972395",
        "2 of 50 in 60 s",
        "<span class=\"tag bad\">staleRead</span>",
        "<b id=\"writes\" class=\"number\">2</b>",
    ] {
        assert!(page.contains(shown), "{shown} is not shown in {page}");
    }
    assert_eq!(page.matches("data-kind=").count(), Fault::examples().len());
}
