//! A page of 50 incidents, each with 3 alerts of 4 pieces of evidence, made of the reference page's.

use serde_json::{Value, json};

const INCIDENTS: usize = 50;
const ALERTS: usize = 3;

/// The page. With `unknown`, every object has a property that nobody knows.
pub(crate) fn page(unknown: bool) -> Vec<u8> {
    let mut page: Value = serde_json::from_str(include_str!(
        "../../../tests/consumer/fixtures/expanded_incident.json"
    ))
    .unwrap_or_default();
    let incident = page["value"][0].take();
    page["value"] = (0..INCIDENTS)
        .map(|number| numbered(&incident, number))
        .collect();
    if unknown {
        add_unknown(&mut page["value"]);
    }
    page.to_string().into_bytes()
}

fn numbered(incident: &Value, number: usize) -> Value {
    let mut incident = incident.clone();
    incident["id"] = json!((2_972_395 + number).to_string());
    let alert = incident["alerts"][0].take();
    incident["alerts"] = (0..ALERTS)
        .map(|place| {
            let mut alert = alert.clone();
            alert["id"] = json!(format!("da{number}_{place}"));
            let evidence = alert["evidence"][place % 3].clone();
            if let Some(list) = alert["evidence"].as_array_mut() {
                list.push(evidence);
            }
            alert
        })
        .collect();
    incident
}

fn add_unknown(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(add_unknown),
        Value::Object(entries) => {
            entries.values_mut().for_each(add_unknown);
            entries.insert(
                "addedByTheService".to_owned(),
                json!("a value that nobody knows yet"),
            );
        }
        _ => {}
    }
}
