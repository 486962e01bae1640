//! What generated code is made of: the values that it reads and writes, and the way to the service.
//!
//! This is public because a crate can generate a client from a fragment of its own; it is meant for generated code.

pub mod change;
pub mod check;
mod dates;
pub mod enumeration;
pub mod flags;
pub mod json;
pub mod json_schema;
pub mod object;
pub mod operation;
pub mod page;
pub mod path;
pub mod polymorphic;
pub mod query;
mod requests;
mod values;
pub mod wire;

pub use chrono::{DateTime, Utc};
pub use reqwest::header;
#[cfg(feature = "schemars")]
pub use schemars;
pub use serde;
pub use serde_json::Value;
pub use uuid::Uuid;

pub use crate::Error;
pub use crate::pages::pageable;
pub use crate::transport::{Request, RequestBuilder, Requests, Transport};
pub use change::Change;
pub use check::{Body, Refusal, guarded_members as guarded};
pub use enumeration::{OpenEnum, Unrecognized, open_enum};
pub use flags::Flags;
pub use json_schema::body_schema;
pub use object::{Nulls, Unreadable, narrow, object, object_base};
pub use operation::Operation;
pub use page::{OddItem, Page};
pub use polymorphic::{Other, OtherReason, polymorphic};
pub use requests::{CallFuture, awaitable};
pub use wire::{Fit, Wire};

/// A JSON object.
pub type JsonMap = serde_json::Map<String, Value>;
