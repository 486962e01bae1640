//! Writes a download to a writer, or completely or not at all to a file.

use std::io;
use std::path::Path;

use tokio::fs;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::Download;
use crate::error::Error;

impl Download {
    /// Writes the remaining bytes to a writer, and returns their number.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`chunk`](Self::chunk), and those of the writer.
    pub async fn copy_to<W: AsyncWrite + Unpin>(&mut self, writer: &mut W) -> Result<u64, Error> {
        let before = self.received();
        while let Some(piece) = self.chunk().await? {
            writer.write_all(&piece).await.map_err(unwritable)?;
        }
        writer.flush().await.map_err(unwritable)?;
        Ok(self.received() - before)
    }

    /// Writes the bytes to a file, and returns their number. They are first written to a temporary file beside it, so
    /// that the file is unchanged until all are there.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`chunk`](Self::chunk), and those of the file system. The file is then unchanged.
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", crate::random::guid()));
        let part = path.with_file_name(name);
        let mut file = fs::File::create_new(&part).await.map_err(unwritable)?;
        let written = match self.copy_to(&mut file).await {
            Ok(length) => match file.sync_all().await {
                Ok(()) => fs::rename(&part, path)
                    .await
                    .map(|()| length)
                    .map_err(unwritable),
                Err(error) => Err(unwritable(error)),
            },
            Err(error) => Err(error),
        };
        if written.is_err() {
            // The first error matters more than a temporary file that is left behind.
            let _ = fs::remove_file(&part).await;
        }
        written
    }
}

fn unwritable(error: io::Error) -> Error {
    Error::refused("failed to write the download").with_source(error)
}
