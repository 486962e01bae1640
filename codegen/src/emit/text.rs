//! Converts texts of a fragment to Markdown that rustdoc renders as intended.

/// The maximum width of a line of documentation, without indentation and slashes.
const WIDTH: usize = 100;

/// The lines of a text, wrapped.
///
/// rustdoc would read brackets as links, angle brackets as HTML, and indented or fenced text as code to compile.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut in_fence = false;
    for line in text.trim().lines() {
        if line.trim_start().starts_with("```") {
            lines.push(if in_fence { "```" } else { "```text" }.to_owned());
            in_fence = !in_fence;
        } else if in_fence {
            lines.push(line.trim_end().to_owned());
        } else {
            lines.extend(wrap(&unindented(line)));
        }
    }
    if in_fence {
        lines.push("```".to_owned());
    }
    lines
}

/// Four spaces would turn a line into code.
fn unindented(line: &str) -> String {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let most = if is_item(text) {
        indent.min(6)
    } else {
        indent.min(3)
    };
    format!("{}{text}", " ".repeat(most))
}

fn is_item(text: &str) -> bool {
    text.starts_with("- ") || text.starts_with("* ")
}

/// Wraps a line; the rest of a list item stays indented below it.
fn wrap(line: &str) -> Vec<String> {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let hanging = " ".repeat(if is_item(text) { indent + 2 } else { indent });
    let options = textwrap::Options::new(WIDTH)
        .break_words(false)
        // A link that is wrapped at a hyphen no longer works.
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .subsequent_indent(&hanging);
    textwrap::wrap(&tame(line), options)
        .into_iter()
        .map(|line| line.into_owned())
        .collect()
}

/// Escapes `<` and `[` outside code spans and links, and turns bare URLs into links.
fn tame(line: &str) -> String {
    let has_code = line.matches('`').count().is_multiple_of(2);
    let mut tamed = String::with_capacity(line.len());
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            tamed.push_str(if has_code { "`" } else { "\\`" });
        }
        let is_code = has_code && index % 2 == 1;
        if is_code {
            tamed.push_str(part);
            continue;
        }
        let has_link = part.contains("](");
        let words = part.split(' ').map(|word| {
            let is_link = word.contains("](") || (has_link && !word.contains("http"));
            match is_link {
                true => word.to_owned(),
                false => tame_word(word),
            }
        });
        tamed.push_str(&words.collect::<Vec<_>>().join(" "));
    }
    tamed
}

fn tame_word(word: &str) -> String {
    let Some(start) = word.find("http://").or_else(|| word.find("https://")) else {
        return word.replace('<', "\\<").replace('[', "\\[");
    };
    let (before, address) = word.split_at(start);
    let end = address
        .find(['<', '>', '"', ')', ']', '`'])
        .unwrap_or_else(|| {
            address
                .trim_end_matches(['.', ',', ';', ':', '!', '?'])
                .len()
        });
    let (address, after) = address.split_at(end);
    let before = before.trim_end_matches('<');
    let after = after.strip_prefix('>').unwrap_or(after);
    format!("{}<{address}>{}", tame_word(before), tame_word(after))
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn brackets_are_escaped_and_code_spans_are_kept() {
        assert_eq!(
            lines("values [0..7] of <id>, see `a[0] <b>`"),
            ["values \\[0..7] of \\<id>, see `a[0] <b>`"]
        );
        assert_eq!(lines("it`s <b>"), ["it\\`s \\<b>"]);
    }

    #[test]
    fn urls_become_links() {
        assert_eq!(
            lines(
                "see https://example.com/a?b=c. Or (https://example.com) or <https://example.com>, [x](https://example.com)"
            ),
            [
                "see <https://example.com/a?b=c>. Or (<https://example.com>) or <https://example.com>,",
                "[x](https://example.com)"
            ]
        );
    }

    #[test]
    fn a_long_list_item_is_indented_below_its_mark() {
        let text = format!("- {}", "word ".repeat(30));
        assert!(lines(&text)[1].starts_with("  word"));
    }

    #[test]
    fn no_text_becomes_code_to_compile() {
        assert_eq!(lines("a\n\n      b"), ["a", "", "   b"]);
        assert_eq!(
            lines("```\nlet x = [1];\n```"),
            ["```text", "let x = [1];", "```"]
        );
        assert_eq!(lines("```kql\nopen"), ["```text", "open", "```"]);
    }
}
