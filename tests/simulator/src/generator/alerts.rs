//! Alerts and their evidence.

use serde_json::{Value, json};

use super::values::Values;
use super::{Generator, Sketch, words};
use crate::object::Object;
use crate::time::Ticks;

/// The most frequent types of evidence, with their weights; the rest is any of the 48 types.
const COMMON: [(&str, u32); 12] = [
    ("user", 20),
    ("ip", 14),
    ("device", 14),
    ("process", 12),
    ("file", 11),
    ("url", 6),
    ("mailbox", 5),
    ("analyzedMessage", 5),
    ("cloudApplication", 4),
    ("registryValue", 2),
    ("mailCluster", 2),
    ("any", 5),
];

/// Most incidents have one alert, few have many.
pub(super) fn how_many(random: &mut fastrand::Rng) -> u64 {
    match random.u32(0..1_000) {
        0..600 => 1,
        600..850 => random.u64(2..=3),
        850..970 => random.u64(4..=10),
        970..998 => random.u64(11..=40),
        _ => random.u64(41..=150),
    }
}

pub(super) fn alert(
    generator: &Generator,
    random: &mut fastrand::Rng,
    ordinal: u64,
    number: u64,
    sketch: &Sketch,
) -> Object {
    let incident = Generator::id(ordinal);
    let created = Ticks(sketch.created.0 - random.i64(0..600 * Ticks::PER_SECOND));
    let id = format!("da{:016x}{ordinal:08x}_{}", random.u64(..), number + 1);
    let mut values = Values::new(&generator.contract, random, created);
    // For the rest, values by the schema are sufficient.
    let mut alert = values.object("Alert", 0);
    let count = values.random.u64(1..=6);
    let evidence: Vec<Value> = (0..count)
        .map(|item| {
            let rotating = (item == 0 && number == 0).then_some(ordinal);
            evidence(generator, &mut values, rotating)
        })
        .collect();
    let status = match sketch.status {
        "resolved" => "resolved",
        "active" => "new",
        _ => "inProgress",
    };
    let title = words::title(values.random);
    let mut set = |name: &str, value: Value| {
        alert.insert(name.to_owned(), value);
    };
    set("id", json!(id));
    set("providerAlertId", json!(id));
    set("incidentId", json!(incident));
    set(
        "incidentWebUrl",
        json!(format!(
            "https://security.microsoft.com/incident2/{incident}/overview"
        )),
    );
    set(
        "alertWebUrl",
        json!(format!("https://security.microsoft.com/alerts/{id}")),
    );
    set("title", json!(title));
    set("status", json!(status));
    set("severity", json!(sketch.severity));
    // F: both can be null on alerts.
    let decided = sketch.classification != "unknown";
    set(
        "classification",
        if decided {
            json!(sketch.classification)
        } else {
            Value::Null
        },
    );
    set(
        "determination",
        if decided {
            json!(sketch.determination)
        } else {
            Value::Null
        },
    );
    set("createdDateTime", json!(created.to_string()));
    set("lastUpdateDateTime", json!(sketch.updated.to_string()));
    set(
        "resolvedDateTime",
        if status == "resolved" {
            json!(sketch.updated.to_string())
        } else {
            Value::Null
        },
    );
    set("comments", json!([]));
    set("evidence", Value::Array(evidence));
    alert
}

/// One item. The first item of each incident cycles through all types, so that a small tenant has them all.
fn evidence(generator: &Generator, values: &mut Values<'_>, rotating: Option<u64>) -> Value {
    let types = &generator.evidence;
    if types.is_empty() {
        return Value::Null;
    }
    let index = match rotating {
        Some(ordinal) => ordinal as usize % types.len(),
        None => {
            let name = words::weighted(values.random, &COMMON);
            let tag = format!("#microsoft.graph.security.{name}Evidence");
            types
                .iter()
                .position(|(candidate, _)| *candidate == tag)
                .unwrap_or_else(|| values.random.usize(..types.len()))
        }
    };
    let (tag, schema) = &types[index];
    let mut object = values.object(schema, 0);
    object.insert("@odata.type".to_owned(), json!(tag));
    Value::Object(object)
}
