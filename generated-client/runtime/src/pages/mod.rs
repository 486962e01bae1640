//! Listings: pages and items as streams that follow the service's links.

mod digest;
mod duplicates;
mod items;
mod progress;
mod raw;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde_json::Value;

pub use items::Items;
use progress::{ListingProgress, Stop};
pub use raw::RawPages;

use crate::core::Core;
use crate::data::page::Page;
use crate::data::unreadable::kind as json_kind;
use crate::data::wire::Wire;
use crate::error::{Error, Kind, ServiceError};
use crate::operation::Operation;
use crate::requests::CallFuture;

const NEXT_LINK: &str = "@odata.nextLink";
const DELTA_LINK: &str = "@odata.deltaLink";

/// The pages of a listing, one by one: a [`Stream`].
///
/// `@odata.nextLink` is followed unchanged, and only to the configured host. A listing ends with an error if its links
/// form a cycle or are invalid, if it has more pages than [`Limits::pages`](crate::Limits::pages) or too many
/// consecutive empty ones, or if a page has an error beside its items; that page's items are returned first. Only one
/// page is kept in memory. The first error ends the stream; [`resume_link`](Self::resume_link) has the link to continue
/// from.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
/// # let client = graph_client_runtime::Core::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
/// let mut pages = client.get("/security/incidents").query("$top", "50").pages();
/// while let Some(page) = pages.next().await {
///     println!("{} incidents", page?.len());
///     println!("to go on from here later: {:?}", pages.resume_link());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream sends requests only when it is polled"]
pub struct Pages<'a, T> {
    core: Core,
    operation: &'static Operation,
    follow: Follow<T>,
    state: State<'a, T>,
    /// The link of the current request, or of the next page.
    link: Option<String>,
    /// The link for the next delta query.
    delta_link: Option<String>,
    progress: ListingProgress,
}

/// Follows a link to another page.
///
/// It is a function pointer, so that the code that reads the items is compiled where their type is known, and not in
/// every program that lists them.
pub type Follow<T> = fn(Core, &'static Operation, String) -> CallFuture<'static, Page<T>>;

enum State<'a, T> {
    /// A page is being requested.
    Fetching(CallFuture<'a, Page<T>>),
    /// `link` is to be followed.
    Idle,
    /// The last page was returned, and this is the error after it.
    Failed(Error),
    Ended,
}

impl<'a, T: Wire + Send + 'a> Pages<'a, T> {
    /// Begins with a call.
    pub fn new(
        core: Core,
        operation: &'static Operation,
        follow: Follow<T>,
        first: CallFuture<'a, Page<T>>,
    ) -> Self {
        Self {
            core,
            operation,
            follow,
            state: State::Fetching(first),
            link: None,
            delta_link: None,
            progress: ListingProgress::default(),
        }
    }

    /// Begins with a link.
    pub fn from_link(
        core: Core,
        operation: &'static Operation,
        follow: Follow<T>,
        link: String,
    ) -> Self {
        Self {
            core,
            operation,
            follow,
            state: State::Idle,
            progress: ListingProgress::from_link(&link),
            link: Some(link),
            delta_link: None,
        }
    }

    /// Returns the next page. Dropping the future loses nothing: the next call continues with it.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the link of the next page, or of the one that failed: `pages_from` of the request continues there, in
    /// this process or a later one. There is none before the first page and after the last.
    #[must_use]
    pub fn resume_link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// Returns whether the listing is finished: no more pages, and no error about the last one.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        match self.state {
            State::Ended => true,
            State::Idle => self.link.is_none(),
            State::Fetching(_) | State::Failed(_) => false,
        }
    }

    /// Returns the link for the next delta query, after the last page of a delta listing.
    ///
    /// It is an opaque string that can be stored as long as the service allows: `pages_from` of the same request
    /// continues from it, in this process or a later one, and refuses a link to another host. If the service no longer
    /// knows it, it responds with 410, and the listing must start again.
    #[must_use]
    pub fn delta_link(&self) -> Option<&str> {
        self.delta_link.as_deref()
    }

    /// Returns the items of all pages.
    pub fn into_items(self) -> Items<'a, T> {
        Items::new(self)
    }

    fn fetch(&self, link: String) -> CallFuture<'a, Page<T>> {
        (self.follow)(self.core.clone(), self.operation, link)
    }

    /// Handles a page, or its complete part, and the error of the rest.
    fn take(&mut self, result: Result<Page<T>, Error>) -> Result<Page<T>, Error> {
        let (page, error) = match result {
            Ok(page) => match self.note(&page) {
                Ok(()) => return Ok(page),
                Err(Stop::After(error)) => (Some(page), error.of_operation(self.operation)),
                Err(Stop::Instead(error)) => (None, error.of_operation(self.operation)),
            },
            Err(mut error) => {
                let mut page: Option<Page<T>> = error.take_partial();
                // A caller that continues from here reads this page again.
                if let Some(page) = &mut page {
                    page.next_link = None;
                }
                (page.filter(|page| !page.is_empty()), error)
            }
        };
        match page {
            Some(page) => {
                self.state = State::Failed(error);
                Ok(page)
            }
            None => {
                self.state = State::Ended;
                Err(error)
            }
        }
    }

    /// Handles the link of a page; on an error, the resume link stays at this page.
    fn note(&mut self, page: &Page<T>) -> Result<(), Stop> {
        let next = page.continuation().map_err(Stop::After)?;
        self.delta_link = page
            .delta_link
            .clone()
            .filter(|link| !link.trim().is_empty());
        let next = next.map(str::to_owned);
        let limits = self.core.limits();
        self.progress.note(
            page.value.is_empty() && page.invalid_items.is_empty(),
            next.as_deref(),
            limits.pages,
            limits.empty_pages,
        )?;
        self.link = next;
        Ok(())
    }
}

impl<T> Page<T> {
    /// Returns the link to the next page; none on the last one.
    ///
    /// # Errors
    ///
    /// Returns an error if the service sent something other than a link, or an error beside the items: then the listing
    /// is incomplete.
    pub fn continuation(&self) -> Result<Option<&str>, Error> {
        let rest = &self.additional_properties;
        let is_error = |name: &&String| matches!(name.as_str(), "error" | "odata.error" | "Error");
        if let Some(name) = rest.keys().find(is_error)
            && let Some(Value::Object(error)) = rest.get(name)
        {
            return Err(Error::new(Kind::Service, "")
                .with_status(200)
                .with_body(ServiceError::of_object(error)));
        }
        for name in [NEXT_LINK, DELTA_LINK] {
            if let Some(other) = rest.get(name).filter(|other| !other.is_null()) {
                let message = format!("`{name}` is {}, not a string", json_kind(other));
                return Err(Error::new(Kind::Decode, message).with_status(200));
            }
        }
        let link = self.next_link.as_deref();
        Ok(link.filter(|link| !link.trim().is_empty()))
    }
}

/// Follows a link to another page.
#[doc(hidden)]
pub fn follow<T: Wire>(
    core: Core,
    operation: &'static Operation,
    link: String,
) -> CallFuture<'static, Page<T>> {
    Box::pin(async move { core.follow(&link, operation).await })
}

/// Collects the items of all pages.
#[doc(hidden)]
pub fn all<'a, T: Wire>(pages: Pages<'a, T>, at_most: usize) -> CallFuture<'a, Vec<T>> {
    Box::pin(pages.into_items().all(at_most))
}

impl<'a, T: Wire + Send + 'a> Stream for Pages<'a, T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            match &mut this.state {
                State::Fetching(future) => {
                    let result = ready!(future.as_mut().poll(context));
                    this.state = State::Idle;
                    return Poll::Ready(Some(this.take(result)));
                }
                State::Idle => {
                    this.state = match this.link.clone() {
                        Some(link) => State::Fetching(this.fetch(link)),
                        None => State::Ended,
                    };
                }
                State::Failed(_) => {
                    let failed = std::mem::replace(&mut this.state, State::Ended);
                    if let State::Failed(error) = failed {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Unpin for Pages<'_, T> {}

impl<T> fmt::Debug for Pages<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pages")
            .field("operation", &self.operation.id())
            .field("pages", &self.progress.pages)
            .finish_non_exhaustive()
    }
}

/// Implements the streams for a request whose response is a page.
#[doc(hidden)]
#[macro_export]
macro_rules! __pageable {
    ($request:ident => $item:ty) => {
        impl<'a> $request<'a> {
            /// Follows a link to another page.
            pub(crate) fn follow(
                core: $crate::generated_code::Core,
                operation: &'static $crate::generated_code::Operation,
                link: ::std::string::String,
            ) -> $crate::generated_code::CallFuture<'static, $crate::generated_code::Page<$item>>
            {
                $crate::pages::follow(core, operation, link)
            }

            /// Returns all pages, from the first one of this request.
            pub fn pages(self) -> $crate::pages::Pages<'a, $item> {
                let core = ::core::clone::Clone::clone(
                    $crate::generated_code::ServiceClient::core(self.client),
                );
                $crate::pages::Pages::new(core, &Self::OPERATION, Self::follow, self.send())
            }

            /// Returns all pages from a link of [`Pages::resume_link`]($crate::pages::Pages::resume_link) or
            /// [`Pages::delta_link`]($crate::pages::Pages::delta_link). The link includes all options; those of this
            /// request are ignored.
            pub fn pages_from(
                self,
                link: impl ::core::convert::Into<::std::string::String>,
            ) -> $crate::pages::Pages<'a, $item> {
                let core = ::core::clone::Clone::clone(
                    $crate::generated_code::ServiceClient::core(self.client),
                );
                $crate::pages::Pages::from_link(core, &Self::OPERATION, Self::follow, link.into())
            }

            /// Collects the items of all pages; more items than this are an error.
            pub fn all(
                self,
                at_most: usize,
            ) -> $crate::generated_code::CallFuture<'a, ::std::vec::Vec<$item>> {
                $crate::pages::all(self.pages(), at_most)
            }

            /// Returns the items of all pages, each once.
            pub fn items(self) -> $crate::pages::Items<'a, $item> {
                self.pages().into_items()
            }
        }
    };
}

pub use __pageable as pageable;
