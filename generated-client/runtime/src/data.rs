//! The values that requests and responses carry, read without loss and written as they were.

pub mod body;
pub(crate) mod change;
pub mod check;
mod date_text;
mod dates;
pub mod enumeration;
pub mod flags;
pub mod json;
pub mod json_schema;
mod nulls;
pub mod object;
pub mod page;
pub mod polymorphic;
pub(crate) mod rank;
pub mod read;
mod refusal;
pub mod slot;
pub(crate) mod unreadable;
mod values;
pub mod view;
pub mod wire;

pub use change::Change;
pub use check::Refusal;
pub use date_text::{date, date_time};
pub use enumeration::{OpenEnum, Unrecognized};
pub use flags::Flags;
pub use nulls::Nulls;
pub use page::{InvalidItem, Page};
pub use polymorphic::Other;
pub use slot::OtherReason;
pub use unreadable::Unreadable;

/// A JSON object.
pub type JsonMap = serde_json::Map<String, serde_json::Value>;
