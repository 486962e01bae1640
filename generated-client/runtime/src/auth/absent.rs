//! The error of a token source that is not available.

use std::fmt;

/// The error of an unavailable token source: not configured, not installed, not on this machine.
///
/// A [`Chain`](super::Chain) skips only such sources: a source that is available and refused ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent(String);

impl Absent {
    /// Creates the error with the reason.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Absent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Absent {}
