//! `--raw`: the service's response, byte for byte.

use std::io::Write as _;

use graph_incidents::runtime::{Call, RawRequest};
use serde_json::Value;

use crate::connect::Connection;
use crate::exit::Failure;

/// Writes the response to one request of the client.
pub(crate) async fn one(call: impl Call) -> Result<(), Failure> {
    write(&call.bytes().await?)
}

/// Writes the response to any request.
pub(crate) async fn any(request: RawRequest<'_>) -> Result<(), Failure> {
    write(&request.bytes().await?)
}

/// Writes the pages of a list as they are received, one per line; only the first one, unless all are requested.
pub(crate) async fn pages(
    connection: &Connection,
    first: impl Call,
    wants_all: bool,
) -> Result<(), Failure> {
    let core = connection.client.core();
    let mut bytes = first.bytes().await?;
    loop {
        write(&bytes)?;
        let page: Option<Value> = serde_json::from_slice(&bytes).ok();
        let link = page
            .as_ref()
            .and_then(|page| page.get("@odata.nextLink")?.as_str());
        let Some(link) = link.filter(|link| wants_all && !link.is_empty()) else {
            return Ok(());
        };
        // The token is sent nowhere else.
        let rest = link.strip_prefix(core.base_url()).ok_or_else(|| {
            Failure::other("the link to the next page leads to another host and is not followed")
        })?;
        bytes = core.get(rest).bytes().await?;
    }
}

/// Refuses a number of items that a page cannot have, because `--raw` writes whole pages.
pub(crate) fn is_page(top: usize, all: bool, largest: usize) -> Result<(), Failure> {
    match all || top <= largest {
        true => Ok(()),
        false => Err(
            Failure::usage(format!("a page has at most {largest} items"))
                .help("--raw --all writes all pages"),
        ),
    }
}

fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes)?;
    if !bytes.ends_with(b"\n") {
        stdout.write_all(b"\n")?;
    }
    stdout.flush()?;
    Ok(())
}
