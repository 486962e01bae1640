//! When a fault applies, and how often.

use std::fmt;

use axum::http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::fault::{Fault, Scope};

/// The maximum delay of a fault, in milliseconds: a day.
const LONGEST: u64 = 86_400_000;

/// A fault, when it applies, and how often.
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
    /// The fault.
    pub fault: Fault,
    /// Where it applies: operations of the contract, `batch`, `token`, `deviceCode` or `managedIdentity`. Default: all
    /// operations, or all batches or sign-ins if the fault cannot apply to anything else.
    #[serde(default)]
    pub operations: Vec<String>,
    /// The only incident that it applies to: the first id in the path.
    #[serde(default)]
    pub incident: Option<String>,
    /// The probability, from 0 to 1, drawn with the simulator's seed. Default: 1.
    #[serde(default = "certain")]
    pub probability: f64,
    /// The maximum number of applications. Default: unlimited.
    #[serde(default)]
    pub times: Option<u64>,
    /// How many requests are skipped first. Default: 0.
    #[serde(default)]
    pub after: u64,
}

impl FaultRule {
    /// Creates a rule that applies the fault to every request.
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

    /// Applies it only to this operation, named as in the fragment, or to `batch`, `token`, `deviceCode`,
    /// `managedIdentity`; may be called repeatedly.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operations.push(operation.into());
        self
    }

    /// Applies it only to this incident.
    #[must_use]
    pub fn incident(mut self, id: impl Into<String>) -> Self {
        self.incident = Some(id.into());
        self
    }

    /// Applies it with this probability, from 0 to 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Applies it at most this number of times.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Skips the first requests that it could apply to.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.after = requests;
        self
    }

    /// Refuses rules that could never apply, or have invalid values.
    pub(super) fn check(&self, operations: &[String]) -> Result<(), InvalidRule> {
        let is_sign_in = |name: &str| super::SIGN_INS.contains(&name);
        let is_batch = |name: &str| name == super::BATCH;
        for name in &self.operations {
            if !is_sign_in(name) && !is_batch(name) && !operations.contains(name) {
                let mut known: Vec<&str> = operations.iter().map(String::as_str).collect();
                known.push(super::BATCH);
                known.extend(super::SIGN_INS);
                known.sort_unstable();
                return Err(InvalidRule(format!(
                    "there is no operation '{name}'; known: {}",
                    known.join(", ")
                )));
            }
            let fits = match self.fault.scope() {
                Scope::Any => true,
                Scope::Operations | Scope::Pages => !is_sign_in(name) && !is_batch(name),
                Scope::Batches => is_batch(name),
                Scope::SignIns => is_sign_in(name),
            };
            if !fits {
                return Err(InvalidRule(format!(
                    "the fault '{}' cannot apply to '{name}'",
                    self.fault.name()
                )));
            }
        }
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(InvalidRule(format!(
                "the probability {} is not between 0 and 1",
                self.probability
            )));
        }
        self.fault.check()
    }
}

impl Fault {
    /// Refuses invalid numbers and texts.
    pub(crate) fn check(&self) -> Result<(), InvalidRule> {
        let wait = |name: &str, milliseconds: u64| {
            if milliseconds <= LONGEST {
                return Ok(());
            }
            Err(InvalidRule(format!(
                "{name} is {milliseconds}, above {LONGEST} (a day)"
            )))
        };
        let status = |status: u16| {
            if (200..=599).contains(&status) {
                return Ok(());
            }
            Err(InvalidRule(format!(
                "status is {status}, not between 200 and 599"
            )))
        };
        match self {
            Self::Latency {
                milliseconds,
                jitter_milliseconds,
            } => {
                wait("milliseconds", *milliseconds)?;
                wait("jitterMilliseconds", *jitter_milliseconds)
            }
            Self::LateResponse { milliseconds } => wait("milliseconds", *milliseconds),
            Self::SlowBody {
                pause_milliseconds, ..
            } => wait("pauseMilliseconds", *pause_milliseconds),
            Self::Status { status: number, .. }
            | Self::HtmlError { status: number }
            | Self::EmptyError { status: number } => status(*number),
            Self::TruncatedBody { fraction } if !(0.0..=1.0).contains(fraction) => Err(
                InvalidRule(format!("fraction is {fraction}, not between 0 and 1")),
            ),
            Self::WrongContentType { content_type }
                if HeaderValue::from_str(content_type).is_err() =>
            {
                Err(InvalidRule(
                    "contentType cannot be the value of a header".to_owned(),
                ))
            }
            Self::ClaimsChallenge {
                claims: Some(claims),
            } if serde_json::from_str::<serde_json::Value>(claims).is_err() => {
                Err(InvalidRule("claims is not JSON".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// Why a fault rule was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRule(pub(super) String);

impl fmt::Display for InvalidRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "invalid fault rule: {}", self.0)
    }
}

impl std::error::Error for InvalidRule {}

fn certain() -> f64 {
    1.0
}
