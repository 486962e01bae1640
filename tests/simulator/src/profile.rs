//! The behaviours of the service that differ between tenants, times and reports; each names its source.
//!
//! **D** documented, **F** field report, **C** seen in client code, **A** assumed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The maximum page size of a profile.
const MOST_ITEMS: usize = 100_000;

/// The behaviour of the simulated service.
///
/// ```
/// # use graph_incidents_simulator::{Profile, LargePages};
/// let mut profile = Profile::plain();
/// profile.large_pages = LargePages::Clamp;
/// assert!(profile.throttling.limits.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Profile {
    /// D, F: the limits on calls, and the responses beyond them.
    pub throttling: Throttling,
    /// F: the largest `$top` for incidents, and the default page size. Default: 50.
    pub page_size: usize,
    /// F: how a larger `$top` is treated.
    pub large_pages: LargePages,
    /// A: the page size of entities other than incidents and alerts, without `$top`. Default: 100.
    pub entity_page_size: usize,
    /// F: the largest `$skip`. Default: 500.
    pub max_skip: usize,
    /// A: the page size of alerts, and their largest `$top`.
    pub alert_page_size: usize,
    /// C: an expansion has its own pages; A: of this size. Default: 20.
    pub expanded_alerts: usize,
    /// F: the number of incidents from which a list with `$filter` and `$expand=alerts` fails with 500. Default (A):
    /// 10,000.
    pub expansion_fails_from: usize,
    /// D: members are in camel case, or in Pascal case as on older pages.
    pub casing: Casing,
    /// D, F: the `@odata.type` of incidents.
    pub type_name: TypeName,
    /// D: whether names are as in older examples: `createdBy` and `createdTime` in comments, `tags`, `innererror`.
    pub older_names: bool,
    /// D: properties that this cloud does not have yet.
    pub missing_properties: Vec<String>,
    /// F: whether the tenant has the product; otherwise every call gets 403.
    pub provisioned: bool,
    /// C: whether a `resolvingComment` above 30,000 characters is silently truncated, or refused.
    pub long_comments_are_cut: bool,
    /// A: how long reads show the state before a write, in milliseconds. Default: 0.
    pub visibility_delay_ms: u64,
    /// A: how long filters and orders use the state before a write, in milliseconds. Default: 0.
    pub index_delay_ms: u64,
    /// A: which of the merged incidents remains.
    pub merge_target: MergeTarget,
    /// D: the quotas of hunting.
    pub hunting: Hunting,
    /// D: whether an update returns 204, as in descriptions until July 2023, instead of 200 with the incident.
    pub update_returns_no_content: bool,
}

/// The quotas of hunting, for the whole tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Hunting {
    /// D: the number of queries in any minute; `None` for no limit.
    pub calls_per_minute: Option<u64>,
    /// D: the processor time in any 15 minutes; `None` for no limit.
    pub cpu_milliseconds: Option<u64>,
    /// D: the maximum number of rows of a result. Default: 100,000.
    pub rows: usize,
    /// D: the maximum size of a response in bytes. Default: 50 MB.
    pub bytes: usize,
}

impl Default for Hunting {
    fn default() -> Self {
        Self {
            calls_per_minute: None,
            cpu_milliseconds: None,
            rows: 100_000,
            bytes: 50_000_000,
        }
    }
}

impl Hunting {
    /// 45 queries a minute, and ten minutes of processor time in any 15 minutes.
    #[must_use]
    pub fn documented() -> Self {
        Self {
            calls_per_minute: Some(45),
            cpu_milliseconds: Some(600_000),
            ..Self::default()
        }
    }
}

/// The limits on calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Throttling {
    /// Limits that all apply, for each application; none for no throttling.
    pub limits: Vec<Limit>,
    /// F: the form of `Retry-After`: seconds, an HTTP date, or none.
    pub retry_after: RetryAfter,
    /// F: whether refused calls count, so that continuing keeps the rate high.
    pub count_rejected_calls: bool,
    /// F: whether the body is the older one, with code `429` and a target.
    pub older_body: bool,
    /// A: whether responses have `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`.
    pub rate_limit_headers: bool,
}

/// A number of calls in any window of a given length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Limit {
    /// The number of calls.
    pub calls: usize,
    /// The length of the window in milliseconds.
    pub window_ms: u64,
}

/// The forms of `Retry-After`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum RetryAfter {
    /// Whole seconds, rounded up.
    #[default]
    Seconds,
    /// An HTTP date.
    Date,
    /// No header.
    Absent,
}

/// How a `$top` that is too large is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum LargePages {
    /// 400, with an empty code.
    #[default]
    Reject,
    /// The largest size is used instead.
    Clamp,
}

/// The case of enumeration members in responses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Casing {
    /// `truePositive`
    #[default]
    Camel,
    /// `TruePositive`
    Pascal,
}

/// The `@odata.type` of an incident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TypeName {
    /// None, as in current responses.
    #[default]
    Absent,
    /// `#microsoft.graph.security.incident`, as on the page of the list operation.
    Full,
    /// `#microsoft.graph.incident`, as on the page of the update operation.
    Short,
}

/// Which of the merged incidents remains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MergeTarget {
    /// The one that was created first.
    #[default]
    Oldest,
    /// The one that was created last.
    Newest,
    /// The one that the request names first.
    First,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            throttling: Throttling::default(),
            page_size: 50,
            entity_page_size: 100,
            large_pages: LargePages::default(),
            max_skip: 500,
            alert_page_size: 100,
            expanded_alerts: 20,
            expansion_fails_from: 10_000,
            casing: Casing::default(),
            type_name: TypeName::default(),
            older_names: false,
            missing_properties: Vec::new(),
            provisioned: true,
            long_comments_are_cut: true,
            visibility_delay_ms: 0,
            index_delay_ms: 0,
            merge_target: MergeTarget::default(),
            hunting: Hunting::default(),
            update_returns_no_content: false,
        }
    }
}

impl Profile {
    /// The names of the profiles of [`Profile::named`].
    pub const NAMES: [&str; 5] = [
        "plain",
        "service",
        "security-api",
        "reference-page",
        "government",
    ];

    /// Returns a profile without throttling.
    #[must_use]
    pub fn plain() -> Self {
        Self::default()
    }

    /// Returns a profile with the limits of the Defender API behind Graph: 50 calls a minute and 1,500 an hour.
    #[must_use]
    pub fn service() -> Self {
        Self {
            throttling: Throttling::defender(),
            hunting: Hunting::documented(),
            ..Self::default()
        }
    }

    /// Returns a profile with the limits of `/security`: 150 calls a minute.
    #[must_use]
    pub fn security_api() -> Self {
        Self {
            throttling: Throttling::security_api(),
            hunting: Hunting::documented(),
            ..Self::default()
        }
    }

    /// Returns a profile with responses as on the reference page: Pascal case, older names, the short type name.
    #[must_use]
    pub fn reference_page() -> Self {
        Self {
            casing: Casing::Pascal,
            type_name: TypeName::Short,
            older_names: true,
            ..Self::default()
        }
    }

    /// Returns a profile of a government cloud, which lacks new properties.
    #[must_use]
    pub fn government() -> Self {
        Self {
            missing_properties: vec!["priorityScore".to_owned(), "investigationState".to_owned()],
            ..Self::default()
        }
    }

    /// Refuses invalid page sizes.
    pub(crate) fn check(&self) -> Result<(), String> {
        for (name, size) in [
            ("pageSize", self.page_size),
            ("alertPageSize", self.alert_page_size),
            ("entityPageSize", self.entity_page_size),
        ] {
            if !(1..=MOST_ITEMS).contains(&size) {
                return Err(format!("{name} is {size}, not between 1 and {MOST_ITEMS}"));
            }
        }
        Ok(())
    }

    /// Returns the profile with a name, one of [`Profile::NAMES`].
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "plain" => Some(Self::plain()),
            "service" => Some(Self::service()),
            "security-api" => Some(Self::security_api()),
            "reference-page" => Some(Self::reference_page()),
            "government" => Some(Self::government()),
            _ => None,
        }
    }
}

impl Throttling {
    /// Returns 50 calls a minute and 1,500 an hour; refused calls count.
    #[must_use]
    pub fn defender() -> Self {
        Self::of([
            Limit::new(50, Duration::from_secs(60)),
            Limit::new(1_500, Duration::from_secs(3_600)),
        ])
    }

    /// Returns 150 calls a minute; refused calls count.
    #[must_use]
    pub fn security_api() -> Self {
        Self::of([Limit::new(150, Duration::from_secs(60))])
    }

    /// Returns these limits; refused calls count.
    #[must_use]
    pub fn of(limits: impl IntoIterator<Item = Limit>) -> Self {
        Self {
            limits: limits.into_iter().collect(),
            count_rejected_calls: true,
            ..Self::default()
        }
    }

    /// Sets the form of `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, form: RetryAfter) -> Self {
        self.retry_after = form;
        self
    }
}

impl Limit {
    /// Returns `calls` in any window of that length.
    #[must_use]
    pub fn new(calls: usize, window: Duration) -> Self {
        Self {
            calls,
            window_ms: u64::try_from(window.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// Returns the length of the window.
    #[must_use]
    pub fn window(self) -> Duration {
        Duration::from_millis(self.window_ms)
    }
}
