//! Faults as a test or a person asks for them: what goes wrong, where, and how often.

use serde::{Deserialize, Serialize};

use crate::profile::RetryAfter;

/// What can go wrong.
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
    /// The request waits so long before anything happens.
    Latency {
        /// At least so long.
        milliseconds: u64,
        /// And at random up to so much longer.
        #[serde(default)]
        jitter_milliseconds: u64,
    },
    /// The request is carried out, and its response waits so long.
    LateResponse {
        /// How long.
        milliseconds: u64,
    },
    /// The connection is reset (RST) and nothing was carried out.
    ResetBefore,
    /// The request is carried out, and the connection is reset (RST) instead of a response.
    ResetAfter,
    /// The body ends too early, and the connection with it.
    TruncatedBody {
        /// How much of it arrives, from 0 to 1. Half by default.
        #[serde(default = "half")]
        fraction: f64,
    },
    /// The body trickles.
    SlowBody {
        /// Bytes at a time.
        chunk: usize,
        /// Pause between two chunks.
        pause_milliseconds: u64,
    },
    /// An error status with a body in the service's form.
    Status {
        /// 429, 500, 502, 503, 504, …
        status: u16,
        /// Seconds to wait, where the response names them.
        #[serde(default)]
        retry_after: Option<u64>,
        /// How it names them.
        #[serde(default)]
        retry_after_form: RetryAfter,
        /// Whether the request was carried out all the same.
        #[serde(default)]
        applied: bool,
    },
    /// An error status with a page for people, as proxies send it.
    HtmlError {
        /// The status.
        status: u16,
    },
    /// An error status without a body.
    EmptyError {
        /// The status.
        status: u16,
    },
    /// A success with a page for people in the place of JSON, as sign-in walls send it.
    HtmlSuccess,
    /// The right body under another content type.
    WrongContentType {
        /// Such as `text/plain`.
        content_type: String,
    },
    /// The request is carried out twice, as when a proxy repeats it; one response.
    DuplicateDelivery,
    /// A read shows what was there before the last write.
    StaleRead,
    /// Enumerations have members that nobody has described.
    UnknownEnumMembers,
    /// Evidence has types that nobody has described.
    UnknownEvidence,
    /// Objects have properties that nobody has described.
    UnknownProperties,
    /// Enumeration members come in Pascal case.
    PascalCase,
    /// Lists come as null.
    NullCollections,
    /// Dates and numbers come malformed.
    MalformedValues,
    /// A page is empty and has a link to the real one.
    EmptyPage,
    /// A page's link leads to another host.
    CrossOriginLink {
        /// Scheme and host, such as `https://example.invalid`.
        origin: String,
    },
}

impl Fault {
    /// One of each kind, with usual numbers.
    #[must_use]
    pub fn examples() -> Vec<Self> {
        vec![
            Self::Latency {
                milliseconds: 300,
                jitter_milliseconds: 700,
            },
            Self::LateResponse {
                milliseconds: 1_000,
            },
            Self::ResetBefore,
            Self::ResetAfter,
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
            Self::HtmlSuccess,
            Self::WrongContentType {
                content_type: "text/plain".to_owned(),
            },
            Self::DuplicateDelivery,
            Self::StaleRead,
            Self::UnknownEnumMembers,
            Self::UnknownEvidence,
            Self::UnknownProperties,
            Self::PascalCase,
            Self::NullCollections,
            Self::MalformedValues,
            Self::EmptyPage,
            Self::CrossOriginLink {
                origin: "https://example.invalid".to_owned(),
            },
        ]
    }
}

/// A fault, where it strikes, and how often.
///
/// ```
/// # use graph_incidents_simulator::{Fault, FaultRule};
/// let rule = FaultRule::new(Fault::ResetAfter).on("updateIncident").times(2);
/// assert_eq!(rule, serde_json::from_str(
///     r#"{"fault": {"kind": "resetAfter"}, "operations": ["updateIncident"], "times": 2}"#,
/// ).unwrap());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct FaultRule {
    /// What goes wrong.
    pub fault: Fault,
    /// Only in these operations; in all when there are none.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Only for this incident.
    #[serde(default)]
    pub incident: Option<String>,
    /// How likely, from 0 to 1, drawn with the simulator's seed. 1 by default.
    #[serde(default = "certain")]
    pub probability: f64,
    /// How often at most; without end by default.
    #[serde(default)]
    pub times: Option<u64>,
    /// So many requests are spared first.
    #[serde(default)]
    pub after: u64,
}

impl FaultRule {
    /// The fault in every request.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            operations: Vec::new(),
            incident: None,
            probability: 1.0,
            times: None,
            after: 0,
        }
    }

    /// Only in this operation, named as in the fragment; may be called repeatedly.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operations.push(operation.into());
        self
    }

    /// Only for this incident.
    #[must_use]
    pub fn incident(mut self, id: impl Into<String>) -> Self {
        self.incident = Some(id.into());
        self
    }

    /// With that probability, from 0 to 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// At most so often.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Not in the first so many requests that it could strike.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.after = requests;
        self
    }
}

fn half() -> f64 {
    0.5
}

fn certain() -> f64 {
    1.0
}
