//! How much of the latest writes a read shows.

use std::time::Duration;

/// How much of the latest writes a read shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Everything but what was written within that time.
    Delayed(Duration),
    /// Not the last write.
    Stale,
}

impl Freshness {
    /// Everything.
    pub(crate) const NOW: Self = Self::Delayed(Duration::ZERO);

    /// Whether a write so long ago is not shown yet.
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
