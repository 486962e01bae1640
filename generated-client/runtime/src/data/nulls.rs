//! The properties that the service sent as null.

/// The declared properties that the service sent as null: one bit for each.
///
/// Most callers treat absent and null properties alike, so both have no value; serialization still restores the
/// difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nulls<const WORDS: usize>(pub(crate) [u64; WORDS]);

impl<const WORDS: usize> Nulls<WORDS> {
    /// The bits.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    /// The bits.
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }
}

impl<const WORDS: usize> Default for Nulls<WORDS> {
    fn default() -> Self {
        Self([0; WORDS])
    }
}

pub(super) fn is_null_at(nulls: &[u64], index: usize) -> bool {
    nulls
        .get(index / 64)
        .is_some_and(|word| word & (1 << (index % 64)) != 0)
}

pub(super) fn set_null_at(nulls: &mut [u64], index: usize, came_as_null: bool) {
    if let Some(word) = nulls.get_mut(index / 64) {
        let bit = 1 << (index % 64);
        *word = match came_as_null {
            true => *word | bit,
            false => *word & !bit,
        };
    }
}
