//! Reads the stream, and acknowledges what is dealt with.

mod files;
mod redis;

pub use files::FileReader;
pub use redis::RedisReader;

use crate::change::StreamedChange;

/// A change that was read and is to be acknowledged.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Delivery {
    /// Where it stands in the stream.
    pub entry: String,
    /// How often it was delivered, this time included.
    pub deliveries: u64,
    /// The change.
    pub change: StreamedChange,
}
