//! The report as annotations of a workflow run, at the lines of the head.

use graph_client_review::Side;

use super::levels::Level;
use super::report::Report;
use super::words::{axes, change, meaning, title, used_by};

pub(super) fn write(report: &Report) -> String {
    let mut out = String::new();
    for (finding, acceptance) in report.findings() {
        let level = match (report.levels.of(finding), acceptance) {
            (_, Some(_)) | (Level::Note, None) => "notice",
            (Level::Warning, None) => "warning",
            (Level::Error, None) => "error",
        };
        let (line, column) = report
            .place_in_head(finding)
            .map_or((1, 1), |place| (place.line, place.column));
        let title = title(finding);
        let mut message = Vec::new();
        if let Some(change) = change(finding, 300) {
            message.push(change);
        }
        message.push(axes(finding));
        let meaning = meaning(finding);
        message.push(format!("callers: {}", meaning.callers));
        message.push(format!("service: {}", meaning.service));
        message.push(format!("crate: {}", meaning.crate_users));
        if let Some(used_by) = used_by(finding, 5) {
            message.push(format!("used by {used_by}"));
        }
        message.extend(finding.rust_items.iter().cloned());
        if let Some(acceptance) = acceptance {
            message.push(format!("accepted: {}", acceptance.reason));
        }
        out.push_str(&format!(
            "::{level} file={},line={line},col={column},title={}::{}\n",
            property(&report.path(Side::Head)),
            property(&title),
            data(&message.join("\n"))
        ));
    }
    out
}

/// A message: one line to the runner.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property: separators of properties are escaped as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflow_commands_in_texts_are_escaped() {
        assert_eq!(data("50 %\nmore: a, b"), "50 %25%0Amore: a, b");
        assert_eq!(property("a: b, c"), "a%3A b%2C c");
    }
}
