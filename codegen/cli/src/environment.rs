//! Variables of the environment.

use std::env::{self, VarError};

use crate::Failure;

/// The value of a variable; an empty one counts as not set.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Failure::new(format!(
            "error: the environment variable {name} is not valid Unicode\n  help: correct or unset it"
        ))),
    }
}
