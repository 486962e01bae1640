//! The names in a map on either side.

use std::collections::BTreeSet;

use super::super::document::Spot;
use super::Comparison;

impl<'a> Comparison<'a> {
    /// Marks both maps as read and as counterparts, and returns the names of their entries.
    pub(super) fn names_of_either(
        &mut self,
        old: Option<Spot<'a>>,
        new: Option<Spot<'a>>,
    ) -> BTreeSet<&'a str> {
        if let (Some(before), Some(after)) = (old, new) {
            self.twin(before, after);
        }
        let maps = || [old, new].into_iter().flatten();
        maps().for_each(|spot| self.look(spot));
        let entries = maps().flat_map(|spot| spot.entries());
        entries.map(|entry| entry.key.as_str()).collect()
    }
}
