//! Tables for people: as wide as the terminal, with colours on a terminal, and without characters that control it.

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

/// The format of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Unchanged.
    Text,
    /// In the local time zone.
    Time,
    /// In the colour of its rank.
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

    /// A column for a property by name.
    pub(crate) fn chosen(name: &str) -> Self {
        let kind = match name {
            "severity" => Kind::Severity,
            name if name.ends_with("DateTime") => Kind::Time,
            _ => Kind::Text,
        };
        Self {
            kind,
            ..Self::named(name)
        }
    }

    /// A column that the response names.
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

    /// The text of the column in machine formats: the service's value.
    pub(crate) fn plain(&self, record: &Value) -> String {
        record
            .get(&*self.property)
            .map_or_else(String::new, text_of)
    }

    /// The text of the column for people, marked if it is to be coloured.
    fn shown(&self, record: &Value) -> String {
        let plain = self.plain(record);
        let colour = self.colour(&plain);
        let text = match self.kind {
            Kind::Time => times::local(&plain).unwrap_or(plain),
            Kind::Text | Kind::Severity => plain,
        };
        match (text.is_empty(), colour) {
            (true, _) => "–".to_owned(),
            (false, None) => safe::line(&text).into_owned(),
            (false, Some(colour)) => colour.mark(&text),
        }
    }

    fn colour(&self, text: &str) -> Option<&'static Colour> {
        let is_severity = self.kind == Kind::Severity;
        COLOURS
            .iter()
            .find(|colour| is_severity && colour.word == text)
    }
}

/// A coloured word. Until the layout of the table, each of its letters is a private character with the same width: no
/// text contains one, because [`safe`] escapes them.
struct Colour {
    word: &'static str,
    /// The offset between a letter and its mark.
    offset: u32,
    colour: AnsiColor,
}

const COLOURS: [Colour; 2] = [
    Colour {
        word: "high",
        offset: 0xe000,
        colour: AnsiColor::Red,
    },
    Colour {
        word: "medium",
        offset: 0xe100,
        colour: AnsiColor::Yellow,
    },
];

impl Colour {
    fn mark(&self, word: &str) -> String {
        let marked = |letter: char| char::from_u32(u32::from(letter) + self.offset);
        word.chars().filter_map(marked).collect()
    }

    /// The letter of a private character.
    fn letter(&self, marked: char) -> Option<char> {
        let letter = u32::from(marked).checked_sub(self.offset)?;
        u8::try_from(letter).ok().map(char::from)
    }
}

/// A property as text: lists are joined, objects are written as JSON.
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
    coloured(&format!("{table}\n"))
}

/// One record: a line for each property.
pub(crate) fn one(record: &Value, columns: &[Column]) -> String {
    let mut table = empty();
    for column in columns {
        table.add_row([column.header.clone().into_owned(), column.shown(record)]);
    }
    coloured(&format!("{table}\n"))
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

/// Colours the marked text, after the layout, so that widths are computed without colours.
fn coloured(text: &str) -> String {
    let mut coloured = String::with_capacity(text.len());
    let mut current: Option<Style> = None;
    for character in text.chars() {
        let found = COLOURS.iter().find_map(|colour| {
            let style = Style::new().fg_color(Some(colour.colour.into()));
            Some((style, colour.letter(character)?))
        });
        let (style, letter) =
            found.map_or((None, character), |(style, letter)| (Some(style), letter));
        if style != current {
            if let Some(ended) = current {
                coloured.push_str(&format!("{ended:#}"));
            }
            if let Some(begun) = style {
                coloured.push_str(&begun.to_string());
            }
            current = style;
        }
        coloured.push(letter);
    }
    coloured
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static COLUMNS: [Column; 3] = [
        Column::severity("SEVERITY", "severity"),
        Column::text("TITLE", "title"),
        Column::text("TAGS", "tags"),
    ];

    #[test]
    fn a_severity_is_coloured_only_in_its_column() {
        let records = [
            json!({"severity": "high", "title": "a high medium low", "tags": ["high"]}),
            json!({"severity": "medium", "title": "high", "tags": null}),
            json!({"severity": "HIGH \u{e068}", "title": "\u{e068}\u{e069}", "tags": []}),
        ];
        let text = list(&records, &COLUMNS);
        let red = Style::new().fg_color(Some(AnsiColor::Red.into()));
        let yellow = Style::new().fg_color(Some(AnsiColor::Yellow.into()));
        assert_eq!(text.matches(&format!("{red}high{red:#}")).count(), 1);
        assert_eq!(
            text.matches(&format!("{yellow}medium{yellow:#}")).count(),
            1
        );
        assert_eq!(text.matches('\u{1b}').count(), 4, "{text:?}");
        assert!(text.contains("\\u{e068}\\u{e069}"), "{text:?}");
        assert_eq!(one(&records[0], &COLUMNS).matches('\u{1b}').count(), 2);
    }
}
