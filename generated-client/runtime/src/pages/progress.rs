//! The progress of a listing: limits on its pages, and links that form a cycle.

use crate::error::{Error, Kind};

/// The state of a listing, to detect that it makes no progress.
#[derive(Debug, Default)]
pub(super) struct ListingProgress {
    pub(super) pages: u64,
    /// The number of pages that were not empty.
    full: u64,
    empty_in_a_row: u32,
    /// An earlier link. It is replaced at every power of two, so that a cycle of any length is found with the memory of
    /// one link (Brent's algorithm).
    landmark: Option<String>,
}

/// Why a listing ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The page itself is valid.
    After(Error),
    /// The page is not returned: the link leads to it.
    Instead(Error),
}

impl ListingProgress {
    /// Begins with a link, which must not occur again.
    pub(super) fn from_link(link: &str) -> Self {
        Self {
            landmark: Some(link.to_owned()),
            ..Self::default()
        }
    }

    pub(super) fn note(
        &mut self,
        is_empty: bool,
        link: Option<&str>,
        pages: u64,
        empty_pages: u32,
    ) -> Result<(), Stop> {
        self.pages += 1;
        self.empty_in_a_row = if is_empty { self.empty_in_a_row + 1 } else { 0 };
        let Some(link) = link else {
            return Ok(());
        };
        let endless =
            |reason: String| Error::new(Kind::Limit, format!("the listing does not end: {reason}"));
        if self.pages >= pages {
            return Err(Stop::Instead(endless(format!("more than {pages} pages"))));
        }
        if self.empty_in_a_row >= empty_pages {
            let empty = self.empty_in_a_row;
            return Err(Stop::Instead(endless(format!(
                "{empty} empty pages in a row"
            ))));
        }
        // An empty page may link to itself until it has items.
        if is_empty {
            return Ok(());
        }
        if self.landmark.as_deref() == Some(link) {
            return Err(Stop::After(endless("its links form a cycle".to_owned())));
        }
        self.full += 1;
        if self.full.is_power_of_two() {
            self.landmark = Some(link.to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{ListingProgress, Stop};

    /// How many pages it takes to see that links repeat after a way in.
    fn pages_until_noticed(way_in: usize, cycle: usize) -> usize {
        let mut progress = ListingProgress::default();
        for page in 0.. {
            let place = if page < way_in {
                page
            } else {
                way_in + (page - way_in) % cycle
            };
            if progress
                .note(false, Some(&place.to_string()), 10_000, 16)
                .is_err()
            {
                return page;
            }
        }
        unreachable!("the loop ends with a return")
    }

    #[test]
    fn a_cycle_of_any_length_is_detected_soon() {
        for (way_in, cycle) in [(0, 1), (3, 1), (0, 2), (5, 7), (100, 30)] {
            let pages = pages_until_noticed(way_in, cycle);
            assert!(
                pages <= 4 * (way_in + cycle) + 4,
                "{way_in}, {cycle}: {pages}"
            );
        }
    }

    #[test]
    fn only_consecutive_empty_pages_are_bounded() {
        let mut progress = ListingProgress::default();
        for page in 0..100 {
            assert!(
                progress
                    .note(page % 3 != 0, Some(&page.to_string()), 1000, 3)
                    .is_ok()
            );
        }
        for page in 100..102 {
            assert!(
                progress
                    .note(true, Some(&page.to_string()), 1000, 3)
                    .is_ok()
            );
        }
        assert!(matches!(
            progress.note(true, Some("102"), 1000, 3),
            Err(Stop::Instead(error)) if error.is_limit()
        ));
        assert!(progress.note(true, None, 1000, 3).is_ok());
    }

    #[test]
    fn a_first_link_that_recurs_ends_the_listing() {
        let mut progress = ListingProgress::from_link("5");
        assert!(matches!(
            progress.note(false, Some("5"), 1000, 3),
            Err(Stop::After(error)) if error.is_limit()
        ));
    }
}
