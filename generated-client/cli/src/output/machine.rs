//! Machine formats: JSON, YAML, CSV, with the service's values unchanged.

use serde_json::Value;

use super::safe;
use super::table::Column;
use crate::exit::Failure;

/// One JSON document, indented.
pub(crate) fn json(value: &Value) -> Result<String, Failure> {
    serde_json::to_string_pretty(value)
        .map(|text| escaped(&text) + "\n")
        .map_err(|error| Failure::other(format!("failed to write JSON: {error}")))
}

/// One JSON document on a line.
pub(crate) fn json_line(value: &Value) -> String {
    escaped(&value.to_string()) + "\n"
}

/// The same JSON without characters that affect a terminal: they are written as JSON escapes.
fn escaped(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        // ASCII control characters are already escaped, except the last one; a line feed is layout.
        if character.is_ascii() && character != '\u{7f}' || !safe::is_dangerous(character) {
            safe.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            safe.push_str(&format!("\\u{unit:04x}"));
        }
    }
    safe
}

/// One YAML document.
pub(crate) fn yaml(value: &Value) -> Result<String, Failure> {
    serde_yaml_ng::to_string(value)
        .map_err(|error| Failure::other(format!("failed to write YAML: {error}")))
}

/// A header and a line for each record.
pub(crate) fn csv(
    records: &[Value],
    columns: &[Column],
    is_unsafe: bool,
) -> Result<String, Failure> {
    // The author of a hunting query names its columns.
    let mut text = line(columns.iter().map(|column| match is_unsafe {
        true => column.property.clone().into_owned(),
        false => safe::cell(&column.property).into_owned(),
    }))?;
    for record in records {
        text.push_str(&csv_line(record, columns, is_unsafe)?);
    }
    Ok(text)
}

/// The line of one record.
pub(crate) fn csv_line(
    record: &Value,
    columns: &[Column],
    is_unsafe: bool,
) -> Result<String, Failure> {
    line(columns.iter().map(|column| {
        let text = column.plain(record);
        match is_unsafe {
            true => text,
            false => safe::cell(&text).into_owned(),
        }
    }))
}

fn line(cells: impl Iterator<Item = String>) -> Result<String, Failure> {
    let failed = |error: String| Failure::other(format!("failed to write CSV: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(cells)
        .map_err(|error| failed(error.to_string()))?;
    let bytes = writer
        .into_inner()
        .map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_keeps_its_meaning_and_has_no_terminal_control_characters() {
        let hostile = "\u{1b}[2J\u{9b}2J\u{202e}gpj\u{7f}\u{e0041}\u{f0000} ü 漢 😀";
        let value = json!({"title": hostile, hostile: 1});
        for text in [json(&value).unwrap(), json_line(&value)] {
            let is_layout = |character: char| character == '\n';
            assert!(
                !text
                    .chars()
                    .any(|character| safe::is_dangerous(character) && !is_layout(character)),
                "{text:?}"
            );
            assert!(text.contains("ü 漢 😀"));
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}
