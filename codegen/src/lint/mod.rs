//! Temporary stand-in; being written by its owner.
pub fn check(_: &crate::load::Document) -> crate::diagnostic::Problems {
    Default::default()
}
