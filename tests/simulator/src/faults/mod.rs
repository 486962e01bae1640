//! Faults on demand: by rule (probability, count) or by script, drawn from one seed.

pub(crate) mod bodies;
mod fault;
pub(crate) mod responses;
mod rule;
pub(crate) mod sign_in;

use std::collections::VecDeque;

use parking_lot::Mutex;
use serde::Serialize;

pub use fault::Fault;
use fault::Scope;
pub use rule::{FaultRule, InvalidRule};

/// The name of a batch in fault rules.
pub(crate) const BATCH: &str = "batch";
/// The name of the token endpoint in fault rules.
pub(crate) const TOKEN: &str = "token";
/// The name of the device code endpoint in fault rules.
pub(crate) const DEVICE_CODE: &str = "deviceCode";
/// The name of the managed identity endpoints in fault rules.
pub(crate) const MANAGED_IDENTITY: &str = "managedIdentity";
/// All of the names for sign-ins.
pub(crate) const SIGN_INS: [&str; 3] = [TOKEN, DEVICE_CODE, MANAGED_IDENTITY];

/// The faults of a running simulator.
pub struct Faults {
    /// The names that rules can use.
    operations: Vec<String>,
    state: Mutex<State>,
}

struct State {
    random: fastrand::Rng,
    rules: Vec<Active>,
    script: VecDeque<Vec<Fault>>,
    next_id: u64,
}

/// A rule, and how often it has applied.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Active {
    /// The id for [`Faults::remove`].
    pub id: u64,
    /// The rule.
    pub rule: FaultRule,
    /// The number of requests that it could apply to.
    pub seen: u64,
    /// The number of requests that it applied to.
    pub struck: u64,
}

/// The faults of a request, each with its reason.
#[derive(Default)]
pub(crate) struct Drawn {
    pub(crate) faults: Vec<Fault>,
    pub(crate) reasons: Vec<String>,
}

/// The request that a fault may apply to.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    Operation {
        name: &'a str,
        /// The first id of the path.
        subject: Option<&'a str>,
        /// Whether it returns pages.
        pages: bool,
    },
    Batch,
    SignIn(&'a str),
}

impl Faults {
    pub(crate) fn seeded(seed: u64, operations: Vec<String>) -> Self {
        Self {
            operations,
            state: Mutex::new(State {
                random: fastrand::Rng::with_seed(seed ^ 0x6661_756c_7473),
                rules: Vec::new(),
                script: VecDeque::new(),
                next_id: 1,
            }),
        }
    }

    /// Adds a rule, and returns its id. Several rules can apply to a request; each draws separately.
    ///
    /// # Errors
    ///
    /// Returns an error if the rule names an unknown operation or one that the fault cannot apply to, or has an invalid
    /// number or text; the message says which, and lists the operations.
    pub fn add(&self, rule: FaultRule) -> Result<u64, InvalidRule> {
        rule.check(&self.operations)?;
        let mut state = self.state.lock();
        let id = state.next_id;
        state.next_id += 1;
        state.rules.push(Active {
            id,
            rule,
            seen: 0,
            struck: 0,
        });
        Ok(id)
    }

    /// Removes a rule; returns `false` if there is none with that id.
    pub fn remove(&self, id: u64) -> bool {
        let mut state = self.state.lock();
        let before = state.rules.len();
        state.rules.retain(|active| active.id != id);
        state.rules.len() < before
    }

    /// Removes all rules and the rest of the script.
    pub fn clear(&self) {
        let mut state = self.state.lock();
        state.rules.clear();
        state.script.clear();
    }

    /// Adds one entry for each of the next requests: its faults, or none. Sign-ins take no entry; a batch takes one
    /// only if it names a fault of batches, otherwise the requests in it do.
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

    /// Returns the names that rules can use.
    pub(crate) fn operations(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.operations.iter().map(String::as_str).collect();
        names.push(BATCH);
        names.extend(SIGN_INS);
        names
    }

    /// Returns the rules, and how often each has applied.
    #[must_use]
    pub fn active(&self) -> Vec<Active> {
        self.state.lock().rules.clone()
    }

    /// The faults of a request, with the reasons.
    pub(crate) fn draw(&self, target: Target<'_>) -> Drawn {
        let state = &mut *self.state.lock();
        let takes_step = match target {
            Target::Operation { .. } => true,
            Target::Batch => state
                .script
                .front()
                .is_some_and(|step| step.iter().any(|fault| fault.scope() == Scope::Batches)),
            Target::SignIn(_) => false,
        };
        let mut drawn = Drawn::default();
        if takes_step {
            drawn.faults = state.script.pop_front().unwrap_or_default();
            drawn
                .reasons
                .resize(drawn.faults.len(), "the script".to_owned());
        }
        for active in &mut state.rules {
            if active.strikes(target, &mut state.random) {
                drawn.faults.push(active.rule.fault.clone());
                drawn.reasons.push(active.reason());
            }
        }
        drawn
    }

    /// A random number below a limit, from the simulator's seed.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.state.lock().random.u64(0..bound.max(1))
    }
}

impl Active {
    fn concerns(&self, target: Target<'_>) -> bool {
        let rule = &self.rule;
        let named = |name: &str| rule.operations.iter().any(|operation| operation == name);
        let all = rule.operations.is_empty();
        let scope = rule.fault.scope();
        match target {
            Target::Operation {
                name,
                subject,
                pages,
            } => {
                (named(name) || all)
                    && (matches!(scope, Scope::Any | Scope::Operations)
                        || (scope == Scope::Pages && pages))
                    && (rule.incident.is_none() || rule.incident.as_deref() == subject)
            }
            Target::Batch => named(BATCH) || (all && scope == Scope::Batches),
            Target::SignIn(name) => named(name) || (all && scope == Scope::SignIns),
        }
    }

    /// The reason for a fault.
    fn reason(&self) -> String {
        let rule = &self.rule;
        let place = if rule.operations.is_empty() {
            "all operations".to_owned()
        } else {
            rule.operations.join(", ")
        };
        let most = rule
            .times
            .map_or_else(String::new, |times| format!(", at most {times} times"));
        format!(
            "rule {}, {} % of {place}{most}: {} of {} requests so far",
            self.id,
            rule.probability * 100.0,
            self.struck,
            self.seen
        )
    }

    fn strikes(&mut self, target: Target<'_>, random: &mut fastrand::Rng) -> bool {
        if !self.concerns(target) {
            return false;
        }
        let rule = &self.rule;
        self.seen += 1;
        let strikes = self.seen > rule.after
            && rule.times.is_none_or(|times| self.struck < times)
            && (rule.probability >= 1.0 || random.f64() < rule.probability);
        self.struck += u64::from(strikes);
        strikes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPDATE: Target<'_> = Target::Operation {
        name: "updateIncident",
        subject: Some("1"),
        pages: false,
    };

    fn faults(seed: u64) -> Faults {
        let names = ["updateIncident", "getIncident", "listIncidents"];
        Faults::seeded(seed, names.map(str::to_owned).to_vec())
    }

    fn struck(seed: u64, rule: FaultRule) -> Vec<bool> {
        let faults = faults(seed);
        faults.add(rule).unwrap();
        (0..200)
            .map(|_| !faults.draw(UPDATE).faults.is_empty())
            .collect()
    }

    #[test]
    fn the_same_seed_affects_the_same_requests() {
        let rule = || FaultRule::new(Fault::ResetAfter).probability(0.3);
        assert_eq!(struck(7, rule()), struck(7, rule()));
        assert_ne!(struck(7, rule()), struck(8, rule()));
        let hits = struck(7, rule()).iter().filter(|hit| **hit).count();
        assert!((30..90).contains(&hits), "{hits} of 200 at 0.3");
    }

    #[test]
    fn a_rule_applies_as_often_and_where_it_says() {
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
        let faults = faults(1);
        faults.add(rule).unwrap();
        for (name, subject) in [("getIncident", "1"), ("updateIncident", "2")] {
            let target = Target::Operation {
                name,
                subject: Some(subject),
                pages: false,
            };
            assert!((0..9).all(|_| faults.draw(target).faults.is_empty()));
        }
    }

    #[test]
    fn a_script_is_followed_step_by_step() {
        let faults = faults(1);
        faults.script([
            vec![Fault::ResetBefore],
            vec![],
            vec![Fault::EmptyPage, Fault::PascalCase],
        ]);
        let lengths: Vec<usize> = (0..4).map(|_| faults.draw(UPDATE).faults.len()).collect();
        assert_eq!(lengths, [1, 0, 2, 0]);
    }

    #[test]
    fn sign_ins_and_batches_are_affected_only_by_rules_for_them() {
        let faults = faults(1);
        faults.add(FaultRule::new(Fault::ResetAfter)).unwrap();
        assert!(faults.draw(Target::SignIn(TOKEN)).faults.is_empty());
        assert!(faults.draw(Target::Batch).faults.is_empty());
        faults.add(FaultRule::new(Fault::ExpiresInText)).unwrap();
        faults.add(FaultRule::new(Fault::BatchNumericIds)).unwrap();
        faults
            .add(FaultRule::new(Fault::ResetBefore).on(TOKEN))
            .unwrap();
        assert_eq!(faults.draw(Target::SignIn(TOKEN)).faults.len(), 2);
        assert_eq!(faults.draw(Target::Batch).faults, [Fault::BatchNumericIds]);
        assert_eq!(faults.draw(UPDATE).faults, [Fault::ResetAfter]);
    }

    #[test]
    fn a_page_fault_counts_only_for_pages() {
        let faults = faults(1);
        faults.add(FaultRule::new(Fault::LinkCycle)).unwrap();
        assert!(faults.draw(UPDATE).faults.is_empty());
        assert_eq!(faults.active()[0].seen, 0);
    }

    #[test]
    fn a_rule_that_can_never_apply_is_refused_with_the_names() {
        let faults = faults(1);
        let refused = |rule: FaultRule| faults.add(rule).unwrap_err().to_string();
        let text = refused(FaultRule::new(Fault::ResetAfter).on("updateIncidents"));
        for name in ["'updateIncidents'", ", updateIncident", "batch", "token"] {
            assert!(text.contains(name), "{text}");
        }
        assert!(
            refused(FaultRule::new(Fault::ExpiresInText).on("getIncident")).contains("getIncident")
        );
        assert!(refused(FaultRule::new(Fault::LinkCycle).on("token")).contains("linkCycle"));
        assert!(refused(FaultRule::new(Fault::ResetAfter).probability(20.0)).contains("20"));
        assert!(
            refused(FaultRule::new(Fault::Latency {
                milliseconds: 1,
                jitter_milliseconds: u64::MAX,
            }))
            .contains("jitterMilliseconds")
        );
        assert!(faults.active().is_empty());
    }
}
