//! The report as a comment on GitHub: grouped, with folded details, within the maximum length.

use graph_client_review::{Finding, Side, Verdict};

use super::accepted::Acceptance;
use super::report::Report;
use super::weight::Weight;
use super::words::{change, noun, used_by, verb};
use crate::counted;

/// The maximum number of characters of a comment on GitHub.
pub(super) const LONGEST: usize = 65_536;

/// The characters that are reserved for the end of the comment and for closing folds.
const RESERVE: usize = 2_000;

/// The mark by which the workflow finds its own comment.
const MARK: &str = "<!-- spec-review -->";

struct Page {
    text: String,
    length: usize,
    left_out: usize,
}

/// Empty if nothing changed.
pub(super) fn write(report: &Report) -> String {
    if report.is_empty() {
        return String::new();
    }
    let mut page = Page {
        text: String::new(),
        length: 0,
        left_out: 0,
    };
    match &report.title {
        Some(title) => page.push(&format!("## {}\n\n", escape(title))),
        None => page.push(&format!(
            "{MARK}\n## Spec review: {}\n\n",
            title(report.verdict())
        )),
    }
    page.push(&format!(
        "{} against {}. {}.\n\n",
        code(&report.head.name),
        code(&report.base.name),
        report.numbers()
    ));
    for note in report.release_notes() {
        page.push(&format!("- {}\n", escape(&note)));
    }
    page.push("\n");
    for weight in Weight::ALL {
        section(report, weight, &mut page);
    }
    other_items(report, &mut page);
    if page.left_out > 0 {
        page.text.push_str(&format!(
            "{} left out because comments have a size limit; `{} --format html` shows all.\n\n",
            counted(page.left_out, "finding is", "findings are"),
            report.commands.review
        ));
    }
    page.text
        .push_str(&format!("Next: {}\n", report.next_command()));
    page.text
}

fn title(verdict: Verdict) -> String {
    match verdict {
        Verdict::None => "nothing changed".to_owned(),
        verdict => format!("requires a {} version", verdict.as_str()),
    }
}

impl Page {
    fn push(&mut self, text: &str) {
        self.length += text.chars().count();
        self.text.push_str(text);
    }

    /// Adds a block if the comment has room for it.
    fn push_if_room(&mut self, text: &str) -> bool {
        let length = text.chars().count();
        if self.length + length + RESERVE > LONGEST {
            return false;
        }
        self.push(text);
        true
    }
}

fn section(report: &Report, weight: Weight, page: &mut Page) {
    let findings = report.of_weight(weight);
    if findings.is_empty() {
        return;
    }
    let heading = format!("{} ({})", weight.title(), findings.len());
    let is_folded = weight != Weight::Breaking;
    let opening = match is_folded {
        true => format!("<details><summary>{heading}</summary>\n\n"),
        false => format!("### {heading}\n\n"),
    };
    if !page.push_if_room(&opening) {
        page.left_out += findings.len();
        return;
    }
    for (index, (finding, acceptance)) in findings.iter().enumerate() {
        if !page.push_if_room(&item(weight, finding, *acceptance)) {
            page.left_out += findings.len() - index;
            break;
        }
    }
    page.push(if is_folded { "\n</details>\n\n" } else { "\n" });
}

fn item(weight: Weight, finding: &Finding, acceptance: Option<&Acceptance>) -> String {
    let mut line = format!(
        "- **{}** {} {}",
        verb(finding),
        noun(finding.kind),
        code(&finding.subject)
    );
    if !finding.detail.is_empty() {
        line.push_str(&format!(" ({})", escape(&finding.detail)));
    }
    let longest = if weight == Weight::Docs { 120 } else { 160 };
    if let Some(change) = change(finding, longest) {
        let parts: Vec<String> = change.splitn(2, " → ").map(code).collect();
        line.push_str(&format!(": {}", parts.join(" → ")));
    }
    if weight == Weight::Docs {
        line.push('\n');
        return line;
    }
    line.push_str(&format!(
        "<br>wire **{}**, rust **{}**",
        finding.wire.as_str(),
        finding.rust.as_str()
    ));
    if finding.certainty < 1.0 {
        line.push_str(&format!(", {} % sure", (finding.certainty * 100.0).round()));
    }
    let side = if finding.at.side == Side::Base {
        " (base)"
    } else {
        ""
    };
    line.push_str(&format!(
        " · line {}{side} · `{}`",
        finding.at.line, finding.id
    ));
    if let Some(acceptance) = acceptance {
        let until = acceptance
            .expires
            .map(|date| format!(" until {date}"))
            .unwrap_or_default();
        line.push_str(&format!(
            "<br>accepted{until}: {}",
            escape(&acceptance.reason)
        ));
    }
    if let Some(used_by) = used_by(finding, 3) {
        line.push_str(&format!("<br>used by {}", code(&used_by)));
    }
    line.push('\n');
    if !finding.rust_items.is_empty() {
        line.push_str(&diff(&finding.rust_items));
    }
    line
}

fn other_items(report: &Report, page: &mut Page) {
    let items = &report.review.rust.other_items;
    if items.is_empty() {
        return;
    }
    let text = format!(
        "<details><summary>Other public items of the generated code ({})</summary>\n\n{}\n</details>\n\n",
        items.len(),
        diff(items)
    );
    page.push_if_room(&text);
}

/// Items as a diff within a list.
fn diff(items: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut text = String::from("  ```diff\n");
    for item in items.iter().take(SHOWN) {
        text.push_str(&format!("  {}\n", item.replace("```", "'''")));
    }
    if items.len() > SHOWN {
        text.push_str(&format!(
            "  # and {}\n",
            counted(items.len() - SHOWN, "more item", "more items")
        ));
    }
    text.push_str("  ```\n");
    text
}

/// A value as code, whatever it contains.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let longest_run = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest_run + 1);
    match text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

/// A text without markup and mentions.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' => {
                out.push('\\');
                out.push(character);
            }
            '@' => out.push_str("@\u{2060}"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_description_is_never_markup() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a`"), "`` `a` ``");
        assert_eq!(escape("<b>*x*</b>"), "\\<b\\>\\*x\\*\\</b\\>");
    }

    #[test]
    fn of_many_items_twenty_are_shown_and_the_others_counted() {
        let shown = |count: usize| {
            let items: Vec<String> = (1..=count).map(|item| format!("+ item {item}")).collect();
            diff(&items)
        };
        let twenty = shown(20);
        assert!(twenty.ends_with("  + item 20\n  ```\n"), "{twenty}");
        let more = shown(21);
        assert!(
            more.ends_with("  + item 20\n  # and 1 more item\n  ```\n"),
            "{more}"
        );
        let many = shown(33);
        assert!(many.ends_with("  # and 13 more items\n  ```\n"), "{many}");
        // An item does not end the block.
        assert_eq!(
            diff(&["+ a```b".to_owned()]),
            "  ```diff\n  + a'''b\n  ```\n"
        );
    }
}
