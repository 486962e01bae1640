//! Reads files up to a bound, so that a device or a wrong file does not fill the memory.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use graph_client_codegen::csdl::LONGEST;

/// The most bytes of a file: as many as metadata may have. A description has a smaller bound of its own.
const MOST: u64 = LONGEST as u64;

/// Reads a file.
///
/// # Errors
///
/// Returns the errors of the system, and one for a longer file.
pub(crate) fn read(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    match u64::try_from(read).is_ok_and(|read| read <= MOST) {
        true => Ok(bytes),
        false => Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it has more than {} MiB", MOST >> 20),
        )),
    }
}

/// Reads a file as UTF-8.
///
/// # Errors
///
/// Returns the errors of the system, and one for a longer file or another encoding.
pub(crate) fn read_text(path: impl AsRef<Path>) -> io::Result<String> {
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not valid UTF-8");
    String::from_utf8(read(path)?).map_err(invalid)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_an_end_is_an_error() {
        let error = read("/dev/zero").unwrap_err();
        assert_eq!(error.to_string(), "it has more than 64 MiB");
    }
}
