//! Literals of KQL: a value from elsewhere cannot change the query that it is inserted into.
//!
//! ```
//! use graph_incidents::hunting::kql;
//!
//! let name = r#"evil" or FileName != "x.exe"#;
//! assert_eq!(
//!     format!("DeviceFileEvents | where FileName == {}", kql::text(name)),
//!     r#"DeviceFileEvents | where FileName == "evil\" or FileName != \"x.exe""#
//! );
//! assert_eq!(kql::texts(["a", "b"]).to_string(), r#"("a", "b")"#);
//! ```

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};

/// A literal or a name, as it is written in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal(String);

impl Literal {
    /// Returns the text to write into a query.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Quotes a string and escapes everything in it that could end the literal.
#[must_use]
pub fn text(text: impl AsRef<str>) -> Literal {
    Literal(quoted(text.as_ref()))
}

/// Writes strings as the list that `in` and `in~` take. Without strings the list has one empty string, since the language
/// allows no empty list; only an empty value is in it.
#[must_use]
pub fn texts(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Literal {
    let mut list: Vec<String> = texts
        .into_iter()
        .map(|text| quoted(text.as_ref()))
        .collect();
    if list.is_empty() {
        list.push(quoted(""));
    }
    Literal(format!("({})", list.join(", ")))
}

/// Writes a point in time with seven fractional digits, as many as the engine keeps; further digits are cut off.
#[must_use]
pub fn time(time: DateTime<Utc>) -> Literal {
    let mut text = time.to_rfc3339_opts(SecondsFormat::Nanos, true);
    // Two of the nine digits, and the letter behind them.
    text.truncate(text.len() - 3);
    Literal(format!("datetime({text}Z)"))
}

/// Writes the name of a table or column that is not a plain word.
#[must_use]
pub fn name(name: impl AsRef<str>) -> Literal {
    Literal(format!("[{}]", quoted(name.as_ref())))
}

fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => literal.extend(['\\', letter]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            // Some readers take these for the end of a line, or do not show them.
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                literal.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => literal.push(letter),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_string_ends_the_literal() {
        for (given, written) in [
            ("plain.exe", r#""plain.exe""#),
            (r#"a"b"#, r#""a\"b""#),
            (r"a\", r#""a\\""#),
            (r#"\" or "x" == "x"#, r#""\\\" or \"x\" == \"x""#),
            ("a\nb\r\t\0", r#""a\nb\r\t\u0000""#),
            ("\u{85}\u{2028}", r#""\u0085\u2028""#),
            ("'é漢😀 // | ```", "\"'é漢😀 // | ```\""),
        ] {
            assert_eq!(text(given).as_str(), written);
        }
    }

    #[test]
    fn lists_times_and_names_are_literals_too() {
        assert_eq!(texts(["a\"", "b"]).as_str(), r#"("a\"", "b")"#);
        assert_eq!(texts(Vec::<String>::new()).as_str(), r#"("")"#);
        let moment = "2026-08-03T07:41:58.123456789Z".parse().unwrap();
        assert_eq!(
            time(moment).as_str(),
            "datetime(2026-08-03T07:41:58.1234567Z)"
        );
        assert_eq!(name("a b\"]").as_str(), r#"["a b\"]"]"#);
    }
}
