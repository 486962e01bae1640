//! How an error is shown: one line, with what a support case needs.

use std::error::Error as StdError;
use std::fmt;

use super::Error;

/// More of a message than this is not shown.
const LONGEST_MESSAGE: usize = 500;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(formatter, "{operation}: ")?;
        }
        if let Some(status) = self.status() {
            write!(formatter, "{status} ")?;
        }
        if let Some(code) = self.code() {
            one_line(formatter, code, LONGEST_MESSAGE)?;
            formatter.write_str(": ")?;
        }
        one_line(formatter, self.message(), LONGEST_MESSAGE)?;
        let mut notes = Notes::new(formatter);
        if !self.missing_roles().is_empty() {
            notes.add(format_args!(
                "any of these application roles suffices: {}",
                self.missing_roles().join(", ")
            ))?;
        }
        if let Some(delay) = self.retry_after() {
            notes.add(format_args!("retry after {} s", delay.as_secs()))?;
        }
        if let Some(id) = self.request_id() {
            notes.add(format_args!("request-id {id}"))?;
        }
        if let Some(id) = self.client_request_id() {
            notes.add(format_args!("client-request-id {id}"))?;
        }
        if self.attempts() > 1 {
            notes.add(format_args!("{} attempts", self.attempts()))?;
        }
        notes.close()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.operation)
            .field("status", &self.0.status)
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("details", &self.0.details)
            .field("request_id", &self.0.request_id)
            .field("client_request_id", &self.0.client_request_id)
            .field("retry_after", &self.0.retry_after)
            .field("missing_roles", &self.0.missing_roles)
            .field("attempts", &self.0.attempts)
            .field("effect", &self.0.effect)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}

/// Writes a text without line feeds and control characters, and not more of it than is good for a line.
fn one_line(formatter: &mut fmt::Formatter<'_>, text: &str, longest: usize) -> fmt::Result {
    let mut was_space = false;
    for (count, character) in text.trim().chars().enumerate() {
        if count == longest {
            return formatter.write_str("…");
        }
        let is_space = character.is_whitespace() || character.is_control();
        match (is_space, was_space) {
            (true, true) => {}
            (true, false) => formatter.write_str(" ")?,
            (false, _) => fmt::Write::write_char(formatter, character)?,
        }
        was_space = is_space;
    }
    Ok(())
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

    fn add(&mut self, note: fmt::Arguments<'_>) -> fmt::Result {
        self.formatter
            .write_str(if self.count == 0 { " (" } else { "; " })?;
        self.count += 1;
        self.formatter.write_fmt(note)
    }

    fn close(self) -> fmt::Result {
        if self.count == 0 {
            Ok(())
        } else {
            self.formatter.write_str(")")
        }
    }
}
