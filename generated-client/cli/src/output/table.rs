//! Tables for people: as wide as the terminal, with colours on a terminal, and nothing in them that acts on it.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;

use super::safe;
use crate::times;

/// A column: its header and the property that it shows.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) header: Cow<'static, str>,
    /// The property of a record.
    pub(crate) property: Cow<'static, str>,
    pub(crate) kind: Kind,
}

/// How a property is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As it is.
    Text,
    /// In the zone of this machine.
    Time,
    /// In a colour of its rank.
    Severity,
}

impl Column {
    /// A column of text.
    pub(crate) const fn text(header: &'static str, property: &'static str) -> Self {
        Self {
            header: Cow::Borrowed(header),
            property: Cow::Borrowed(property),
            kind: Kind::Text,
        }
    }

    /// A column that is named by a response.
    pub(crate) fn named(name: &str) -> Self {
        Self {
            header: Cow::Owned(safe::line(name).into_owned()),
            property: Cow::Owned(name.to_owned()),
            kind: Kind::Text,
        }
    }

    /// A column of times.
    pub(crate) const fn time(header: &'static str, property: &'static str) -> Self {
        Self {
            header: Cow::Borrowed(header),
            property: Cow::Borrowed(property),
            kind: Kind::Time,
        }
    }

    /// A column of severities.
    pub(crate) const fn severity(header: &'static str, property: &'static str) -> Self {
        Self {
            header: Cow::Borrowed(header),
            property: Cow::Borrowed(property),
            kind: Kind::Severity,
        }
    }

    /// The text of the column in machine formats: what the service sent.
    pub(crate) fn plain(&self, record: &Value) -> String {
        record
            .get(&*self.property)
            .map_or_else(String::new, text_of)
    }

    /// The text of the column for people.
    fn shown(&self, record: &Value) -> String {
        let plain = self.plain(record);
        let text = match self.kind {
            Kind::Time => times::local(&plain).unwrap_or(plain),
            Kind::Text | Kind::Severity => plain,
        };
        match text.is_empty() {
            true => "–".to_owned(),
            false => safe::line(&text).into_owned(),
        }
    }

    fn style(&self, text: &str) -> Option<Style> {
        let colour = match (self.kind, text) {
            (Kind::Severity, "high") => AnsiColor::Red,
            (Kind::Severity, "medium") => AnsiColor::Yellow,
            _ => return None,
        };
        Some(Style::new().fg_color(Some(colour.into())))
    }
}

/// A property as text: lists are joined, objects are JSON.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(text_of).collect();
            items.join(", ")
        }
        other => other.to_string(),
    }
}

/// A table of records.
pub(crate) fn list(records: &[Value], columns: &[Column]) -> String {
    let mut table = empty();
    table.set_header(columns.iter().map(|column| column.header.as_ref()));
    for record in records {
        table.add_row(columns.iter().map(|column| column.shown(record)));
    }
    let text = coloured(&table.to_string(), columns, records);
    format!("{text}\n")
}

/// One record: a line for each property.
pub(crate) fn one(record: &Value, columns: &[Column]) -> String {
    let mut table = empty();
    for column in columns {
        table.add_row([column.header.clone().into_owned(), column.shown(record)]);
    }
    format!("{table}\n")
}

fn empty() -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    if let Some((terminal_size::Width(width), _)) = terminal_size::terminal_size() {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    table
}

/// Colours the words of severity columns. It is done afterwards, so that widths are counted without colours.
fn coloured(text: &str, columns: &[Column], records: &[Value]) -> String {
    let styles: Vec<(String, Style)> = columns
        .iter()
        .flat_map(|column| {
            records
                .iter()
                .map(move |record| (column, column.plain(record)))
        })
        .filter_map(|(column, word)| column.style(&word).map(|style| (word, style)))
        .collect();
    let mut coloured = String::with_capacity(text.len());
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            coloured.push('\n');
        }
        let styled = styles.iter().find_map(|(word, style)| {
            line.split_once(&format!(" {word} "))
                .map(|parts| (parts, word, style))
        });
        match styled {
            Some(((before, after), word, style)) => {
                coloured.push_str(&format!("{before} {style}{word}{style:#} {after}"));
            }
            None => coloured.push_str(line),
        }
    }
    coloured
}
