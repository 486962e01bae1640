//! Formats for machines: JSON, YAML, CSV. What the service sent, unchanged.

use serde_json::Value;

use super::safe;
use super::table::Column;
use crate::exit::Failure;

/// One JSON document, indented.
pub(crate) fn json(value: &Value) -> Result<String, Failure> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Failure::other(format!("failed to write JSON: {error}")))
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
    // The columns of a hunting query are named by whoever wrote it.
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
