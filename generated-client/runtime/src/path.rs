//! Identifiers in paths: each is exactly one segment, whatever it contains.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::Error;

/// Everything except letters, digits, `-`, `.`, `_` and `~`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An identifier for a path.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a>(&'a str);

impl fmt::Display for Segment<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        utf8_percent_encode(self.0, ENCODED).fmt(formatter)
    }
}

/// Encodes an identifier as one segment of a path.
#[must_use]
pub fn encode_path(value: &str) -> String {
    Segment(value).to_string()
}

/// Refuses an identifier that cannot be one segment; see [`segment`].
///
/// # Errors
///
/// Returns an error with the name of the parameter.
pub fn check(name: &str, value: &str) -> Result<(), Error> {
    segment(name, value).map(|_| ())
}

/// Refuses a string that cannot be quoted in a path.
///
/// # Errors
///
/// Returns an error with the name of the parameter if the text has control characters.
pub fn check_quoted(name: &str, value: &str) -> Result<(), Error> {
    match value.chars().any(char::is_control) {
        true => Err(Error::refused(format!(
            "`{name}` has a control character: {value:?}"
        ))),
        false => Ok(()),
    }
}

/// Doubles the quotes in a quoted string of a path, as OData requires.
#[must_use]
pub fn quoted(value: &str) -> String {
    value.replace('\'', "''")
}

/// Makes one path segment of an identifier.
///
/// `/`, `?`, `#`, `\`, `%` and everything else except letters, digits, `-`, `.`, `_` and `~` is encoded, so that
/// `a/b?c` is the identifier `a/b?c` and not a deeper path.
///
/// # Errors
///
/// Refuses identifiers that no encoding can protect: the empty one, `.` and `..` (URL parsers resolve them even if they
/// are encoded), the same written with `%2e`, and those with control characters.
pub fn segment<'a>(name: &str, value: &'a str) -> Result<Segment<'a>, Error> {
    let reason = if value.is_empty() {
        "is empty"
    } else if value.chars().any(char::is_control) {
        "has a control character"
    } else if is_dots(value)
        || percent_decode_str(value)
            .decode_utf8()
            .is_ok_and(|plain| is_dots(&plain))
    {
        "would lead to another folder"
    } else if percent_decode_str(value).any(|byte| byte.is_ascii_control()) {
        "has an encoded control character"
    } else {
        return Ok(Segment(value));
    };
    Err(Error::refused(format!("`{name}` {reason}: {value:?}")))
}

fn is_dots(value: &str) -> bool {
    matches!(value, "." | "..")
}

#[cfg(test)]
mod tests {
    use super::{check_quoted, encode_path, quoted, segment};

    #[test]
    fn quotes_in_a_quoted_segment_are_doubled_and_empty_strings_allowed() {
        assert_eq!(encode_path(&quoted("O'Brien")), "O%27%27Brien");
        assert!(check_quoted("id", "").is_ok());
        assert!(check_quoted("id", "a\nb").is_err());
    }

    #[test]
    fn segments_that_would_escape_are_refused() {
        for id in [
            "", ".", "..", "%2e", "%2E%2e", ".%2E", "%2e.", "a\nb", "a\0", "\u{7f}", "%00",
            "a%0d%0ab",
        ] {
            let error = segment("incident-id", id).unwrap_err();
            assert!(error.is_refused(), "{id:?}");
            assert!(error.to_string().contains("incident-id"), "{error}");
        }
    }

    #[test]
    fn everything_else_is_one_segment() {
        for (id, written) in [
            ("2972395", "2972395"),
            (
                "da637551227677560813_-961444813",
                "da637551227677560813_-961444813",
            ),
            ("a/b?c#d", "a%2Fb%3Fc%23d"),
            (r"a\b", "a%5Cb"),
            ("%2f", "%252f"),
            ("100%", "100%25"),
            ("../x", "..%2Fx"),
            ("...", "..."),
            ("é ", "%C3%A9%20"),
        ] {
            assert_eq!(segment("id", id).unwrap().to_string(), written);
        }
    }

    #[test]
    fn a_segment_survives_the_url_parser() {
        for id in [
            "a/b?c", r"..\..", "../..", "%2e%2e/", ";a=b", "@host", "//host",
        ] {
            let Ok(segment) = segment("id", id) else {
                continue;
            };
            let url: url::Url =
                format!("https://graph.microsoft.com/beta/security/incidents/{segment}/alerts")
                    .parse()
                    .unwrap();
            assert_eq!(url.path_segments().unwrap().count(), 5, "{url}");
            assert!(url.path().starts_with("/beta/security/incidents/"), "{url}");
            assert_eq!(url.query(), None);
        }
    }
}
