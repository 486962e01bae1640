//! Bounds on what a response may cost, so that nothing is unbounded on hostile input.

use std::time::Duration;

use crate::operation::Patience;

/// How long one attempt may take, where nobody has said.
const ATTEMPT: Duration = Duration::from_secs(60);

/// Limits on what the client accepts from the service.
///
/// A bound that is reached is an error with [`Error::is_limit`](crate::Error::is_limit), or
/// [`Error::is_timeout`](crate::Error::is_timeout) for time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    pub(crate) response_bytes: usize,
    pub(crate) memory_bytes: usize,
    pub(crate) pages: u64,
    pub(crate) empty_pages: u32,
    /// Nothing where the caller has not set it.
    pub(crate) attempt_time: Option<Duration>,
}

impl Default for Limits {
    /// 64 MiB a response, 256 MiB once it is read, 100,000 pages a listing, 16 empty pages in a row, 60 s an attempt.
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
    /// Returns how many empty pages in a row end a listing; see [`empty_pages`](Self::empty_pages).
    #[must_use]
    pub fn empty_pages_in_a_row(&self) -> u32 {
        self.empty_pages
    }

    /// How long one attempt of an operation may take.
    pub(crate) fn longest_attempt(&self, patience: Option<Patience>) -> Duration {
        let usual = patience.map_or(ATTEMPT, |patience| patience.attempt);
        self.attempt_time.unwrap_or(usual)
    }

    /// Sets how large a response may be, in bytes, after decompression. Default: 64 MiB.
    pub fn response_bytes(mut self, bytes: usize) -> Self {
        self.response_bytes = bytes;
        self
    }

    /// Sets how much memory a response may take once it is read, in bytes and about. Default: 256 MiB.
    ///
    /// It bounds items as well as bytes: 16 KB of gzip can hold millions of empty objects.
    pub fn memory_bytes(mut self, bytes: usize) -> Self {
        self.memory_bytes = bytes;
        self
    }

    /// Sets how many pages a listing may have. Default: 100,000.
    pub fn pages(mut self, pages: u64) -> Self {
        self.pages = pages;
        self
    }

    /// Sets how many pages without items may follow one another. Default: 16.
    pub fn empty_pages(mut self, pages: u32) -> Self {
        self.empty_pages = pages;
        self
    }

    /// Sets how long one attempt may take, the response's body included. Default: 60 s; for an operation that takes longer
    /// by nature, such as a hunting query, what its method says.
    pub fn attempt_time(mut self, time: Duration) -> Self {
        self.attempt_time = Some(time);
        self
    }
}
