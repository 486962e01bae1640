//! The items of a listing, each once.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Pages;
use super::duplicates::{Duplicates, Occurrence};
use crate::data::page::Page;
use crate::data::wire::Wire;
use crate::error::{Error, Kind};

/// The items of a listing, one by one: a [`Stream`].
///
/// Pages move while they are read, so an item can be on two of them. An item with the same `id` and the same content as
/// an earlier one is skipped and [counted](Self::repeated); one that has changed meanwhile is returned again, and
/// [`is_newer_version`](Self::is_newer_version) is then true. This holds for the first 100,000 items; see
/// [`is_deduplicated`](Self::is_deduplicated). Delta listings and items without an `id` are not deduplicated.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
/// # let client = graph_client_runtime::Core::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
/// let mut incidents = client.get("/security/incidents").pages().into_items();
/// while let Some(incident) = incidents.next().await {
///     println!("{}", incident?["id"]);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a stream sends requests only when it is polled"]
pub struct Items<'a, T> {
    pages: Pages<'a, T>,
    current: std::vec::IntoIter<T>,
    invalid_items: u64,
    /// None before the first page that another one follows, and for delta listings.
    duplicates: Option<Box<Duplicates>>,
    is_delta: bool,
    repeated: u64,
    is_newer_version: bool,
}

impl<'a, T: Wire + Send + 'a> Items<'a, T> {
    pub(super) fn new(pages: Pages<'a, T>) -> Self {
        let is_delta = is_delta(pages.operation.path());
        Self {
            pages,
            current: Vec::new().into_iter(),
            invalid_items: 0,
            duplicates: None,
            is_delta,
            repeated: 0,
            is_newer_version: false,
        }
    }

    /// Returns the next item. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Collects the remaining items.
    ///
    /// # Errors
    ///
    /// Returns the first error of the listing, and [`Error::is_limit`] if it has more items than this.
    pub async fn all(mut self, at_most: usize) -> Result<Vec<T>, Error> {
        self.collected(at_most).await
    }

    async fn collected(&mut self, at_most: usize) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await.transpose()? {
            if all.len() >= at_most {
                let error = Error::new(Kind::Limit, format!("more than {at_most} items"));
                return Err(error.of_operation(self.pages.operation));
            }
            all.push(item);
        }
        Ok(all)
    }

    /// Collects the remaining items, and the link for the next delta query; more items than this are an error.
    ///
    /// The link can be stored; `pages_from` of the same request continues from it.
    ///
    /// # Errors
    ///
    /// Returns the first error of the listing, [`Error::is_limit`] if it has more items than this, and an error if it
    /// ends without such a link, so that it is not a delta listing.
    pub async fn changes(mut self, at_most: usize) -> Result<(Vec<T>, String), Error> {
        let all = self.collected(at_most).await?;
        match self.pages.delta_link() {
            Some(link) => Ok((all, link.to_owned())),
            None => {
                let error = Error::new(
                    Kind::Decode,
                    "the listing ends without a link to later changes",
                );
                Err(error.of_operation(self.pages.operation))
            }
        }
    }

    /// Returns the link for the next delta query; see [`Pages::delta_link`].
    #[must_use]
    pub fn delta_link(&self) -> Option<&str> {
        self.pages.delta_link()
    }

    /// Returns the number of values so far that were not items, such as null instead of an object; they are skipped.
    /// [`Pages`] has them as [`Page::invalid_items`].
    #[must_use]
    pub fn invalid_items(&self) -> u64 {
        self.invalid_items
    }

    /// Returns the number of items so far that were already on an earlier page, unchanged; they are skipped.
    #[must_use]
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Returns whether the last item was returned before, and has changed since.
    #[must_use]
    pub fn is_newer_version(&self) -> bool {
        self.is_newer_version
    }

    /// Returns whether every item so far was compared with those before it. False after more than 100,000 items, and
    /// for delta listings.
    #[must_use]
    pub fn is_deduplicated(&self) -> bool {
        !self.is_delta
            && self
                .duplicates
                .as_ref()
                .is_none_or(|duplicates| !duplicates.is_full())
    }

    /// Returns the link of the page after the current one; see [`Pages::resume_link`].
    #[must_use]
    pub fn resume_link(&self) -> Option<&str> {
        self.pages.resume_link()
    }

    fn take(&mut self, page: Page<T>) {
        self.invalid_items += page.invalid_items.len() as u64;
        let link = page.next_link.as_deref();
        self.is_delta |= link.is_some_and(is_delta) || page.delta_link.is_some();
        if self.is_delta {
            self.duplicates = None;
        } else if link.is_some() && self.duplicates.is_none() {
            self.duplicates = Some(Box::default());
        }
        self.current = page.value.into_iter();
    }

    /// Whether an item is to be returned.
    fn is_given(&mut self, item: &T) -> bool {
        let was_full = !self.is_deduplicated();
        let occurrence = match &mut self.duplicates {
            Some(duplicates) => duplicates.see(item),
            None => Occurrence::First,
        };
        if !was_full && !self.is_deduplicated() {
            tracing::warn!(target: "graph_client", "a listing has more items than are remembered: from here on, items may be repeated");
        }
        self.repeated += u64::from(occurrence == Occurrence::Same);
        self.is_newer_version = occurrence == Occurrence::Newer;
        occurrence != Occurrence::Same
    }
}

/// Whether a path or link belongs to a delta listing, in which an item that occurs twice has changed twice.
fn is_delta(link: &str) -> bool {
    let path = link.split('?').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let function = last.split('(').next().unwrap_or_default();
    function.rsplit('.').next() == Some("delta") || link.contains("deltatoken")
}

impl<'a, T: Wire + Send + 'a> Stream for Items<'a, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            while let Some(item) = self.current.next() {
                if self.is_given(&item) {
                    return Poll::Ready(Some(Ok(item)));
                }
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => self.take(page),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Unpin for Items<'_, T> {}

#[cfg(test)]
mod tests {
    use super::is_delta;

    #[test]
    fn a_delta_listing_is_recognized_by_its_path_or_token() {
        for link in [
            "/users/delta",
            "https://x/beta/users/delta?$skiptoken=a",
            "https://x/beta/users/microsoft.graph.delta()?$skiptoken=a",
            "https://x/beta/users?$deltatoken=a",
        ] {
            assert!(is_delta(link), "{link}");
        }
        for link in [
            "/security/incidents",
            "https://x/beta/delta/incidents?$skip=1",
        ] {
            assert!(!is_delta(link), "{link}");
        }
    }
}
