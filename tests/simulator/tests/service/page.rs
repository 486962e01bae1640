//! The web page, in a browser if one is installed.

use std::process::Command;

use graph_incidents_simulator::{Fault, FaultRule, Profile, Simulator};
use serde_json::json;

use crate::support::{get, patch, plain, post, send};

/// The browser; `tests/simulator/browser` installs Debian's.
fn browser() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names.into_iter().find(|name| {
        Command::new(name)
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        eprintln!("skipped: no Chromium is installed; run tests/simulator/browser");
    }
    found
}

async fn run(browser: &'static str, url: &str, arguments: &[String]) -> String {
    let profile = tempfile::tempdir().unwrap();
    let mut command = Command::new(browser);
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=6000",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(url);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The page in a browser after some seconds of virtual time.
async fn in_browser(simulator: &Simulator, place: &str) -> Option<String> {
    let url = format!("{}/{place}", simulator.origin());
    Some(run(browser()?, &url, &["--dump-dom".to_owned()]).await)
}

#[track_caller]
fn shows(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "{text} is not shown in {page}");
    }
}

/// A simulator with something to show: two updates, a read with a fault, a failed merge.
async fn busy() -> Simulator {
    let simulator = plain().await;
    simulator.set_profile(Profile::service());
    let rule = FaultRule::new(Fault::StaleRead).on("getIncident");
    simulator.faults().add(rule).unwrap();
    let rule = FaultRule::new(Fault::ResetAfter).on("listIncidents");
    simulator.faults().add(rule.probability(0.2)).unwrap();
    let title = json!({"displayName": "<script>shown as text</script>"});
    assert!(simulator.change("2972395", title));
    patch(&simulator, "2972395", json!({"severity": "high"})).await;
    patch(
        &simulator,
        "2972395",
        json!({"severity": "low", "summary": "second"}),
    )
    .await;
    get(&simulator, "/incidents/2972395").await;
    let merge = "/incidents/microsoft.graph.security.mergeIncidents";
    post(&simulator, merge, json!({"incidentIds": ["1"]})).await;
    simulator
}

#[tokio::test]
async fn the_page_is_self_contained() {
    let simulator = plain().await;
    for (path, media_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/page.css", "text/css"),
        ("/page.js", "text/javascript"),
        ("/devicelogin", "text/html; charset=utf-8"),
    ] {
        let page = send(&simulator, "GET", path, &[], "").await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some(media_type))
        );
        let text = page.text();
        for outside in ["http://", "https://", "//cdn", "@import"] {
            assert!(!text.contains(outside), "{path} has {outside}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_incidents_requests_throttling_and_faults() {
    let simulator = busy().await;
    let Some(page) = in_browser(&simulator, "").await else {
        return;
    };
    shows(
        &page,
        &[
            ">2972395<",
            "&lt;script&gt;shown as text&lt;/script&gt;",
            "<span class=\"tag low\">low</span>",
            "/beta/security/incidents/2972395",
            "4 of 50 in 60 s",
            "<span class=\"tag bad\">staleRead</span>",
            "<b id=\"writes\" class=\"number\">3</b>",
            "1–15 of 61",
            // The page shows the 20 % of the rule.
            "20 % of listIncidents",
            "100 % of getIncident",
            "struck 1 of 1",
            "struck 0 of 0",
        ],
    );
    for fault in Fault::examples() {
        let kind = json!(fault)["kind"].as_str().unwrap().to_owned();
        assert!(page.contains(&format!("<option>{kind}</option>")), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_shown_with_its_response_and_the_reason_for_a_fault() {
    let simulator = busy().await;
    let Some(page) = in_browser(&simulator, "#request=3").await else {
        return;
    };
    shows(
        &page,
        &[
            "<dialog id=\"detail\" aria-labelledby=\"detail-heading\" open=\"\">",
            "Response: 200",
            "\"severity\": \"high\"",
            "stale<wbr>Read<wbr></span>: rule 1, 100 % of getIncident: 1 of 1 requests",
            "authorization: …",
            "odata-version: 4.0",
        ],
    );
    let page = in_browser(&simulator, "#request=99").await.unwrap();
    shows(&page, &["no request has the number 99"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_requests_are_compared_line_by_line() {
    let simulator = busy().await;
    let Some(page) = in_browser(&simulator, "#compare=1,2").await else {
        return;
    };
    shows(
        &page,
        &[
            "<span class=\"removed\">-   \"severity\": \"high\"",
            "<span class=\"added\">+   \"severity\": \"low\"",
            "<span class=\"added\">+   \"summary\": \"second\"",
        ],
    );
    let page = in_browser(&simulator, "#request=2").await.unwrap();
    shows(&page, &["Compare with the previous request, 1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_is_shown_with_its_alerts_and_evidence() {
    let simulator = busy().await;
    let Some(page) = in_browser(&simulator, "#incident=2972395").await else {
        return;
    };
    shows(
        &page,
        &[
            "Incident 2972395: &lt;script&gt;",
            "Alerts (2)",
            "<summary>deviceEvidence</summary>",
            "tvm-endpoint-1.contoso.com",
            "Demo incident",
        ],
    );
}

/// `PICTURES` is the folder of the screenshots.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn screenshots_are_taken_on_request() {
    let Ok(folder) = std::env::var("PICTURES") else {
        eprintln!("skipped: PICTURES does not name a folder");
        return;
    };
    let Some(browser) = browser() else {
        return;
    };
    let simulator = busy().await;
    for (name, place, size, dark) in [
        ("page", "", "1280,900", false),
        ("page-dark", "", "1280,900", true),
        ("page-phone", "", "500,1400", false),
        ("request", "#request=3", "1280,900", false),
        ("compare", "#compare=1,2", "1280,900", false),
        ("incident", "#incident=2972395", "1280,900", false),
        ("incident-phone", "#incident=2972395", "500,1400", false),
    ] {
        let file = std::path::Path::new(&folder).join(format!("{name}.png"));
        let mut arguments = vec![
            format!("--screenshot={}", file.display()),
            format!("--window-size={size}"),
        ];
        if dark {
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let url = format!("{}/{place}", simulator.origin());
        run(browser, &url, &arguments).await;
        assert!(file.exists(), "{name}");
    }
}

/// The two values of each colour in the style sheet.
fn colours(css: &str) -> Vec<(String, [String; 2])> {
    css.lines()
        .filter_map(|line| {
            let (name, value) = line
                .trim()
                .strip_prefix("--")?
                .split_once(": light-dark(")?;
            let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
            Some((name.to_owned(), [light.to_owned(), dark.to_owned()]))
        })
        .collect()
}

/// WCAG's relative luminance.
fn luminance(colour: &str) -> f64 {
    let part = |range| {
        let value = u8::from_str_radix(&colour[range], 16).unwrap();
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(1..3) + 0.7152 * part(3..5) + 0.0722 * part(5..7)
}

#[tokio::test]
async fn texts_have_the_contrast_of_wcag_aa() {
    let simulator = plain().await;
    let css = send(&simulator, "GET", "/page.css", &[], "").await.text();
    let colours = colours(&css);
    let of = |name: &str| &colours.iter().find(|(found, _)| found == name).unwrap().1;
    for (text, grounds) in [
        ("ink", &["sheet", "ground", "added", "removed"][..]),
        ("quiet", &["sheet", "ground"]),
        ("accent", &["sheet", "ground"]),
        ("good", &["sheet", "ground"]),
        ("warn", &["sheet", "ground"]),
        ("bad", &["sheet", "ground"]),
    ] {
        for ground in grounds {
            for scheme in 0..2 {
                let (one, other) = (luminance(&of(text)[scheme]), luminance(&of(ground)[scheme]));
                let ratio = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
            }
        }
    }
}
