//! The tables, macros and functions for generated code only.
//!
//! It changes with the generator of the same version, without any promise of stability.

pub use chrono::{DateTime, NaiveDate, Utc};
pub use reqwest::{self, header};
#[cfg(feature = "schemars")]
pub use schemars;
pub use serde;
pub use serde_json::Value;
pub use uuid::Uuid;

pub use crate::builder::ClientBuilder;
pub use crate::call::{Call, Read, responses, send};
pub use crate::cloud::{ApiVersion, Cloud};
pub use crate::core::{Core, Request, RequestBuilder, Requests, Response};
pub use crate::data::body::{body, family_update};
pub use crate::data::check::{Body, Refusal, guarded_members as guarded};
pub use crate::data::enumeration::{OpenEnum, Unrecognized, open_enum};
pub use crate::data::flags::Flags;
pub use crate::data::object::{narrow, object, object_base};
pub use crate::data::page::{InvalidItem, Page};
pub use crate::data::polymorphic::{Other, polymorphic};
pub use crate::data::rank::{RankedEnum, ranked, sorted_by_text};
pub use crate::data::slot::OtherReason;
pub use crate::data::wire::Wire;
pub use crate::data::{
    Change, JsonMap, Nulls, Unreadable, body, check, enumeration, flags, json, json_schema, object,
    page, polymorphic, read, slot, view, wire,
};
pub use crate::data::{date, date_time};
pub use crate::error::Error;
pub use crate::filter::{DateField, EnumField, Filter, PlainField, TextField};
pub use crate::operation::{Expected, Operation};
pub use crate::pages::{self, pageable};
pub use crate::path::encode_path;
pub use crate::product::{Product, ServiceClient, client};
pub use crate::property::{Order, properties_of};
pub use crate::query::Parameter as QueryParam;
pub use crate::raw::RawRequest;
pub use crate::requests::{CallFuture, awaitable, items, joined, request, show};
pub use crate::retry::RetryPolicy;
pub use crate::transfer::{ByteRange, Download, Open, Upload, downloadable, open};

/// Many requests in one.
pub mod batch {
    pub use crate::batch::{LARGEST, send_all};
}

/// Identifiers and texts in a path.
pub mod path {
    pub use crate::path::{check, check_quoted, quoted, segment};
}

/// Options in a query.
pub mod query {
    pub use crate::query::{Parameter, Value};
}
