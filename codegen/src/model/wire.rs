//! HTTP terms that descriptions use.

/// The possible methods of an operation.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A media type without its parameters: `application/json` of `application/json; charset=utf-8`.
#[must_use]
pub fn media_type(name: &str) -> &str {
    name.split(';').next().unwrap_or(name).trim()
}
