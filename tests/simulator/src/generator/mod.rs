//! A tenant of any size from a seed: each incident is a function of seed and number, generated when it is read.

mod alerts;
mod sketch;
mod values;
mod words;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::contract::Contract;
use crate::identity::TENANT;
use crate::object::Object;
use crate::time::Ticks;

pub(crate) use sketch::Sketch;

/// The version of the generator: with another one, a seed means other data.
pub(crate) const VERSION: u32 = 2;

/// The id of the first incident; the others follow.
const FIRST_ID: u64 = 3_000_000;

/// Generates the incidents of a tenant, and their alerts, the same each time.
pub(crate) struct Generator {
    contract: Arc<Contract>,
    seed: u64,
    count: u64,
    /// The tags of all types of evidence, sorted, so that a seed does not depend on a map's order.
    evidence: Vec<(String, String)>,
}

/// Independent streams of random numbers.
#[derive(Clone, Copy)]
enum Stream {
    Sketch = 1,
    Incident = 2,
    Alerts = 3,
}

impl Generator {
    pub(crate) fn new(contract: Arc<Contract>, seed: u64, count: u64) -> Self {
        let mut evidence: Vec<(String, String)> = contract
            .object("AlertEvidence")
            .map(|base| {
                base.mapping
                    .iter()
                    .map(|(tag, schema)| (tag.clone(), schema.clone()))
                    .collect()
            })
            .unwrap_or_default();
        evidence.sort_unstable();
        Self {
            contract,
            seed,
            count,
            evidence,
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The id of an incident.
    pub(crate) fn id(ordinal: u64) -> String {
        (FIRST_ID + ordinal).to_string()
    }

    /// The number of the incident in a generated alert's id.
    pub(crate) fn ordinal_of_alert(id: &str) -> Option<u64> {
        let digits = id.strip_prefix("da")?.split_once('_')?.0;
        u64::from_str_radix(digits.get(16..24)?, 16).ok()
    }

    /// The properties for sorting and filtering: far cheaper than the whole incident.
    pub(crate) fn sketch(&self, ordinal: u64) -> Sketch {
        Sketch::draw(
            &mut self.random(ordinal, Stream::Sketch),
            ordinal,
            self.count,
        )
    }

    /// The whole incident, without its alerts.
    pub(crate) fn incident(&self, ordinal: u64) -> Object {
        let sketch = self.sketch(ordinal);
        let random = &mut self.random(ordinal, Stream::Incident);
        let id = Self::id(ordinal);
        let resolved = sketch.status == "resolved";
        let tags = |list: &[&str], random: &mut fastrand::Rng| -> Value {
            list.iter()
                .filter(|_| random.u8(..) < 40)
                .map(|tag| json!(tag))
                .collect()
        };
        let mut incident = Object::new();
        let mut set = |name: &str, value: Value| {
            incident.insert(name.to_owned(), value);
        };
        set("id", json!(id));
        set("tenantId", json!(TENANT));
        set(
            "incidentWebUrl",
            json!(format!(
                "https://security.microsoft.com/incident2/{id}/overview?tid={TENANT}"
            )),
        );
        set("displayName", json!(words::title(random)));
        set("createdDateTime", json!(sketch.created.to_string()));
        set("lastUpdateDateTime", json!(sketch.updated.to_string()));
        set(
            "lastModifiedBy",
            json!(words::pick(random, words::MODIFIERS)),
        );
        set("assignedTo", json!(sketch.assigned_to));
        set("classification", json!(sketch.classification));
        set("determination", json!(sketch.determination));
        set("severity", json!(sketch.severity));
        set("status", json!(sketch.status));
        set("priorityScore", json!(random.u8(1..=100)));
        set(
            "redirectIncidentId",
            json!(sketch.redirected_to.map(Self::id)),
        );
        set(
            "customTags",
            tags(&["Demo", "VIP", "Finance", "Weekend", "Handover"], random),
        );
        set(
            "systemTags",
            tags(
                &["Ransomware", "Credential Phish", "Defender Experts"],
                random,
            ),
        );
        set("description", json!(words::description(random)));
        set(
            "summary",
            if random.u8(..) < 60 {
                json!(words::description(random))
            } else {
                Value::Null
            },
        );
        set(
            "resolvingComment",
            if resolved {
                json!(words::pick(random, words::CLOSINGS))
            } else {
                Value::Null
            },
        );
        set(
            "recommendedActions",
            json!("Look at the timeline.\n- Isolate what was hit\n- Reset what was used\n"),
        );
        set(
            "recommendedHuntingQueries",
            json!([{"kqlText": "DeviceNetworkEvents\n| where RemoteIPType == 'Public'\n| take 100"}]),
        );
        set("comments", comments(random, sketch.created));
        incident
    }

    /// The alerts of an incident, with their evidence.
    pub(crate) fn alerts(&self, ordinal: u64) -> Vec<Object> {
        let sketch = self.sketch(ordinal);
        if sketch.status == "redirected" {
            // They moved with the merge.
            return Vec::new();
        }
        let random = &mut self.random(ordinal, Stream::Alerts);
        (0..alerts::how_many(random))
            .map(|number| alerts::alert(self, random, ordinal, number, &sketch))
            .collect()
    }

    fn random(&self, ordinal: u64, stream: Stream) -> fastrand::Rng {
        // SplitMix64 over all three, so that neighbours are independent.
        let mut state = self.seed
            ^ ordinal.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ (stream as u64).rotate_left(56);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        fastrand::Rng::with_seed(state ^ (state >> 31))
    }
}

/// An entity of any schema, with a sequential id.
pub(crate) fn entity(
    contract: &Contract,
    schema: &str,
    number: usize,
    random: &mut fastrand::Rng,
) -> Object {
    let around = Ticks::parse("2026-08-03T00:00:00Z").unwrap_or(Ticks(0));
    let mut object = values::Values::new(contract, random, around).object(schema, 0);
    object.insert("id".to_owned(), json!(number.to_string()));
    object
}

fn comments(random: &mut fastrand::Rng, created: Ticks) -> Value {
    let count = if random.u8(..) < 80 {
        random.u64(1..4)
    } else {
        0
    };
    (0..count)
        .map(|number| {
            let at = Ticks(created.0 + (number as i64 + 1) * 1_800 * Ticks::PER_SECOND);
            json!({
                "@odata.type": "#microsoft.graph.security.alertComment",
                "comment": words::pick(random, words::REMARKS),
                "createdByDisplayName": words::analyst(random),
                "createdDateTime": at.to_string(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::contract::Shape;
    use crate::walk::{Visitor, walk};

    fn generator(seed: u64, count: u64) -> Generator {
        Generator::new(Arc::new(Contract::embedded().unwrap()), seed, count)
    }

    #[test]
    fn a_seed_determines_the_tenant() {
        let (one, same, other) = (generator(1, 100), generator(1, 100), generator(2, 100));
        for ordinal in [0, 50, 99] {
            assert_eq!(one.incident(ordinal), same.incident(ordinal));
            assert_eq!(one.alerts(ordinal), same.alerts(ordinal));
            assert_ne!(one.incident(ordinal), other.incident(ordinal));
        }
    }

    #[test]
    fn the_sketch_agrees_with_the_incident() {
        let generator = generator(3, 200);
        for ordinal in 0..200 {
            let (sketch, incident) = (generator.sketch(ordinal), generator.incident(ordinal));
            assert_eq!(incident["status"], sketch.status);
            assert_eq!(incident["severity"], sketch.severity);
            assert_eq!(incident["lastUpdateDateTime"], sketch.updated.to_string());
        }
    }

    #[test]
    fn a_hundred_incidents_have_all_types_of_evidence() {
        let generator = generator(4, 100);
        let types: BTreeSet<String> = (0..100)
            .flat_map(|ordinal| generator.alerts(ordinal))
            .flat_map(|alert| alert["evidence"].as_array().unwrap().clone())
            .map(|evidence| evidence["@odata.type"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(types.len(), 48);
    }

    #[test]
    fn redirects_point_to_older_incidents_without_cycles() {
        let generator = generator(5, 2_000);
        let redirected: Vec<(u64, u64)> = (0..2_000)
            .filter_map(|ordinal| {
                generator
                    .sketch(ordinal)
                    .redirected_to
                    .map(|to| (ordinal, to))
            })
            .collect();
        assert!(redirected.len() > 10, "{}", redirected.len());
        assert!(redirected.iter().all(|(from, to)| to < from));
    }

    #[test]
    fn distributions_resemble_a_real_tenant() {
        let generator = generator(6, 20_000);
        let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
        let mut previous = Ticks(0);
        for ordinal in 0..20_000 {
            let sketch = generator.sketch(ordinal);
            *statuses.entry(sketch.status).or_default() += 1;
            assert!(sketch.created > previous && sketch.updated > sketch.created);
            previous = sketch.created;
        }
        assert!(statuses["resolved"] > 15_000, "{statuses:?}");
        assert!(statuses["active"] > 1_500, "{statuses:?}");
        let alerts: Vec<usize> = (0..500)
            .map(|ordinal| generator.alerts(ordinal).len())
            .collect();
        let single = alerts.iter().filter(|count| **count == 1).count();
        assert!((200..400).contains(&single), "{single}");
        assert!(alerts.iter().max().unwrap() > &10);
    }

    /// All generated data fits the contract's types.
    struct Fits;

    impl Visitor for Fits {
        fn member(&mut self, enumeration: &crate::contract::Enumeration, value: &mut Value) {
            assert!(
                enumeration.member(value.as_str().unwrap()).is_some(),
                "{value}"
            );
        }

        fn scalar(&mut self, shape: &Shape, value: &mut Value) {
            let fits = match shape {
                Shape::String {
                    format: Some(format),
                } if format == "date-time" => value.as_str().and_then(Ticks::parse).is_some(),
                Shape::String { .. } => value.is_string(),
                Shape::Integer { .. } => value.is_i64(),
                Shape::Number => value.is_number(),
                Shape::Boolean => value.is_boolean(),
                _ => true,
            };
            assert!(fits, "{value} as {shape:?}");
        }
    }

    #[test]
    fn generated_data_fits_the_contract() {
        let generator = generator(7, 300);
        for ordinal in 0..300 {
            walk(
                &generator.contract,
                "Incident",
                &mut generator.incident(ordinal),
                &mut Fits,
            );
            for mut alert in generator.alerts(ordinal) {
                walk(&generator.contract, "Alert", &mut alert, &mut Fits);
            }
        }
    }
}
