//! `--raw`: the service's response, byte for byte.

use std::io::Write as _;

use graph_incidents::pages::RawPages;
use graph_incidents::runtime::{Call, RawRequest};

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
    let first = first.bytes().await?;
    if !wants_all {
        return write(&first);
    }
    let mut pages = RawPages::new(connection.client.core().clone(), first);
    while let Some(page) = pages.next().await {
        write(&page?)?;
    }
    Ok(())
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
