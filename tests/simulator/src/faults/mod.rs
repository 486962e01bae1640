//! Faults on demand: by rule (probability, count) or by script, drawn from one seed.

pub(crate) mod bodies;
pub(crate) mod responses;
mod rule;

use std::collections::VecDeque;

use parking_lot::Mutex;
use serde::Serialize;

pub use rule::{Fault, FaultRule};

/// The faults of a running simulator.
pub struct Faults {
    state: Mutex<State>,
}

struct State {
    random: fastrand::Rng,
    rules: Vec<Active>,
    script: VecDeque<Vec<Fault>>,
    next_id: u64,
}

/// A rule, and how often it has struck.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Active {
    /// What [`Faults::remove`] takes.
    pub id: u64,
    /// The rule.
    pub rule: FaultRule,
    /// Requests that it could have struck.
    pub seen: u64,
    /// Requests that it struck.
    pub struck: u64,
}

impl Faults {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self {
            state: Mutex::new(State {
                random: fastrand::Rng::with_seed(seed ^ 0x6661_756c_7473),
                rules: Vec::new(),
                script: VecDeque::new(),
                next_id: 1,
            }),
        }
    }

    /// Adds a rule, and returns its id. Rules act together; each draws for itself.
    pub fn add(&self, rule: FaultRule) -> u64 {
        let mut state = self.state.lock();
        let id = state.next_id;
        state.next_id += 1;
        state.rules.push(Active {
            id,
            rule,
            seen: 0,
            struck: 0,
        });
        id
    }

    /// Removes a rule; `false` when there is none of that id.
    pub fn remove(&self, id: u64) -> bool {
        let mut state = self.state.lock();
        let before = state.rules.len();
        state.rules.retain(|active| active.id != id);
        state.rules.len() < before
    }

    /// Removes all rules and what is left of the script.
    pub fn clear(&self) {
        let mut state = self.state.lock();
        state.rules.clear();
        state.script.clear();
    }

    /// One entry for each of the next requests: the faults that strike it, or none.
    ///
    /// ```
    /// # use graph_incidents_simulator::{Fault, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let simulator = Simulator::builder().start().await?;
    /// // The first request fails after it was carried out, the second passes, the third is refused.
    /// simulator.faults().script([
    ///     vec![Fault::ResetAfter],
    ///     vec![],
    ///     vec![Fault::HtmlError { status: 503 }],
    /// ]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn script(&self, steps: impl IntoIterator<Item = Vec<Fault>>) {
        self.state.lock().script.extend(steps);
    }

    /// The rules, and how often each has struck.
    #[must_use]
    pub fn active(&self) -> Vec<Active> {
        self.state.lock().rules.clone()
    }

    /// The faults that strike a request.
    pub(crate) fn draw(&self, operation: &str, incident: Option<&str>) -> Vec<Fault> {
        let state = &mut *self.state.lock();
        let mut faults = state.script.pop_front().unwrap_or_default();
        for active in &mut state.rules {
            if active.strikes(operation, incident, &mut state.random) {
                faults.push(active.rule.fault.clone());
            }
        }
        faults
    }

    /// A random number below a bound, from the simulator's seed.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.state.lock().random.u64(0..bound.max(1))
    }
}

impl Active {
    fn strikes(
        &mut self,
        operation: &str,
        incident: Option<&str>,
        random: &mut fastrand::Rng,
    ) -> bool {
        let rule = &self.rule;
        let concerned = (rule.operations.is_empty()
            || rule.operations.iter().any(|name| name == operation))
            && (rule.incident.is_none() || rule.incident.as_deref() == incident);
        if !concerned {
            return false;
        }
        self.seen += 1;
        let strikes = self.seen > rule.after
            && rule.times.is_none_or(|times| self.struck < times)
            && (rule.probability >= 1.0 || random.f64() < rule.probability);
        self.struck += u64::from(strikes);
        strikes
    }
}

impl Fault {
    /// The name that the ledger and the log use.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Latency { .. } => "latency",
            Self::LateResponse { .. } => "lateResponse",
            Self::ResetBefore => "resetBefore",
            Self::ResetAfter => "resetAfter",
            Self::TruncatedBody { .. } => "truncatedBody",
            Self::SlowBody { .. } => "slowBody",
            Self::Status { .. } => "status",
            Self::HtmlError { .. } => "htmlError",
            Self::EmptyError { .. } => "emptyError",
            Self::HtmlSuccess => "htmlSuccess",
            Self::WrongContentType { .. } => "wrongContentType",
            Self::DuplicateDelivery => "duplicateDelivery",
            Self::StaleRead => "staleRead",
            Self::UnknownEnumMembers => "unknownEnumMembers",
            Self::UnknownEvidence => "unknownEvidence",
            Self::UnknownProperties => "unknownProperties",
            Self::PascalCase => "pascalCase",
            Self::NullCollections => "nullCollections",
            Self::MalformedValues => "malformedValues",
            Self::EmptyPage => "emptyPage",
            Self::CrossOriginLink { .. } => "crossOriginLink",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(seed: u64, rule: FaultRule) -> Vec<bool> {
        let faults = Faults::seeded(seed);
        faults.add(rule);
        (0..200)
            .map(|_| !faults.draw("updateIncident", Some("1")).is_empty())
            .collect()
    }

    #[test]
    fn the_same_seed_strikes_the_same_requests() {
        let rule = || FaultRule::new(Fault::ResetAfter).probability(0.3);
        assert_eq!(struck(7, rule()), struck(7, rule()));
        assert_ne!(struck(7, rule()), struck(8, rule()));
        let hits = struck(7, rule()).iter().filter(|hit| **hit).count();
        assert!((30..90).contains(&hits), "{hits} of 200 at 0.3");
    }

    #[test]
    fn a_rule_strikes_as_often_as_it_says_and_where_it_says() {
        let rule = FaultRule::new(Fault::StaleRead)
            .on("updateIncident")
            .incident("1")
            .after(2)
            .times(3);
        let hits: Vec<usize> = struck(1, rule.clone())
            .iter()
            .enumerate()
            .filter(|(_, hit)| **hit)
            .map(|(index, _)| index)
            .collect();
        assert_eq!(hits, [2, 3, 4]);
        let faults = Faults::seeded(1);
        faults.add(rule);
        assert!((0..9).all(|_| faults.draw("getIncident", Some("1")).is_empty()));
        assert!((0..9).all(|_| faults.draw("updateIncident", Some("2")).is_empty()));
    }

    #[test]
    fn a_script_is_followed_step_by_step() {
        let faults = Faults::seeded(1);
        faults.script([
            vec![Fault::ResetBefore],
            vec![],
            vec![Fault::EmptyPage, Fault::PascalCase],
        ]);
        let lengths: Vec<usize> = (0..4)
            .map(|_| faults.draw("listIncidents", None).len())
            .collect();
        assert_eq!(lengths, [1, 0, 2, 0]);
    }
}
