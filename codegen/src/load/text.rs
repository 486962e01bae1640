//! Problems of a text that are found before it is parsed as YAML.

use crate::diagnostic::{Position, Problem, Problems};

use super::LONGEST;

/// Refuses what a YAML parser would silently ignore or crash on.
pub(super) fn check(file: &str, text: &str) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let mut report = |rule, position, message: String, help: &str| {
        problems.push(Problem {
            rule,
            message,
            file: file.to_owned(),
            position: Some(position),
            pointer: "#".to_owned(),
            help: help.to_owned(),
        });
    };
    let start = Position { line: 1, column: 1 };
    if text.len() > LONGEST {
        report(
            "too-long",
            start,
            format!("the text has {} bytes; the limit is {LONGEST}", text.len()),
            "remove the parts that the client does not need",
        );
    } else if text.starts_with('\u{feff}') {
        report(
            "byte-order-mark",
            start,
            "the text starts with a byte order mark".to_owned(),
            "save it as UTF-8 without one",
        );
    } else if text.starts_with('%') {
        report(
            "directive",
            start,
            "the text starts with a YAML directive".to_owned(),
            "remove it: descriptions are read as YAML 1.2",
        );
    } else if let Some(offset) = text.bytes().position(is_forbidden) {
        let code = text.as_bytes().get(offset).copied().unwrap_or_default();
        report(
            "control-character",
            position_of(text, offset),
            format!("the control character U+{code:04X} is not allowed in YAML"),
            "remove it, or write it as an escape in double quotes",
        );
    }
    problems.into_result()
}

/// What to do about a line that is not YAML.
pub(super) fn syntax_help(text: &str, line: usize) -> &'static str {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let indent = line
        .get(..line.len() - line.trim_start().len())
        .unwrap_or_default();
    match indent.contains('\t') {
        true => "indent with spaces: YAML does not allow tabs there",
        false => {
            "correct the YAML; a value with `: `, ` #` or a special first character needs quotes"
        }
    }
}

fn is_forbidden(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f
}

fn position_of(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Position {
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
    }
}
