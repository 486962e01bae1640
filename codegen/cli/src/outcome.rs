//! How a command ends.

use std::fmt;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Success: exit code 0.
    Fine,
    /// Generated files are out of date: exit code 4.
    OutOfDate,
    /// A finding is breaking in the caller's sense: exit code 4.
    Breaks,
    /// Upstream has something that the fragment lacks: exit code 4.
    Differs,
}

impl Outcome {
    /// Returns the exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::OutOfDate | Self::Breaks | Self::Differs => 4,
        }
    }
}

/// Why a command failed: exit code 100.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// Creates a failure with its reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// Creates a failure of an operation on a file or folder.
    #[must_use]
    pub fn at(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self(format!("error: {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(format!("error: {error}"))
    }
}

impl From<graph_client_codegen::Problems> for Failure {
    fn from(problems: graph_client_codegen::Problems) -> Self {
        Self(problems.to_string())
    }
}

/// Returns a number with its noun: `1 operation`, `8 operations`.
#[must_use]
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
