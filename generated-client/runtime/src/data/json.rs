//! Decoding answers: fast where all is well, and with the place of the fault where it is not.

use std::fmt;

use serde::de::DeserializeOwned;

/// Why a text could not be decoded, and where.
#[derive(Debug)]
pub struct DecodeError {
    path: String,
    source: serde_json::Error,
}

impl DecodeError {
    /// The JSON path of the value that could not be read, such as `value[3].alerts[0].evidence`; `.` for the whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.source.line()
    }

    /// The column, counted from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.source.column()
    }

    /// Whether the text ends in the middle of the value.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.source.is_eof()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at `{}`: {}", self.path, self.source)
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Decodes a text of JSON.
///
/// The path is found by decoding a second time: keeping it up to date costs a tenth of the time, and most texts
/// are well.
///
/// # Errors
///
/// Text that is not JSON, that goes on after the value, that is nested more than 128 levels deep, or that is not of
/// the kind of value that `T` is.
pub fn decode<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    let error = match serde_json::from_slice(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(located) => Err(DecodeError {
            path: located.path().to_string(),
            source: located.into_inner(),
        }),
        // Only what follows the value is at fault.
        Ok(_) => Err(DecodeError {
            path: ".".to_owned(),
            source: error,
        }),
    }
}
