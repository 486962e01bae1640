//! Whether the service keeps to the order that it is asked for: found out once, before the watcher relies on it.

use chrono::{DateTime, Utc};
use graph_client_runtime::{Error, Page};

use super::Watcher;
use crate::requests::ListIncidents;
use crate::types::Incident;

impl Watcher {
    /// Checks that the service keeps to the order, unless that is known already.
    ///
    /// A page may be sorted by chance, so the same incidents are asked for in the opposite order: a service that
    /// ignores `$orderby` begins with the same incident again. `fits` says whether the incident that comes first then
    /// may be the first in the opposite order.
    pub(super) async fn check_order(
        &mut self,
        opposite: ListIncidents<'_>,
        fits: impl Fn(DateTime<Utc>) -> bool,
    ) -> Result<(), Error> {
        if self.is_order_checked || !self.is_ordered {
            return Ok(());
        }
        let first = opposite.top(1).send().await?;
        let mut times = first
            .value
            .iter()
            .filter_map(|one| one.last_update_date_time);
        match times.next().is_some_and(fits) {
            true => self.is_order_checked = true,
            false => self.distrust_order(),
        }
        Ok(())
    }

    /// Reads to the end from now on.
    pub(super) fn distrust_order(&mut self) {
        tracing::warn!(target: "graph_incidents", "the service does not keep to the order; the watcher reads to the end each time");
        self.is_ordered = false;
    }
}

/// Returns the earliest and the latest time on a page, where it has at least two different ones.
pub(super) fn span(page: &Page<Incident>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let times = || {
        page.value
            .iter()
            .filter_map(|one| one.last_update_date_time)
    };
    let (first, last) = (times().min()?, times().max()?);
    (first != last).then_some((first, last))
}
