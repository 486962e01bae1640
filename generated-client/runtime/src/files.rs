//! Reads files and standard input up to a bound, so that a device or a wrong file does not fill the memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a file that a person writes: settings, a certificate, a token, a query.
pub const SMALL: u64 = 1 << 20;
/// The most bytes of a file that a program may have written: bodies, ids, lists of tenants.
pub const LARGE: u64 = 64 << 20;

/// Reads a file.
///
/// # Errors
///
/// Returns the errors of the system, and one for a longer file.
pub fn read(path: impl AsRef<Path>, most: u64) -> io::Result<Vec<u8>> {
    bytes(File::open(path)?, most)
}

/// Reads a file as UTF-8.
///
/// # Errors
///
/// Returns the errors of the system, and one for a longer file or another encoding.
pub fn read_text(path: impl AsRef<Path>, most: u64) -> io::Result<String> {
    text(File::open(path)?, most)
}

/// Reads UTF-8 from any source.
///
/// # Errors
///
/// Returns the errors of the system, and one for a longer text or another encoding.
pub fn text(source: impl Read, most: u64) -> io::Result<String> {
    let bytes = bytes(source, most)?;
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not valid UTF-8");
    String::from_utf8(bytes).map_err(invalid)
}

fn bytes(source: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = source.take(most + 1).read_to_end(&mut bytes)?;
    match u64::try_from(read).is_ok_and(|read| read <= most) {
        true => Ok(bytes),
        false => Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it has more than {} MiB", most >> 20),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_bound_and_not_beyond() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let whole = vec![b'a'; usize::try_from(SMALL).unwrap()];
        std::fs::write(&path, &whole).unwrap();
        assert_eq!(read(&path, SMALL).unwrap(), whole);
        std::fs::write(&path, [whole, vec![b'a']].concat()).unwrap();
        let error = read_text(&path, SMALL).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(error.to_string(), "it has more than 1 MiB");
        // It has no end.
        let endless = text(io::repeat(b'a'), LARGE).unwrap_err();
        assert_eq!(endless.to_string(), "it has more than 64 MiB");
    }

    #[test]
    fn other_encodings_and_missing_files_are_errors() {
        let invalid = text(b"a\xff".as_slice(), SMALL).unwrap_err();
        assert_eq!(invalid.to_string(), "it is not valid UTF-8");
        let missing = read("no/such/file", SMALL).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
