//! The list of all rules, for people and programs.

use graph_client_review::{rules, rules_table};
use serde_json::{Value, json};

use super::Format;
use super::levels::Levels;
use crate::Failure;

/// Returns every rule with its effects, its mirror, and the level from the settings.
pub(super) fn write(format: Format, levels: &Levels) -> Result<String, Failure> {
    match format {
        Format::Markdown => Ok(rules_table()),
        Format::Text | Format::Json => {
            let all: Vec<Value> = rules()
                .iter()
                .map(|rule| {
                    json!({
                        "kind": rule.kind.as_str(),
                        "when": rule.when,
                        "description": rule.kind.description(),
                        "request": rule.request.as_str(),
                        "response": rule.response.as_str(),
                        "mirror": {"kind": rule.mirror.as_str(), "when": rule.mirror_when},
                        "level": levels.of_kind(rule.kind).map(|level| level.as_str()),
                    })
                })
                .collect();
            Ok(format!("{:#}\n", json!({"rules": all})))
        }
        _ => Err(Failure::new(
            "error: --rules supports the formats json and markdown\n  help: review --rules --format json",
        )),
    }
}
