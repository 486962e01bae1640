//! Listings: pages and items as streams that follow the service's links.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde_json::Value;

use crate::core::Core;
use crate::data::page::Page;
use crate::data::unreadable::kind as json_kind;
use crate::data::wire::Wire;
use crate::error::{Error, Kind, ServiceError};
use crate::operation::Operation;
use crate::requests::CallFuture;

const NEXT_LINK: &str = "@odata.nextLink";

/// The pages of a listing, one after the other: a [`Stream`].
///
/// `@odata.nextLink` is followed as it is, and only to the host that the client is configured for. A listing whose links
/// go in circles or are no links, that has more pages than [`Limits::pages`](crate::Limits::pages), or too many empty
/// ones in a row, ends with an error, and so does a page with an error beside its items: they come first. No more than one page is kept, however many there are. The first error ends the stream;
/// [`resume_link`](Self::resume_link) says where to go on.
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
    /// The link of the page that is fetched, or that comes next.
    link: Option<String>,
    progress: Progress,
}

/// Follows a link to another page.
///
/// It is a pointer so that what reads the items is compiled where their type is known, and not in every program that
/// lists them.
pub type Follow<T> = fn(Core, &'static Operation, String) -> CallFuture<'static, Page<T>>;

enum State<'a, T> {
    /// A page is on its way.
    Fetching(CallFuture<'a, Page<T>>),
    /// `link` is to be followed.
    Idle,
    /// The last page was given, and this is what is wrong with what follows it.
    Failed(Error),
    Ended,
}

/// What a listing has done so far: enough to see that it does not get anywhere.
#[derive(Debug, Default)]
struct Progress {
    pages: u64,
    /// Those that were not empty.
    full: u64,
    empty_in_a_row: u32,
    /// A link of the past. It moves on at every power of two, so that a circle of any length is found with the
    /// memory of one link (Brent's algorithm).
    landmark: Option<String>,
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
            progress: Progress::default(),
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
            progress: Progress {
                landmark: Some(link.clone()),
                ..Progress::default()
            },
            link: Some(link),
        }
    }

    /// The next page. Dropping the future loses nothing: the next call goes on with it.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The link of the page that comes next, or that could not be fetched: `pages_from` of the request goes on
    /// there, in this process or a later one. There is none before the first page and after the last.
    #[must_use]
    pub fn resume_link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// The items of all pages.
    pub fn into_items(self) -> Items<'a, T> {
        Items {
            pages: self,
            current: Vec::new().into_iter(),
            invalid_items: 0,
        }
    }

    fn fetch(&self, link: String) -> CallFuture<'a, Page<T>> {
        (self.follow)(self.core.clone(), self.operation, link)
    }

    /// Takes where a page leads to; the link stays at this page where that is wrong.
    fn note(&mut self, page: &Page<T>) -> Result<(), Stop> {
        let next = page.continuation().map_err(Stop::After)?;
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

/// Why a listing does not go on.
#[derive(Debug)]
enum Stop {
    /// What the page has is good.
    After(Error),
    /// The page is not given: the link leads to it.
    Instead(Error),
}

impl<T> Page<T> {
    /// Returns the link to the next page; none on the last one.
    ///
    /// # Errors
    ///
    /// Where the service sent something else than a link, or an error beside the items: then the listing has not come
    /// to its end.
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
        match (self.next_link.as_deref(), rest.get(NEXT_LINK)) {
            (None, Some(other)) if !other.is_null() => Err(Error::new(
                Kind::Decode,
                format!("`{NEXT_LINK}` is {}, not a text", json_kind(other)),
            )
            .with_status(200)),
            (link, _) => Ok(link.filter(|link| !link.trim().is_empty())),
        }
    }
}

impl Progress {
    fn note(
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
        // An empty page may lead to itself until it has something.
        if is_empty {
            return Ok(());
        }
        if self.landmark.as_deref() == Some(link) {
            return Err(Stop::After(endless("its links go in circles".to_owned())));
        }
        self.full += 1;
        if self.full.is_power_of_two() {
            self.landmark = Some(link.to_owned());
        }
        Ok(())
    }
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
                    let result = result.and_then(|page| match this.note(&page) {
                        Ok(()) => Ok(page),
                        Err(Stop::After(error)) => {
                            let error = error.of_listing(this.operation);
                            this.state = State::Failed(error);
                            Ok(page)
                        }
                        Err(Stop::Instead(error)) => Err(error.of_listing(this.operation)),
                    });
                    if result.is_err() {
                        this.state = State::Ended;
                    }
                    return Poll::Ready(Some(result));
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

/// The items of a listing, one after the other: a [`Stream`].
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
}

impl<'a, T: Wire + Send + 'a> Items<'a, T> {
    /// The next item. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// How many values so far were no items at all, such as null in place of an object; they are passed over.
    /// [`Pages`] has them, as [`Page::invalid_items`].
    #[must_use]
    pub fn invalid_items(&self) -> u64 {
        self.invalid_items
    }

    /// The link of the page after the one whose items come now; see [`Pages::resume_link`].
    #[must_use]
    pub fn resume_link(&self) -> Option<&str> {
        self.pages.resume_link()
    }
}

impl<'a, T: Wire + Send + 'a> Stream for Items<'a, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.current.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => {
                    self.invalid_items += page.invalid_items.len() as u64;
                    self.current = page.value.into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Unpin for Items<'_, T> {}

/// Gives a request that answers with a page its streams.
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
                ::std::boxed::Box::pin(async move { core.follow(&link, operation).await })
            }

            /// All pages, from the first that this request asks for.
            pub fn pages(self) -> $crate::pages::Pages<'a, $item> {
                let core = ::core::clone::Clone::clone(
                    $crate::generated_code::ServiceClient::core(self.client),
                );
                $crate::pages::Pages::new(
                    core,
                    &Self::OPERATION,
                    Self::follow,
                    ::std::boxed::Box::pin(self.send()),
                )
            }

            /// All pages from a link that [`Pages::resume_link`]($crate::pages::Pages::resume_link) gave. The link
            /// has all options in it; those of this request do not count.
            pub fn pages_from(
                self,
                link: impl ::core::convert::Into<::std::string::String>,
            ) -> $crate::pages::Pages<'a, $item> {
                let core = ::core::clone::Clone::clone(
                    $crate::generated_code::ServiceClient::core(self.client),
                );
                $crate::pages::Pages::from_link(core, &Self::OPERATION, Self::follow, link.into())
            }

            /// The items of all pages.
            pub fn items(self) -> $crate::pages::Items<'a, $item> {
                self.pages().into_items()
            }
        }
    };
}

pub use __pageable as pageable;

#[cfg(test)]
mod tests {
    use super::{Progress, Stop};

    /// How many pages it takes to see that links repeat after a way in.
    fn pages_until_noticed(way_in: usize, circle: usize) -> usize {
        let mut progress = Progress::default();
        for page in 0.. {
            let place = if page < way_in {
                page
            } else {
                way_in + (page - way_in) % circle
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
    fn a_circle_of_any_length_is_noticed_soon() {
        for (way_in, circle) in [(0, 1), (3, 1), (0, 2), (5, 7), (100, 30)] {
            let pages = pages_until_noticed(way_in, circle);
            assert!(
                pages <= 4 * (way_in + circle) + 4,
                "{way_in}, {circle}: {pages}"
            );
        }
    }

    #[test]
    fn empty_pages_are_bounded_only_in_a_row() {
        let mut progress = Progress::default();
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
}
