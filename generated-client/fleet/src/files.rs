//! Reads files up to a bound, without blocking other tasks.

use std::io;
use std::path::Path;

use graph_incidents::runtime::files;

/// The text of a file.
pub(crate) async fn text_of(path: &Path, most: u64) -> io::Result<String> {
    let path = path.to_owned();
    let reading = tokio::task::spawn_blocking(move || files::read_text(path, most));
    reading.await.map_err(io::Error::other)?
}
