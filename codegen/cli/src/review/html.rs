//! The report as a self-contained page: both sides next to each other, filters by axis, no downloads.

use graph_client_review::{Finding, FindingKind, Location, Rust, Side, Wire};

use super::accepted::Acceptance;
use super::report::Report;
use super::snippets::around;
use super::weight::Weight;
use super::words::{meaning, noun, used_by, verb};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The filters: a name in the page, and its label.
const GROUPS: [(&str, &str); 6] = [
    ("wire-breaking", "breaks the wire"),
    ("rust-breaking", "breaks Rust code"),
    ("additive", "only adds or loosens"),
    ("docs", "documentation"),
    ("other", "neither"),
    ("accepted", "accepted"),
];

pub(super) fn write(report: &Report) -> String {
    let lines = Lines {
        base: report.base.text.lines().collect(),
        head: report.head.text.lines().collect(),
    };
    let articles: String = report
        .findings()
        .map(|(finding, acceptance)| article(report, &lines, finding, acceptance))
        .collect();
    let notes: String = report
        .release_notes()
        .iter()
        .map(|note| format!("<li>{}</li>", escape(note)))
        .collect();
    let filters: String = GROUPS
        .iter()
        .filter_map(|(name, label)| {
            let count = report
                .findings()
                .filter(|(f, a)| groups(f, *a).contains(name))
                .count();
            (count > 0).then(|| {
                format!(
                    "<label><input type=\"checkbox\" value=\"{name}\"> {label} ({count})</label>\n"
                )
            })
        })
        .collect();
    let nothing = match report.is_empty() {
        true => "<p>The two descriptions are equivalent.</p>",
        false => "",
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Spec review: {verdict}</title>\n<style>\n{STYLE}</style>\n\
         <header>\n<h1>Spec review: {verdict}</h1>\n\
         <p><code>{head}</code> against <code>{base}</code>. {numbers}.</p>\n<ul>{notes}</ul>\n</header>\n\
         <nav>\n{filters}<input type=\"search\" placeholder=\"Filter by words\" aria-label=\"Filter by words\">\n<output></output>\n</nav>\n\
         <main>\n{nothing}{articles}{other}</main>\n<script>\n{SCRIPT}</script>\n</html>\n",
        verdict = report.verdict().as_str(),
        head = escape(&report.head.name),
        base = escape(&report.base.name),
        numbers = report.numbers(),
        other = other_items(report),
    )
}

struct Lines<'t> {
    base: Vec<&'t str>,
    head: Vec<&'t str>,
}

fn groups(finding: &Finding, acceptance: Option<&Acceptance>) -> Vec<&'static str> {
    let mut groups = Vec::new();
    if finding.wire == Wire::Breaking {
        groups.push("wire-breaking");
    }
    if finding.rust == Rust::Breaking {
        groups.push("rust-breaking");
    }
    if Weight::of(finding) == Weight::Additive {
        groups.push("additive");
    }
    if finding.kind == FindingKind::DocsChanged {
        groups.push("docs");
    }
    if groups.is_empty() {
        groups.push("other");
    }
    if acceptance.is_some() {
        groups.push("accepted");
    }
    groups
}

fn article(
    report: &Report,
    lines: &Lines<'_>,
    finding: &Finding,
    acceptance: Option<&Acceptance>,
) -> String {
    let detail = match finding.detail.is_empty() {
        true => String::new(),
        false => format!(" <span>({})</span>", escape(&finding.detail)),
    };
    let mut tags = format!(
        "<span class=\"tag {wire}\">wire {wire}</span> <span class=\"tag {rust}\">rust {rust}</span>",
        wire = finding.wire.as_str(),
        rust = finding.rust.as_str()
    );
    if finding.certainty < 1.0 {
        let percent = (finding.certainty * 100.0).round();
        tags.push_str(&format!(
            " <span class=\"tag guess\">{percent} % sure</span>"
        ));
    }
    let mut facts = vec![
        format!("<code>{}</code>", finding.id),
        finding.kind.as_str().to_owned(),
    ];
    if let Some(used_by) = used_by(finding, 6) {
        facts.push(format!("used by {}", escape(&used_by)));
    }
    let meaning = meaning(finding);
    facts.push(format!("callers: {}", meaning.callers));
    facts.push(format!("service: {}", meaning.service));
    facts.push(format!("crate: {}", meaning.crate_users));
    if let Some(acceptance) = acceptance {
        let until = acceptance
            .expires
            .map(|date| format!(" until {date}"))
            .unwrap_or_default();
        facts.push(format!("accepted{until}: {}", escape(&acceptance.reason)));
    }
    let text = [
        finding.kind.as_str(),
        &finding.subject,
        finding.from.as_deref().unwrap_or_default(),
        finding.to.as_deref().unwrap_or_default(),
        &finding.used_by.join(" "),
        &finding.rust_items.join(" "),
    ]
    .join(" ")
    .to_lowercase();
    format!(
        "<article id=\"{id}\" data-groups=\"{groups}\" data-text=\"{text}\">\n\
         <h2>{verb} {noun} <code>{subject}</code>{detail} {tags}</h2>\n\
         <div class=\"facts\">{facts}</div>\n<div class=\"sides\">{base}{head}</div>\n{items}</article>\n",
        id = finding.id,
        groups = groups(finding, acceptance).join(" "),
        text = escape(&text),
        verb = verb(finding),
        noun = noun(finding.kind),
        subject = escape(&finding.subject),
        facts = facts.join(" · "),
        base = side(report, lines, finding, Side::Base),
        head = side(report, lines, finding, Side::Head),
        items = items(&finding.rust_items),
    )
}

fn side(report: &Report, lines: &Lines<'_>, finding: &Finding, side: Side) -> String {
    let (name, lines, value) = match side {
        Side::Base => (&report.base.name, &lines.base, &finding.from),
        Side::Head => (&report.head.name, &lines.head, &finding.to),
    };
    let place: Option<&Location> = match finding.at.side == side {
        true => Some(&finding.at),
        false => finding.nearest.as_ref(),
    };
    let value = match value {
        Some(value) => format!("<div class=\"value\"><code>{}</code></div>", escape(value)),
        None => "<div class=\"value\">absent</div>".to_owned(),
    };
    // If this side has the part, its line is marked; a line that only contains it is not.
    let is_there = finding.at.side == side || (finding.from.is_some() && finding.to.is_some());
    let code = place
        .map(|place| snippet(lines, place.line, is_there))
        .unwrap_or_default();
    let line = place
        .map(|place| format!(":{}", place.line))
        .unwrap_or_default();
    format!(
        "<div><h3>{}: {}{line}</h3>{value}{code}</div>",
        side.as_str(),
        escape(name)
    )
}

fn snippet(lines: &[&str], line: usize, is_there: bool) -> String {
    let rows: String = around(lines, line)
        .into_iter()
        .map(|(number, text)| {
            let class = if number == line && is_there {
                " class=\"here\""
            } else {
                ""
            };
            format!("<span{class}><b>{number}</b>{}</span>", escape(text))
        })
        .collect();
    format!("<pre>{rows}</pre>")
}

fn items(items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let rows: String = items
        .iter()
        .map(|item| {
            let class = if item.starts_with('-') {
                "minus"
            } else {
                "plus"
            };
            format!("<span class=\"{class}\">{}</span>", escape(item))
        })
        .collect();
    format!("<pre class=\"items\">{rows}</pre>\n")
}

fn other_items(report: &Report) -> String {
    match report.review.rust.other_items.as_slice() {
        [] => String::new(),
        other => format!(
            "<section><h2>Other public items of the generated code</h2>{}</section>\n",
            items(other)
        ),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
