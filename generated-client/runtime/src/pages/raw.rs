//! The pages of a listing as the service sent them, byte for byte.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use super::progress::{ListingProgress, Stop};
use crate::core::{Core, Request, Response};
use crate::data::JsonMap;
use crate::data::json::{self, DecodeError};
use crate::data::page::Page;
use crate::error::{Error, Kind};
use crate::operation::Operation;
use crate::raw::LISTING;
use crate::requests::CallFuture;

/// The pages of a listing, byte for byte, one by one.
///
/// Links are followed as by [`Pages`](super::Pages): unchanged, only to the configured host, and up to
/// [`Limits::pages`](crate::Limits::pages). A page that is not a readable listing is returned too; the error follows it.
///
/// # Examples
///
/// ```
/// use graph_client_runtime::pages::RawPages;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
/// # let core = graph_client_runtime::Core::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
/// let first = core.get("/security/incidents").query("$top", "50").bytes().await?;
/// let mut pages = RawPages::new(core.clone(), first);
/// while let Some(page) = pages.next().await {
///     println!("{} bytes", page?.len());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "requests are sent only by `next`"]
pub struct RawPages {
    core: Core,
    state: State,
    progress: ListingProgress,
}

enum State {
    /// The first page.
    Given(Bytes),
    Fetching(CallFuture<'static, Bytes>),
    /// The last page was returned, and this is the error after it.
    Failed(Error),
    Ended,
}

impl RawPages {
    /// Begins with the first page.
    pub fn new(core: Core, first: Bytes) -> Self {
        Self {
            core,
            state: State::Given(first),
            progress: ListingProgress::default(),
        }
    }

    /// Returns the next page. Dropping the future loses nothing: the next call continues with it.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        let fetched = match &mut self.state {
            State::Fetching(page) => Some(page.as_mut().await),
            _ => None,
        };
        let page = match (fetched, std::mem::replace(&mut self.state, State::Ended)) {
            (Some(fetched), _) => fetched,
            (None, State::Given(first)) => Ok(first),
            (None, State::Failed(error)) => Err(error),
            (None, _) => return None,
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        match self.link_of(&page) {
            Ok(None) => {}
            Ok(Some(link)) => self.state = State::Fetching(follow(self.core.clone(), link)),
            Err(Stop::After(error)) => self.state = State::Failed(error.of_operation(&LISTING)),
            Err(Stop::Instead(error)) => return Some(Err(error.of_operation(&LISTING))),
        }
        Some(Ok(page))
    }

    /// The link to the next page.
    fn link_of(&mut self, text: &[u8]) -> Result<Option<String>, Stop> {
        let page: Page<Value> = json::decode(text).map_err(no_listing)?;
        let next = page.continuation().map_err(Stop::After)?;
        let limits = self.core.limits();
        let is_empty = page.value.is_empty() && page.invalid_items.is_empty();
        if is_empty {
            let members: JsonMap = json::decode_as(text).map_err(no_listing)?;
            if !members.contains_key("value") {
                let described = "the page is not a listing: it lacks `value`";
                return Err(Stop::After(Error::new(Kind::Decode, described)));
            }
        }
        self.progress
            .note(is_empty, next, limits.pages, limits.empty_pages)?;
        Ok(next.map(str::to_owned))
    }
}

fn no_listing(error: DecodeError) -> Stop {
    let described = format!("the page is not a listing, {error}");
    Stop::After(Error::new(Kind::Decode, described).with_source(error))
}

fn follow(core: Core, link: String) -> CallFuture<'static, Bytes> {
    Box::pin(async move {
        let request = Request::follow(core.address().own(&link)?);
        let read = |response: &Response, _: &Operation| Ok(response.body.clone());
        core.call(&request, &LISTING, read).await
    })
}

impl fmt::Debug for RawPages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RawPages")
            .field("pages", &self.progress.pages)
            .finish_non_exhaustive()
    }
}
