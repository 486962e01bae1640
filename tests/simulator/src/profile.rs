//! The habits of the service that differ between tenants, times and reports; each names the fact it follows.
//!
//! **D** documented, **F** field report, **C** seen in client code, **A** assumed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The most items that a page may be set to hold.
const MOST_ITEMS: usize = 100_000;

/// How the simulated service behaves.
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
    /// D, F: how many calls are granted, and what the others are told.
    pub throttling: Throttling,
    /// F: the largest `$top` for incidents, and the size of a page without one. 50.
    pub page_size: usize,
    /// F: what happens to a larger `$top`.
    pub large_pages: LargePages,
    /// A: the size of a page of entities other than incidents and alerts, without `$top`. Default: 100.
    pub entity_page_size: usize,
    /// F: the largest `$skip`. 500.
    pub max_skip: usize,
    /// A: how many alerts a page of alerts holds, and the most that `$top` may ask for.
    pub alert_page_size: usize,
    /// C: an expansion pages by itself; A: after how many alerts. 20.
    pub expanded_alerts: usize,
    /// F: from how many incidents on a list with `$filter` and `$expand=alerts` fails with 500. A: 10,000.
    pub expansion_fails_from: usize,
    /// D: today's members are in camel case, those on older pages in Pascal case.
    pub casing: Casing,
    /// D, F: how an incident names its type.
    pub type_name: TypeName,
    /// D: the names of older examples: `createdBy` and `createdTime` in comments, `tags`, `innererror`.
    pub older_names: bool,
    /// D: properties that this cloud does not have yet.
    pub missing_properties: Vec<String>,
    /// F: whether the tenant has the product; without it every call is a 403.
    pub provisioned: bool,
    /// C: whether a `resolvingComment` above 30,000 characters is cut without a word, or refused.
    pub long_comments_are_cut: bool,
    /// A: how long reads go on showing what was there before a write, in milliseconds. 0.
    pub visibility_delay_ms: u64,
    /// A: how long filters and orders go on seeing what was there before a write, in milliseconds. Default: 0.
    pub index_delay_ms: u64,
    /// A: which of the merged incidents survives.
    pub merge_target: MergeTarget,
    /// D: what hunting may cost the tenant.
    pub hunting: Hunting,
    /// D: 200 and the incident, or 204 as descriptions said until July 2023.
    pub update_returns_no_content: bool,
}

/// What hunting may cost the tenant, whoever calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Hunting {
    /// D: how many queries in any minute; none means no bound.
    pub calls_per_minute: Option<u64>,
    /// D: how much processor time in any quarter of an hour; none means no bound.
    pub cpu_milliseconds: Option<u64>,
    /// D: how many rows a result may have. Default: 100,000.
    pub rows: usize,
    /// D: how many bytes a response may have. Default: 50 MB.
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
    /// 45 queries a minute, ten minutes of processor time in a quarter of an hour.
    #[must_use]
    pub fn documented() -> Self {
        Self {
            calls_per_minute: Some(45),
            cpu_milliseconds: Some(600_000),
            ..Self::default()
        }
    }
}

/// How many calls are granted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Throttling {
    /// All hold at once, for each application; none means no throttling.
    pub limits: Vec<Limit>,
    /// F: seconds, an HTTP date, or nothing.
    pub retry_after: RetryAfter,
    /// F: whether refused calls count, so that going on keeps the rate high.
    pub count_rejected_calls: bool,
    /// F: the older body, with code `429` and a target.
    pub older_body: bool,
    /// A: whether responses say how much is left: `RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset`.
    pub rate_limit_headers: bool,
}

/// So many calls in any window of so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Limit {
    /// How many calls are granted.
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

/// What happens to a `$top` that is too large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum LargePages {
    /// 400, with an empty code.
    #[default]
    Reject,
    /// The largest size is taken instead.
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
    /// None, as in responses of today.
    #[default]
    Absent,
    /// `#microsoft.graph.security.incident`, as the list's page.
    Full,
    /// `#microsoft.graph.incident`, as the update's page.
    Short,
}

/// Which of the merged incidents survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MergeTarget {
    /// The one that was opened first.
    #[default]
    Oldest,
    /// The one that was opened last.
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
    /// The names that [`Profile::named`] knows.
    pub const NAMES: [&str; 5] = [
        "plain",
        "service",
        "security-api",
        "reference-page",
        "government",
    ];

    /// No throttling: every request gets what it asks for.
    #[must_use]
    pub fn plain() -> Self {
        Self::default()
    }

    /// Throttled like the Defender API behind it: 50 calls a minute and 1,500 an hour.
    #[must_use]
    pub fn service() -> Self {
        Self {
            throttling: Throttling::defender(),
            hunting: Hunting::documented(),
            ..Self::default()
        }
    }

    /// Throttled like `/security`: 150 calls a minute.
    #[must_use]
    pub fn security_api() -> Self {
        Self {
            throttling: Throttling::security_api(),
            hunting: Hunting::documented(),
            ..Self::default()
        }
    }

    /// Responses as on the reference page: Pascal case, older names, the short type name.
    #[must_use]
    pub fn reference_page() -> Self {
        Self {
            casing: Casing::Pascal,
            type_name: TypeName::Short,
            older_names: true,
            ..Self::default()
        }
    }

    /// A government cloud: what is new has not arrived.
    #[must_use]
    pub fn government() -> Self {
        Self {
            missing_properties: vec!["priorityScore".to_owned(), "investigationState".to_owned()],
            ..Self::default()
        }
    }

    /// Refuses sizes that no page can have.
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

    /// The profile of that name, one of [`Profile::NAMES`].
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
    /// 50 calls a minute and 1,500 an hour; refused calls count.
    #[must_use]
    pub fn defender() -> Self {
        Self::of([
            Limit::new(50, Duration::from_secs(60)),
            Limit::new(1_500, Duration::from_secs(3_600)),
        ])
    }

    /// 150 calls a minute; refused calls count.
    #[must_use]
    pub fn security_api() -> Self {
        Self::of([Limit::new(150, Duration::from_secs(60))])
    }

    /// These limits; refused calls count.
    #[must_use]
    pub fn of(limits: impl IntoIterator<Item = Limit>) -> Self {
        Self {
            limits: limits.into_iter().collect(),
            count_rejected_calls: true,
            ..Self::default()
        }
    }

    /// With another form of `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, form: RetryAfter) -> Self {
        self.retry_after = form;
        self
    }
}

impl Limit {
    /// `calls` in any window of that length.
    #[must_use]
    pub fn new(calls: usize, window: Duration) -> Self {
        Self {
            calls,
            window_ms: u64::try_from(window.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// The length of the window.
    #[must_use]
    pub fn window(self) -> Duration {
        Duration::from_millis(self.window_ms)
    }
}
