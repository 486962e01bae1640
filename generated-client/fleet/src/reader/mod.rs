//! Reads the stream, and acknowledges processed changes.

mod files;
mod redis;

pub use files::FileReader;
pub use redis::RedisReader;

use crate::change::StreamedChange;

/// A change to process and acknowledge.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Delivery {
    /// Its position in the stream.
    pub entry: String,
    /// The number of deliveries, including this one.
    pub deliveries: u64,
    /// The change.
    pub change: StreamedChange,
}
