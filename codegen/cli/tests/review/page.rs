//! The page: its texts and its filters; in a real browser, if one is installed.

use std::process::Command;

use crate::checkout::Checkout;
use crate::formats::edited;

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

#[test]
fn a_page_is_self_contained_and_escapes_its_texts() {
    let checkout = edited();
    checkout.edit(
        "summary: Read a ticket",
        "summary: '<script>alert(1)</script>'",
    );
    let page = checkout.report(&["--format", "html"]);
    assert!(page.starts_with("<!doctype html>"));
    assert!(
        !page.contains("<script>alert"),
        "what a description says is no markup"
    );
    for fetched in ["src=", "href=", "url(", "@import"] {
        assert!(!page.contains(fetched), "{fetched}");
    }
    assert_eq!(page.matches("<article ").count(), 6);
}

/// The part of a page about the finding with a subject.
fn article<'p>(page: &'p str, subject: &str) -> &'p str {
    let heading = format!("<code>{subject}</code>");
    let mut articles = page.split("<article ").skip(1);
    let article = articles.find(|text| text.contains(&heading)).unwrap();
    article.split("</article>").next().unwrap()
}

/// The filters that show it.
fn groups<'p>(page: &'p str, subject: &str) -> &'p str {
    let (_, rest) = article(page, subject).split_once("data-groups=\"").unwrap();
    rest.split('"').next().unwrap()
}

#[test]
fn a_finding_is_shown_with_both_sides_its_effects_and_its_items() {
    let checkout = edited();
    let id = checkout.json(&[])["findings"][0]["id"].clone();
    checkout.write(
        "spec/accepted.yaml",
        &format!("accepted:\n- {{id: {id}, reason: \"never <b>sent\", expires: 2999-12-31}}\n"),
    );
    let page = checkout.stable(&checkout.report(&["--format", "html"]));
    let shown = ["Urgency.middle", "Person.phone", "GET /tickets/{ticket-id}"];
    let shown = shown.map(|subject| article(&page, subject).replace("</span>", "</span>\n"));
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn the_filters_of_a_page_are_what_each_finding_does() {
    let checkout = edited();
    let id = checkout.json(&[])["findings"][0]["id"].clone();
    checkout.write(
        "spec/accepted.yaml",
        &format!("accepted:\n- id: {id}\n  reason: never sent\n"),
    );
    checkout.edit("maxLength: 200", "maxLength: 100");
    checkout.edit("closed: {type: boolean}", "closed: {type: string}");
    let page = checkout.report(&["--format", "html"]);
    for (subject, expected) in [
        ("Urgency.middle", "rust-breaking accepted"),
        ("GET /tickets/{ticket-id}", "rust-breaking"),
        ("Person.phone", "additive"),
        ("MailThing.sender", "other"),
        ("POST /tickets/{ticket-id}/notes", "docs"),
        ("TicketCreate.subject", "wire-breaking"),
        ("Ticket.closed", "wire-breaking rust-breaking"),
    ] {
        assert_eq!(groups(&page, subject), expected, "{subject}");
    }
    for (name, label) in [
        ("wire-breaking", "breaks the wire (2)"),
        ("rust-breaking", "breaks Rust code (3)"),
        ("additive", "only adds or loosens (1)"),
        ("docs", "documentation (1)"),
        ("other", "neither (1)"),
        ("accepted", "accepted (1)"),
    ] {
        let filter = format!("value=\"{name}\"> {label}");
        assert!(page.contains(&filter), "{filter}");
    }
    // A filter that would show nothing is left out.
    checkout.write("spec/accepted.yaml", "accepted: []\n");
    let page = checkout.report(&["--format", "html"]);
    assert!(!page.contains("value=\"accepted\""));
}
