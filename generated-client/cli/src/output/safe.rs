//! Escapes text that attackers may have written: control, escape and bidirectional characters.

use std::borrow::Cow;

/// Escapes characters that could move a cursor, hide text or change its direction. The result is one line.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            other if is_dangerous(other) => safe.extend(other.escape_unicode()),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// Like [`line()`], for text with several lines: line feeds and tabs are kept.
pub(crate) fn paragraph(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|part| {
            let part = part.strip_suffix('\r').unwrap_or(part);
            let cells: Vec<Cow<'_, str>> = part.split('\t').map(line).collect();
            cells.join("\t")
        })
        .collect();
    lines.join("\n")
}

/// A CSV cell that no spreadsheet takes for a formula.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}

/// Control characters of both sets, marks that change the text's direction, invisible marks, line separators, and
/// private characters, whose look depends on the font and which mark the coloured text of [`table`](super::table).
pub(super) fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{00ad}'
                | '\u{034f}'
                | '\u{061c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
                | '\u{f0000}'..='\u{10ffff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_bidirectional_text_are_shown_and_not_obeyed() {
        assert_eq!(line("plain ü 漢"), "plain ü 漢");
        assert_eq!(line("\u{1b}[2Jgone"), "\\u{1b}[2Jgone");
        assert_eq!(line("exe.\u{202e}txt"), "exe.\\u{202e}txt");
        assert_eq!(line("a\nb\r\tc\u{9b}31m"), "a\\nb\\r\\tc\\u{9b}31m");
        assert_eq!(paragraph("a\r\nb\tc\u{7}"), "a\nb\tc\\u{7}");
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell(""), "");
    }
}
