//! How many of the latest writes a read shows.

use std::time::Duration;

/// How many of the latest writes a read shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// All writes except those within this time.
    Delayed(Duration),
    /// All writes except the last one.
    Stale,
}

impl Freshness {
    /// All writes.
    pub(crate) const NOW: Self = Self::Delayed(Duration::ZERO);

    /// Whether a write of this age is not shown yet.
    pub(crate) fn hides(self, age: Duration) -> bool {
        match self {
            Self::Stale => true,
            Self::Delayed(delay) => !delay.is_zero() && age < delay,
        }
    }
}

impl Default for Freshness {
    fn default() -> Self {
        Self::NOW
    }
}
