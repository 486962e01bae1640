//! The page in a real browser, if one is installed.

use std::process::Command;

use crate::checkout::Checkout;

/// The names under which Chromium is installed.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

fn browser() -> Option<&'static str> {
    let found = BROWSERS.into_iter().find(|name| {
        Command::new(name)
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        eprintln!("skipped: no Chromium is installed");
    }
    found
}

/// The page in the browser after its script ran.
fn rendered(browser: &str, page: &str, profile: &std::path::Path) -> String {
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            "--virtual-time-budget=2000",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{page}"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_filters_hide_everything_else() {
    let Some(browser) = browser() else {
        return;
    };
    let checkout = Checkout::new();
    checkout.edit("enum: [low, middle, high]", "enum: [low, high]");
    checkout.edit(
        "operationId: tickets_GetTicket",
        "operationId: tickets_ReadTicket",
    );
    checkout.edit("summary: Add a note", "summary: Write a note");
    let page = checkout.report(&["--format", "html"]);
    // A script at the end of the page acts as a reader: it ticks a box, then types a word.
    let act = |script: &str| {
        let page = page.replace("</html>", &format!("<script>{script}</script>\n</html>"));
        checkout.write("page.html", &page);
        // A new profile each time, since the previous browser may still be shutting down.
        let profile = tempfile::tempdir().unwrap();
        rendered(
            browser,
            checkout.path("page.html").to_str().unwrap(),
            profile.path(),
        )
    };
    assert_eq!(shown(&act("")), 3);
    let docs = act(
        "document.querySelector('input[value=docs]').click(); document.title = document.querySelector('output').value;",
    );
    assert!(docs.contains("<title>1 of 3</title>"), "{}", &docs[..400]);
    let word = act(
        "{ const search = document.querySelector('input[type=search]'); search.value = 'read_ticket'; \
         search.dispatchEvent(new Event('input')); document.title = document.querySelector('output').value; }",
    );
    assert!(word.contains("<title>1 of 3</title>"));
}

/// The number of visible findings.
fn shown(dom: &str) -> usize {
    dom.split("<article")
        .skip(1)
        .filter(|rest| {
            !rest
                .split('>')
                .next()
                .unwrap_or_default()
                .contains("hidden")
        })
        .count()
}
