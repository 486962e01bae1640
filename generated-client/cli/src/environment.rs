//! Variables of the environment.

/// The value of a variable; a blank one counts as not set.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.trim().is_empty())
}
