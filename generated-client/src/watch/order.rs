//! Checks once whether the service honours the requested order, before the watcher relies on it.

use chrono::{DateTime, Utc};
use graph_client_runtime::{Error, Page};

use super::Watcher;
use super::watched::{Listed, Question, Watched};

impl<T: Watched> Watcher<T> {
    /// Checks that the service honours the order, unless that is already known.
    ///
    /// A page may be sorted by chance, so the same items are requested in the opposite order: a service that ignores
    /// `$orderby` starts with the same item again. `fits` says whether the item that is then first can be the first in the
    /// opposite order.
    pub(super) async fn check_order(
        &mut self,
        opposite: Question,
        fits: impl Fn(DateTime<Utc>) -> bool,
    ) -> Result<(), Error> {
        if self.is_order_checked || !self.is_ordered {
            return Ok(());
        }
        let client = self.client.clone();
        let first = T::list(&client, opposite).await?;
        let mut times = first.value.iter().filter_map(T::updated);
        match times.next().is_some_and(fits) {
            true => self.is_order_checked = true,
            false => self.distrust_order(),
        }
        Ok(())
    }

    /// Reads to the end from now on.
    pub(super) fn distrust_order(&mut self) {
        tracing::warn!(target: "graph_incidents", "the service does not honour the order; the watcher reads to the end each time");
        self.is_ordered = false;
    }
}

/// Returns the earliest and the latest time on a page, if it has at least two different ones.
pub(super) fn span<T: Listed>(page: &Page<T>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let times = || page.value.iter().filter_map(T::updated);
    let (first, last) = (times().min()?, times().max()?);
    (first != last).then_some((first, last))
}
