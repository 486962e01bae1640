//! The text of an error: one line of bounded length, with what a user and a support case need.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

use super::Error;

/// The maximum length of a message, in characters.
const LONGEST_MESSAGE: usize = 500;
/// The maximum length of an identifier.
const LONGEST_ID: usize = 100;
/// The maximum length of a list of roles.
const LONGEST_LIST: usize = 300;

/// `update_incident 2972395: 403 Forbidden: … (grant one of: …; request-id …)`. It includes the causes, so there is no
/// source.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            formatter.write_str(&snake_case(operation))?;
            if let Some(subject) = self.subject() {
                formatter.write_str(" ")?;
                one_line(formatter, subject, LONGEST_ID)?;
            }
            formatter.write_str(": ")?;
        }
        if let Some(status) = self.status() {
            write!(formatter, "{status} ")?;
        }
        if let Some(code) = self.code().filter(|code| !self.message().contains(code)) {
            one_line(formatter, code, LONGEST_ID)?;
            formatter.write_str(": ")?;
        }
        one_line(formatter, self.message(), LONGEST_MESSAGE)?;
        self.notes(formatter)
    }
}

impl Error {
    fn notes(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut notes = Notes::new(formatter);
        if !self.missing_roles().is_empty() {
            notes.add(
                "grant one of: ",
                &self.missing_roles().join(", "),
                LONGEST_LIST,
            )?;
        }
        if let Some(delay) = self.retry_after() {
            notes.add(
                "retry after ",
                &format!("{} s", delay.as_secs()),
                LONGEST_ID,
            )?;
        }
        if let Some(id) = self.request_id() {
            notes.add("request-id ", id, LONGEST_ID)?;
        }
        if let Some(id) = self.client_request_id() {
            notes.add("client-request-id ", id, LONGEST_ID)?;
        }
        if self.attempts() > 1 {
            notes.add(
                "after ",
                &format!("{} attempts", self.attempts()),
                LONGEST_ID,
            )?;
        }
        notes.close()
    }
}

/// The same text: `main` prints it for an error that it returns.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// There is no source: the text has all causes, and reporters would print them twice.
impl StdError for Error {}

/// `updateIncident` as the name of the method: `update_incident`.
fn snake_case(operation: &str) -> String {
    let mut name = String::with_capacity(operation.len() + 4);
    for (position, character) in operation.char_indices() {
        if character.is_ascii_uppercase() && position > 0 {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

/// A text as part of a line: white space becomes one space, control characters and characters that change the text's
/// direction are escaped, and the length is limited.
pub(crate) fn line(text: &str, longest: usize) -> String {
    let mut line = String::new();
    let mut was_space = false;
    let mut count = 0;
    for character in text.trim().chars() {
        if count >= longest {
            line.push('…');
            break;
        }
        let is_space = character.is_whitespace();
        match (is_space, character.is_control() || is_invisible(character)) {
            (true, _) if was_space => {}
            (true, _) => line.push(' '),
            (false, true) => line.extend(character.escape_unicode()),
            (false, false) => line.push(character),
        }
        // The shown form of an escaped character counts.
        count += if is_space || !character.is_control() {
            1
        } else {
            6
        };
        was_space = is_space;
    }
    line
}

fn one_line(formatter: &mut fmt::Formatter<'_>, text: &str, longest: usize) -> fmt::Result {
    formatter.write_str(&line(text, longest))
}

/// Characters that change the direction or have no width: with them, a line can look like another.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// Remarks in parentheses after the message.
struct Notes<'a, 'f> {
    formatter: &'a mut fmt::Formatter<'f>,
    count: usize,
}

impl<'a, 'f> Notes<'a, 'f> {
    fn new(formatter: &'a mut fmt::Formatter<'f>) -> Self {
        Self {
            formatter,
            count: 0,
        }
    }

    fn add(&mut self, what: &str, text: &str, longest: usize) -> fmt::Result {
        self.formatter
            .write_str(if self.count == 0 { " (" } else { "; " })?;
        self.count += 1;
        self.formatter.write_str(what)?;
        one_line(self.formatter, text, longest)
    }

    fn close(self) -> fmt::Result {
        if self.count == 0 {
            Ok(())
        } else {
            self.formatter.write_char(')')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::operation::Operation;

    #[test]
    fn an_error_is_one_bounded_line() {
        let nasty = "r\nFAKE LOG LINE\u{1b}[31m\u{202e}\u{2028}".repeat(5_000);
        let mut error = Error::new(Kind::Service, nasty.clone())
            .with_status(403)
            .with_code(Some(nasty.clone() + "c"))
            .with_request_id(Some(nasty.clone()));
        error.0.client_request_id = Some(nasty.clone());
        error.0.subject = Some(nasty.clone());
        error.0.operation = Some("getIncident");
        error.0.missing_roles = vec![nasty; 100];
        for shown in [error.to_string(), format!("{error:?}")] {
            assert!(shown.chars().count() < 2_000, "{}", shown.chars().count());
            assert!(shown.starts_with("get_incident r FAKE LOG LINE"), "{shown}");
            assert!(
                !shown
                    .chars()
                    .any(|c| c.is_control() || c == '\u{202e}' || c == '\u{2028}')
            );
        }
    }

    #[test]
    fn an_operation_is_named_like_its_method() {
        assert_eq!(snake_case("updateIncident"), "update_incident");
        assert_eq!(snake_case("get"), "get");
        assert_eq!(snake_case("Get"), "get");
    }

    #[test]
    fn remarks_share_one_pair_of_parentheses() {
        let error = Error::new(Kind::Service, "no  such\tthing").with_status(404);
        let once = error.again().of_call(&OPERATION, "c", 1);
        assert!(
            once.to_string()
                .ends_with("no such thing (client-request-id c)"),
            "{once}"
        );
        let error = error.with_request_id(Some("r".to_owned()));
        let twice = error.of_call(&OPERATION, "c", 2);
        assert!(
            twice
                .to_string()
                .ends_with("(request-id r; client-request-id c; after 2 attempts)"),
            "{twice}"
        );
    }

    const OPERATION: Operation = Operation::new("getIncident", "GET", "/x", &[]);
}
