//! The faults: one for each behaviour that a client must survive.

use serde::{Deserialize, Serialize};

use crate::profile::RetryAfter;

/// A fault.
///
/// As JSON, an object with the name in `kind`: `{"kind": "latency", "milliseconds": 300}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[non_exhaustive]
pub enum Fault {
    /// The request waits before anything happens.
    Latency {
        /// How long, at least. At most 86,400,000 (a day).
        milliseconds: u64,
        /// How much longer, at most; drawn at random. At most 86,400,000 (a day). Default: 0.
        #[serde(default)]
        jitter_milliseconds: u64,
    },
    /// The request is carried out, and its response is delayed.
    LateResponse {
        /// How long. At most 86,400,000 (a day).
        milliseconds: u64,
    },
    /// The connection is reset (RST), and nothing is carried out.
    ResetBefore,
    /// The request is carried out, and the connection is reset (RST) instead of a response.
    ResetAfter,
    /// The body ends too early, and the connection with it.
    TruncatedBody {
        /// How much of it arrives, from 0 to 1. Default: 0.5.
        #[serde(default = "half")]
        fraction: f64,
    },
    /// The body arrives in small pieces with pauses between them.
    SlowBody {
        /// Bytes in a piece.
        chunk: usize,
        /// Pause between two pieces. At most 86,400,000 (a day).
        pause_milliseconds: u64,
    },
    /// An error status with a body in the service's format.
    Status {
        /// 429, 500, 502, 503, 504, …
        status: u16,
        /// Seconds to wait, if the response has `Retry-After`.
        #[serde(default)]
        retry_after: Option<u64>,
        /// The form of `Retry-After`.
        #[serde(default)]
        retry_after_form: RetryAfter,
        /// Whether the request is carried out anyway.
        #[serde(default)]
        applied: bool,
    },
    /// 404 with code `UnknownError` and an empty message, as gateways of the service send it.
    UnknownError,
    /// An error status with an HTML page, as proxies send it.
    HtmlError {
        /// The status.
        status: u16,
    },
    /// An error status without a body.
    EmptyError {
        /// The status.
        status: u16,
    },
    /// 200 with an HTML page instead of JSON, as captive portals send it; nothing is carried out.
    HtmlSuccess,
    /// 200 with an error in the service's format.
    ErrorInSuccess {
        /// Whether the request is carried out anyway.
        #[serde(default)]
        applied: bool,
    },
    /// The request is carried out, and the response is 200 with `{}`.
    EmptyObject,
    /// The request is carried out, and the response is 200 without a body.
    EmptySuccess,
    /// The correct body with another content type.
    WrongContentType {
        /// Such as `text/plain`.
        content_type: String,
    },
    /// The body begins with a byte order mark.
    ByteOrderMark,
    /// 401 with a claims challenge, for every token that was not issued with these claims.
    ClaimsChallenge {
        /// The claims as JSON text. Default: an `nbf` of the access token.
        #[serde(default)]
        claims: Option<String>,
    },
    /// The request is carried out twice, as if a proxy had repeated it; one response.
    DuplicateDelivery,
    /// A read shows the state before the last write.
    StaleRead,
    /// Lists filter and sort incidents by their state before their last write, and show their current state.
    LaggingIndex,
    /// Enumerations have undescribed members.
    UnknownEnumMembers,
    /// Evidence has undescribed types.
    UnknownEvidence,
    /// Objects have undescribed properties.
    UnknownProperties,
    /// Enumeration members are in Pascal case.
    PascalCase,
    /// Enumeration members are numbers as strings: `"5"`.
    NumericMembers,
    /// Collections are null.
    NullCollections,
    /// Dates and numbers are malformed.
    MalformedValues,
    /// Strings contain a surrogate without its other half (`\ud83d`), which is not valid Unicode.
    LoneSurrogates,
    /// A page is empty and links to the real one.
    EmptyPage,
    /// A page ends with an `error` after some of its items, and has no link.
    ErrorAfterItems {
        /// How many items come before the error. Default: 1.
        #[serde(default = "one")]
        items: usize,
    },
    /// The next page begins with the last item of this one.
    DuplicateItems,
    /// A page's link leads back to the page itself.
    LinkCycle,
    /// A page's link is an empty string, and there are no more pages.
    EmptyLink,
    /// A page's link leads to another host.
    CrossOriginLink {
        /// Scheme and host, such as `https://example.invalid`.
        origin: String,
    },
    /// `$orderby` is accepted and ignored.
    IgnoredOrder,
    /// The responses of a batch are in reverse order.
    BatchOutOfOrder,
    /// The last response of a batch is missing; its request was carried out.
    BatchPartMissing,
    /// Successful updates in a batch have the status 204 and no body.
    BatchNoContent,
    /// The ids of a batch's responses are numbers, if possible.
    BatchNumericIds,
    /// The token endpoint returns this error of the protocol, such as `slow_down` or `invalid_grant`.
    TokenError {
        /// The name of the error.
        error: String,
    },
    /// The token endpoint returns `expires_in` as text.
    ExpiresInText,
}

/// The requests that a fault can apply to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Operations, batches and sign-ins, if a rule names them.
    Any,
    /// Operations only.
    Operations,
    /// Operations that return pages.
    Pages,
    Batches,
    SignIns,
}

impl Fault {
    pub(crate) fn scope(&self) -> Scope {
        match self {
            Self::EmptyPage
            | Self::ErrorAfterItems { .. }
            | Self::DuplicateItems
            | Self::LinkCycle
            | Self::EmptyLink
            | Self::CrossOriginLink { .. }
            | Self::IgnoredOrder
            | Self::LaggingIndex => Scope::Pages,
            Self::BatchOutOfOrder
            | Self::BatchPartMissing
            | Self::BatchNoContent
            | Self::BatchNumericIds => Scope::Batches,
            Self::TokenError { .. } | Self::ExpiresInText => Scope::SignIns,
            Self::UnknownError
            | Self::ClaimsChallenge { .. }
            | Self::DuplicateDelivery
            | Self::StaleRead
            | Self::UnknownEnumMembers
            | Self::UnknownEvidence
            | Self::UnknownProperties
            | Self::PascalCase
            | Self::NumericMembers
            | Self::NullCollections
            | Self::MalformedValues
            | Self::LoneSurrogates => Scope::Operations,
            _ => Scope::Any,
        }
    }

    /// Its name in the ledger and the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Latency { .. } => "latency",
            Self::LateResponse { .. } => "lateResponse",
            Self::ResetBefore => "resetBefore",
            Self::ResetAfter => "resetAfter",
            Self::TruncatedBody { .. } => "truncatedBody",
            Self::SlowBody { .. } => "slowBody",
            Self::Status { .. } => "status",
            Self::UnknownError => "unknownError",
            Self::HtmlError { .. } => "htmlError",
            Self::EmptyError { .. } => "emptyError",
            Self::HtmlSuccess => "htmlSuccess",
            Self::ErrorInSuccess { .. } => "errorInSuccess",
            Self::EmptyObject => "emptyObject",
            Self::EmptySuccess => "emptySuccess",
            Self::WrongContentType { .. } => "wrongContentType",
            Self::ByteOrderMark => "byteOrderMark",
            Self::ClaimsChallenge { .. } => "claimsChallenge",
            Self::DuplicateDelivery => "duplicateDelivery",
            Self::StaleRead => "staleRead",
            Self::LaggingIndex => "laggingIndex",
            Self::UnknownEnumMembers => "unknownEnumMembers",
            Self::UnknownEvidence => "unknownEvidence",
            Self::UnknownProperties => "unknownProperties",
            Self::PascalCase => "pascalCase",
            Self::NumericMembers => "numericMembers",
            Self::NullCollections => "nullCollections",
            Self::MalformedValues => "malformedValues",
            Self::LoneSurrogates => "loneSurrogates",
            Self::EmptyPage => "emptyPage",
            Self::ErrorAfterItems { .. } => "errorAfterItems",
            Self::DuplicateItems => "duplicateItems",
            Self::LinkCycle => "linkCycle",
            Self::EmptyLink => "emptyLink",
            Self::CrossOriginLink { .. } => "crossOriginLink",
            Self::IgnoredOrder => "ignoredOrder",
            Self::BatchOutOfOrder => "batchOutOfOrder",
            Self::BatchPartMissing => "batchPartMissing",
            Self::BatchNoContent => "batchNoContent",
            Self::BatchNumericIds => "batchNumericIds",
            Self::TokenError { .. } => "tokenError",
            Self::ExpiresInText => "expiresInText",
        }
    }

    /// One of each kind, with typical numbers.
    #[must_use]
    pub fn examples() -> Vec<Self> {
        let mut examples = vec![
            Self::Latency {
                milliseconds: 300,
                jitter_milliseconds: 700,
            },
            Self::LateResponse {
                milliseconds: 1_000,
            },
            Self::TruncatedBody { fraction: 0.5 },
            Self::SlowBody {
                chunk: 200,
                pause_milliseconds: 50,
            },
            Self::Status {
                status: 503,
                retry_after: Some(2),
                retry_after_form: RetryAfter::Seconds,
                applied: false,
            },
            Self::HtmlError { status: 502 },
            Self::EmptyError { status: 504 },
            Self::ErrorInSuccess { applied: false },
            Self::WrongContentType {
                content_type: "text/plain".to_owned(),
            },
            Self::ClaimsChallenge { claims: None },
            Self::ErrorAfterItems { items: 1 },
            Self::CrossOriginLink {
                origin: "https://example.invalid".to_owned(),
            },
            Self::TokenError {
                error: "slow_down".to_owned(),
            },
        ];
        examples.extend([
            Self::ResetBefore,
            Self::ResetAfter,
            Self::UnknownError,
            Self::HtmlSuccess,
            Self::EmptyObject,
            Self::EmptySuccess,
            Self::ByteOrderMark,
            Self::DuplicateDelivery,
            Self::StaleRead,
            Self::LaggingIndex,
            Self::UnknownEnumMembers,
            Self::UnknownEvidence,
            Self::UnknownProperties,
            Self::PascalCase,
            Self::NumericMembers,
            Self::NullCollections,
            Self::MalformedValues,
            Self::LoneSurrogates,
            Self::EmptyPage,
            Self::DuplicateItems,
            Self::LinkCycle,
            Self::EmptyLink,
            Self::IgnoredOrder,
            Self::BatchOutOfOrder,
            Self::BatchPartMissing,
            Self::BatchNoContent,
            Self::BatchNumericIds,
            Self::ExpiresInText,
        ]);
        examples.sort_by_key(Self::name);
        examples
    }
}

fn half() -> f64 {
    0.5
}

fn one() -> usize {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_one_name_in_json_and_in_the_ledger() {
        for fault in Fault::examples() {
            assert_eq!(serde_json::to_value(&fault).unwrap()["kind"], fault.name());
        }
    }
}
