//! The memory limit of a response that is read: a few kilobytes on the wire can contain millions of items.

use std::cell::Cell;

/// The remaining memory for a response.
#[derive(Debug)]
pub struct Budget {
    left: Cell<usize>,
    is_exceeded: Cell<bool>,
}

impl Budget {
    /// The memory of an entry of a JSON object in addition to its value's parts: its name, its value and its node in
    /// the tree.
    pub(super) const ENTRY: usize = 96;

    /// Creates a limit in bytes.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self {
            left: Cell::new(bytes),
            is_exceeded: Cell::new(false),
        }
    }

    /// Creates no limit, for sources that are already in memory.
    #[must_use]
    pub fn unbounded() -> Self {
        Self::new(usize::MAX)
    }

    /// Whether the limit was exceeded.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.is_exceeded.get()
    }

    #[inline]
    pub(super) fn spend<E: serde::de::Error>(&self, bytes: usize) -> Result<(), E> {
        match self.left.get().checked_sub(bytes) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => self.exceed(),
        }
    }

    #[cold]
    fn exceed<E: serde::de::Error>(&self) -> Result<(), E> {
        self.is_exceeded.set(true);
        Err(E::custom("it would need more memory than allowed"))
    }
}
