//! Limits on responses, so that hostile input cannot exhaust resources.

use std::time::Duration;

use crate::operation::Patience;

/// The default duration of an attempt.
const ATTEMPT: Duration = Duration::from_secs(60);

/// Limits on what the client accepts from the service.
///
/// A limit that is reached is an error with [`Error::is_limit`](crate::Error::is_limit), or
/// [`Error::is_timeout`](crate::Error::is_timeout) for time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    pub(crate) response_bytes: usize,
    pub(crate) memory_bytes: usize,
    pub(crate) pages: u64,
    pub(crate) empty_pages: u32,
    /// None if the caller has not set it.
    pub(crate) attempt_time: Option<Duration>,
}

impl Default for Limits {
    /// 64 MiB for a response, 256 MiB once it is read, 100,000 pages of a listing, 16 empty pages in a row, 60 s for an
    /// attempt.
    fn default() -> Self {
        Self {
            response_bytes: 64 << 20,
            memory_bytes: 256 << 20,
            pages: 100_000,
            empty_pages: 16,
            attempt_time: None,
        }
    }
}

impl Limits {
    /// Returns the maximum number of consecutive empty pages; see [`empty_pages`](Self::empty_pages).
    #[must_use]
    pub fn empty_pages_in_a_row(&self) -> u32 {
        self.empty_pages
    }

    /// The maximum duration of an attempt of an operation.
    pub(crate) fn longest_attempt(&self, patience: Option<Patience>) -> Duration {
        let usual = patience.map_or(ATTEMPT, |patience| patience.attempt);
        self.attempt_time.unwrap_or(usual)
    }

    /// Sets the maximum size of a response in bytes, after decompression. Default: 64 MiB.
    pub fn response_bytes(mut self, bytes: usize) -> Self {
        self.response_bytes = bytes;
        self
    }

    /// Sets the approximate maximum memory of a response once it is read, in bytes. Default: 256 MiB.
    ///
    /// It limits items as well as bytes: 16 KB of gzip can contain millions of empty objects.
    pub fn memory_bytes(mut self, bytes: usize) -> Self {
        self.memory_bytes = bytes;
        self
    }

    /// Sets the maximum number of pages in a listing. Default: 100,000.
    pub fn pages(mut self, pages: u64) -> Self {
        self.pages = pages;
        self
    }

    /// Sets the maximum number of consecutive pages without items. Default: 16.
    pub fn empty_pages(mut self, pages: u32) -> Self {
        self.empty_pages = pages;
        self
    }

    /// Sets the maximum duration of an attempt, including the response's body. Default: 60 s; for an operation that
    /// usually takes longer, such as a hunting query, see its method.
    pub fn attempt_time(mut self, time: Duration) -> Self {
        self.attempt_time = Some(time);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_set_by_itself() {
        let time = Duration::from_secs(5);
        let limits = Limits::default()
            .response_bytes(1)
            .memory_bytes(2)
            .pages(3)
            .empty_pages(4)
            .attempt_time(time);
        let expected = Limits {
            response_bytes: 1,
            memory_bytes: 2,
            pages: 3,
            empty_pages: 4,
            attempt_time: Some(time),
        };
        assert_eq!(limits, expected);
        assert_eq!(limits.empty_pages_in_a_row(), 4);
    }
}
