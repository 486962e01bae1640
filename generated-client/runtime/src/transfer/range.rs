//! Ranges of a stream of bytes, in requests and responses.

use std::fmt;
use std::ops::{Bound, RangeBounds};

use reqwest::header::{CONTENT_RANGE, HeaderMap};

/// A range of a stream of bytes, from a first byte to a last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    first: u64,
    /// None if it goes to the end.
    last: Option<u64>,
    is_empty: bool,
}

impl ByteRange {
    /// Converts a Rust range.
    pub fn new(range: impl RangeBounds<u64>) -> Self {
        let first = match range.start_bound() {
            Bound::Included(first) => *first,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => Some(last.saturating_add(1)),
            Bound::Excluded(end) => Some(*end),
            Bound::Unbounded => None,
        };
        Self {
            first,
            last: end.map(|end| end.saturating_sub(1)),
            is_empty: end.is_some_and(|end| end <= first),
        }
    }

    /// Whether it is empty; HTTP cannot request that.
    pub(crate) fn is_empty(self) -> bool {
        self.is_empty
    }

    pub(super) fn first(self) -> u64 {
        self.first
    }

    /// The rest after a number of bytes; none if nothing is left.
    pub(super) fn after(self, received: u64) -> Option<Self> {
        let first = self.first.saturating_add(received);
        let is_left = self.last.is_none_or(|last| first <= last);
        is_left.then_some(Self { first, ..self })
    }
}

/// The value of the header `Range`.
impl fmt::Display for ByteRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) => write!(formatter, "bytes={}-{last}", self.first),
            None => write!(formatter, "bytes={}-", self.first),
        }
    }
}

/// The content of `Content-Range`: the first byte, the last one, and the total number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ContentRange {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) total: Option<u64>,
}

impl ContentRange {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
        let (part, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = part.trim().split_once('-')?;
        Some(Self {
            first: first.trim().parse().ok()?,
            last: last.trim().parse().ok()?,
            total: total.trim().parse().ok(),
        })
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn a_range_is_written_in_http_syntax() {
        for (range, written) in [
            (ByteRange::new(..10), "bytes=0-9"),
            (ByteRange::new(5..=9), "bytes=5-9"),
            (ByteRange::new(5..), "bytes=5-"),
            (ByteRange::new(..), "bytes=0-"),
        ] {
            assert_eq!(range.to_string(), written);
            assert!(!range.is_empty());
        }
        assert!(ByteRange::new(5..5).is_empty());
        assert!(ByteRange::new(..0).is_empty());
        assert_eq!(
            ByteRange::new(..10).after(4).unwrap().to_string(),
            "bytes=4-9"
        );
        assert_eq!(ByteRange::new(..10).after(10), None);
    }

    #[test]
    fn a_content_range_is_parsed_and_an_invalid_one_is_not() {
        let read = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_RANGE, HeaderValue::from_static(text));
            ContentRange::of(&headers)
        };
        let part = read("bytes 5-9/20").unwrap();
        assert_eq!((part.first, part.last, part.total), (5, 9, Some(20)));
        assert_eq!(read("bytes 5-9/*").unwrap().total, None);
        assert_eq!(read("bytes */20"), None);
        assert_eq!(read("lines 5-9/20"), None);
    }
}
