//! `--raw`: what the service sent, byte for byte.

use std::io::Write as _;

use graph_incidents::runtime::RawRequest;
use serde_json::Value;

use crate::connect::Connection;
use crate::exit::Failure;

/// Writes the response to one request.
pub(crate) async fn one(request: RawRequest<'_>) -> Result<(), Failure> {
    write(&request.bytes().await?)
}

/// Writes the pages of a list as they come, each on a line of its own; the first one only, unless all are wanted.
pub(crate) async fn pages(
    connection: &Connection,
    path: &str,
    query: &[(&str, String)],
    wants_all: bool,
) -> Result<(), Failure> {
    let core = connection.client.core();
    let mut request = core.get(path);
    for (name, value) in query {
        request = request.query(name, value);
    }
    loop {
        let bytes = request.bytes().await?;
        write(&bytes)?;
        let page: Option<Value> = serde_json::from_slice(&bytes).ok();
        let link = page
            .as_ref()
            .and_then(|page| page.get("@odata.nextLink")?.as_str());
        let Some(link) = link.filter(|_| wants_all) else {
            return Ok(());
        };
        // The token goes to no other place.
        let rest = link.strip_prefix(core.base_url()).ok_or_else(|| {
            Failure::other("the link to the next page leads to another place; it is not followed")
        })?;
        request = core.get(rest);
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
