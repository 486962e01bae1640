//! The texts of a finding: what happened, the old and the new value, and whom it affects.

use graph_client_review::{Finding, FindingKind, Rust, Wire};

use crate::counted;

/// How much of the common part is shown around a difference.
const CONTEXT: usize = 24;

/// The change as a verb: `Added`, `Removed`, `Renamed`.
pub(super) fn verb(finding: &Finding) -> &'static str {
    let name = finding.kind.as_str();
    for (end, verb) in [
        ("-added", "Added"),
        ("-removed", "Removed"),
        ("-renamed", "Renamed"),
        ("-moved", "Moved"),
        ("-opened", "Opened"),
        ("-closed", "Closed"),
        ("-dropped", "Dropped"),
        ("-introduced", "Introduced"),
    ] {
        if name.ends_with(end) {
            return verb;
        }
    }
    match (&finding.from, &finding.to, finding.kind) {
        (None, Some(_), _) => "Added",
        (Some(_), None, _) => "Removed",
        (_, _, FindingKind::DocsChanged) => "Reworded",
        _ => "Changed",
    }
}

/// The kind of the changed part: `enum member`, `property type`.
pub(super) fn noun(kind: FindingKind) -> String {
    let name = kind.as_str();
    let noun = name.rsplit_once('-').map_or(name, |(noun, _)| noun);
    match kind {
        FindingKind::EnumOpened | FindingKind::EnumClosed => "enumeration".to_owned(),
        FindingKind::DocsChanged => "text of".to_owned(),
        FindingKind::NotUnderstood => "(not understood)".to_owned(),
        // The subject already says it.
        FindingKind::ServerAdded | FindingKind::ServerRemoved | FindingKind::ServerChanged => {
            "the".to_owned()
        }
        _ => noun.replace('-', " "),
    }
}

/// The change in one line, without the values.
pub(super) fn title(finding: &Finding) -> String {
    let mut title = format!(
        "{} {} {}",
        verb(finding),
        noun(finding.kind),
        finding.subject
    );
    if !finding.detail.is_empty() {
        title.push_str(&format!(" ({})", finding.detail));
    }
    title
}

/// `a → b`; of long values, only the difference.
pub(super) fn change(finding: &Finding, longest: usize) -> Option<String> {
    let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (
        finding.from.as_ref().map(one_line),
        finding.to.as_ref().map(one_line),
    ) {
        (Some(from), Some(to)) => {
            let (from, to) = difference(&from, &to, longest);
            Some(format!("{from} → {to}"))
        }
        (Some(one), None) | (None, Some(one)) => Some(cut(&one, longest)),
        (None, None) => None,
    }
}

fn cut(text: &str, longest: usize) -> String {
    match text.chars().count() > longest {
        true => text.chars().take(longest).collect::<String>() + "…",
        false => text.to_owned(),
    }
}

/// Two texts; if one of them is long, the different part with a little context.
fn difference(from: &str, to: &str, longest: usize) -> (String, String) {
    let (old, new): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    if old.len().max(new.len()) <= longest {
        return (from.to_owned(), to.to_owned());
    }
    let before = old
        .iter()
        .zip(&new)
        .take_while(|(left, right)| left == right)
        .count();
    let most = old.len().min(new.len()) - before;
    let behind = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(most)
        .take_while(|(left, right)| left == right)
        .count();
    let part = |all: &[char]| {
        let start = before.saturating_sub(CONTEXT);
        let end = (all.len() - behind + CONTEXT).min(all.len());
        let shown: String = all[start..end].iter().collect();
        let shown = cut(&shown, longest.max(4 * CONTEXT));
        let open = if start > 0 { "…" } else { "" };
        let close = if end < all.len() && !shown.ends_with('…') {
            "…"
        } else {
            ""
        };
        format!("{open}{shown}{close}")
    };
    (part(&old), part(&new))
}

/// The operations and types that a finding affects, the first few by name.
pub(super) fn used_by(finding: &Finding, shown: usize) -> Option<String> {
    let (operations, types): (Vec<_>, Vec<_>) =
        finding.used_by.iter().partition(|name| name.contains(' '));
    if finding.used_by.is_empty()
        || (operations.len() == 1 && finding.subject.starts_with(operations[0].as_str()))
    {
        return None;
    }
    let mut parts: Vec<String> = operations
        .iter()
        .take(shown)
        .map(|name| (*name).clone())
        .collect();
    if operations.len() > shown {
        parts.push(counted(
            operations.len() - shown,
            "more operation",
            "more operations",
        ));
    }
    if !types.is_empty() {
        parts.push(match types.len() {
            1..=2 => types
                .iter()
                .map(|name| name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            count => counted(count, "type", "types"),
        });
    }
    Some(parts.join(", "))
}

/// The two axes as text; the wire comes first.
pub(super) fn axes(finding: &Finding) -> String {
    format!(
        "wire {}, rust {}",
        finding.wire.as_str(),
        finding.rust.as_str()
    )
}

/// The effect of a finding on callers of the service, on the service, and on users of the crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) callers: &'static str,
    pub(super) service: &'static str,
    pub(super) crate_users: &'static str,
}

/// The effect on each audience.
pub(super) fn meaning(finding: &Finding) -> Meaning {
    let sends = finding.request == Some(Wire::Breaking);
    let reads = finding.response == Some(Wire::Breaking);
    let (callers, service) = match (sends, reads) {
        _ if !finding.understood => (
            "no rule covers this change: compare both values",
            "no rule covers this change: compare both values",
        ),
        (true, true) => (
            "existing requests may be refused, and responses may contain what your code does not expect",
            "deployed clients have to change before you refuse the old form or send the new one",
        ),
        (true, false) => (
            "existing requests may be refused",
            "deployed clients have to change before you refuse the old form",
        ),
        (false, true) => (
            "responses may contain what your code does not expect, or lack what it needs",
            "deployed clients have to change before you send the new form",
        ),
        (false, false) if finding.wire == Wire::None => {
            ("requests and responses stay the same", "nothing to change")
        }
        (false, false) => (
            "existing programs continue to work",
            "deployed clients need not change",
        ),
    };
    let crate_users = match finding.rust {
        Rust::Breaking => "code that uses these items has to change",
        Rust::Additive => "there are new items; no code has to change",
        Rust::None => "no code has to change",
    };
    Meaning {
        callers,
        service,
        crate_users,
    }
}

/// The entry of `spec/accepted.yaml` that accepts a finding.
pub(super) fn acceptance(finding: &Finding) -> String {
    format!(
        "- {{id: \"{}\", reason: \"…\", expires: YYYY-MM-DD}}",
        finding.id
    )
}

/// The line of a changelog that tells of a finding.
pub(super) fn changelog_entry(finding: &Finding) -> String {
    let mut entry = format!("- {}", title(finding));
    if let Some(change) = change(finding, 70)
        && finding.kind != FindingKind::DocsChanged
    {
        entry.push_str(&format!(": {change}"));
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_shortened_to_the_part_that_differs() {
        let long = format!("{}frozen{}", "a".repeat(100), "b".repeat(100));
        let (from, to) = difference(&long, &long.replace("frozen", "molten"), 70);
        assert!(
            from.contains("frozen") && to.contains("molten"),
            "{from} {to}"
        );
        assert!(from.starts_with('…') && from.ends_with('…'), "{from}");
        assert!(from.chars().count() < 70, "{from}");
        assert_eq!(difference("a", "b", 70), ("a".to_owned(), "b".to_owned()));
    }

    #[test]
    fn an_ellipsis_marks_only_what_is_left_out() {
        let common = "c".repeat(100);
        let at = |before: &str, after: &str| {
            let values = ["frozen", "liquid"].map(|word| format!("{before}{word}{after}"));
            difference(&values[0], &values[1], 70)
        };
        let (from, to) = at("", &common);
        assert_eq!(from, format!("frozen{}…", "c".repeat(CONTEXT)));
        assert_eq!(to, format!("liquid{}…", "c".repeat(CONTEXT)));
        let (from, to) = at(&common, "");
        assert_eq!(from, format!("…{}frozen", "c".repeat(CONTEXT)));
        assert_eq!(to, format!("…{}liquid", "c".repeat(CONTEXT)));
        // A difference that is itself too long is cut, with one mark at its end.
        let (from, _) = difference(&"a".repeat(400), &"b".repeat(400), 70);
        assert_eq!(from, format!("{}…", "a".repeat(4 * CONTEXT)));
        let (from, _) = difference(
            &format!("{}{common}", "a".repeat(400)),
            &format!("{}{common}", "b".repeat(400)),
            70,
        );
        assert_eq!(from, format!("{}…", "a".repeat(4 * CONTEXT)));
        // As long as allowed, nothing is left out.
        let whole = difference(&common, &"d".repeat(100), 100);
        assert_eq!(whole, (common.clone(), "d".repeat(100)));
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "abc…");
    }

    #[test]
    fn a_string_within_another_is_not_counted_twice() {
        let (from, to) = difference(&"ab".repeat(60), &"ab".repeat(61), 10);
        assert_ne!(from, to);
    }
}
