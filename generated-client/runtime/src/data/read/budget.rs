//! How much memory a response may take once it is read: a few kilobytes on the wire can hold millions of items.

use std::cell::Cell;

/// What is left of the memory that a response may take.
#[derive(Debug)]
pub struct Budget {
    left: Cell<usize>,
    is_exceeded: Cell<bool>,
}

impl Budget {
    /// What an entry of a JSON object takes beside its value's parts: its name, its value and its place in the tree.
    pub(super) const ENTRY: usize = 96;

    /// Allows that many bytes.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self {
            left: Cell::new(bytes),
            is_exceeded: Cell::new(false),
        }
    }

    /// Allows everything: for sources that are in memory anyway.
    #[must_use]
    pub fn unbounded() -> Self {
        Self::new(usize::MAX)
    }

    /// Whether more was asked for than was left.
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
