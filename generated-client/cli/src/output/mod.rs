//! Writes records: tables for people, stable formats for machines.

pub(crate) mod machine;
pub(crate) mod pager;
pub(crate) mod safe;
pub(crate) mod table;
pub(crate) mod tell;

use std::io::IsTerminal as _;

use serde::Serialize;
use serde_json::Value;

use crate::exit::Failure;
use crate::global::{Format, Global};
use table::Column;

/// The output for each of several writes.
#[derive(Debug, Clone)]
pub(crate) struct Told(Option<Output>);

impl Told {
    /// The output for a write.
    pub(crate) fn of(&self, returned: &impl Serialize, words: impl FnOnce() -> String) -> String {
        let record = self.0.as_ref().zip(serde_json::to_value(returned).ok());
        record.map_or_else(words, |(output, record)| {
            machine::json_line(&output.picked(&record))
        })
    }
}

/// The output of a command.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    format: Format,
    /// Whether the user named the format.
    is_format_chosen: bool,
    /// The properties of `--json`; all if it is empty.
    fields: Vec<String>,
    /// The columns of `--columns`; those of the command if it is empty.
    columns: Vec<Column>,
    is_raw: bool,
    unsafe_csv: bool,
    pager: bool,
    /// Whether the output is shown on a terminal, which it must not control.
    is_terminal: bool,
}

impl Output {
    /// Creates the output from the flags.
    pub(crate) fn new(global: &Global) -> Self {
        let format = match global.json.is_empty() {
            true => global.format.unwrap_or(Format::Table),
            false => Format::Json,
        };
        Self {
            format,
            is_format_chosen: global.format.is_some(),
            fields: global.json.clone(),
            columns: global
                .columns
                .iter()
                .map(|name| Column::chosen(name))
                .collect(),
            is_raw: global.raw,
            unsafe_csv: global.unsafe_csv,
            pager: !global.no_pager && std::io::stdout().is_terminal(),
            is_terminal: std::io::stdout().is_terminal(),
        }
    }

    /// Refuses flags that a format does not use, so that no option is silently ignored.
    pub(crate) fn check_flags(&self) -> Result<(), Failure> {
        let has_rows = matches!(self.format, Format::Table | Format::Csv);
        if !self.columns.is_empty() && !has_rows {
            return Err(
                Failure::usage("--columns is for tables and CSV").help("use --json FIELDS instead")
            );
        }
        if self.unsafe_csv && self.format != Format::Csv {
            return Err(Failure::usage("--unsafe-csv is for CSV").help("add --format csv"));
        }
        Ok(())
    }

    /// Whether a property is written: all are, unless some were selected.
    pub(crate) fn writes(&self, property: &str) -> bool {
        match self.format {
            Format::Table => true,
            Format::Csv => self
                .columns
                .iter()
                .any(|column| column.property == property),
            _ => self.fields.is_empty() || self.fields.iter().any(|field| field == property),
        }
    }

    /// The same for an endless list: its format must allow record by record.
    pub(crate) fn streaming(&self, default: Format) -> Result<Self, Failure> {
        let format = match self.format {
            Format::Table if !self.is_format_chosen => default,
            Format::Json => default,
            Format::Jsonl | Format::Csv => self.format,
            Format::Table | Format::Yaml => {
                return Err(Failure::usage(
                    "this is written record by record: use --format jsonl or csv",
                ));
            }
        };
        let streaming = Self {
            format,
            ..self.clone()
        };
        streaming.check_flags()?;
        Ok(streaming)
    }

    /// The same for changes, which are not rows: text for people, or JSON lines.
    pub(crate) fn line_by_line(&self) -> Result<Self, Failure> {
        let format = match self.format {
            Format::Table if self.columns.is_empty() => Format::Table,
            Format::Json | Format::Jsonl => Format::Jsonl,
            _ => {
                return Err(Failure::usage(
                    "changes have no columns: use --format jsonl",
                ));
            }
        };
        Ok(Self {
            format,
            ..self.clone()
        })
    }

    /// Whether the service's response is requested, unchanged.
    pub(crate) fn is_raw(&self) -> bool {
        self.is_raw
    }

    /// Refuses properties that the records lack, and lists the existing ones if none is named.
    pub(crate) fn check_fields(&self, known: impl FnOnce() -> Vec<String>) -> Result<(), Failure> {
        if self.fields.is_empty() && self.columns.is_empty() {
            return Ok(());
        }
        let known = known();
        let columns = self.columns.iter().map(|column| &*column.property);
        let mut chosen = self.fields.iter().map(String::as_str).chain(columns);
        let Some(unknown) = chosen.find(|name| !known.iter().any(|known| known == *name)) else {
            return Ok(());
        };
        let said = match unknown.is_empty() {
            true => "name one or more properties, with commas between them".to_owned(),
            false => format!("there is no property `{unknown}`"),
        };
        Err(Failure::usage(said).choices("properties", known))
    }

    /// Whether the records are for machines, or selected by properties.
    pub(crate) fn asks_for_records(&self) -> bool {
        self.is_raw || !self.is_table() || !self.columns.is_empty()
    }

    /// Whether people read it.
    pub(crate) fn is_table(&self) -> bool {
        self.format == Format::Table
    }

    /// Whether records are written one by one, so that they need not be collected.
    pub(crate) fn is_streamed(&self) -> bool {
        matches!(self.format, Format::Jsonl | Format::Csv)
    }

    /// The output for each of several writes: text, or the returned record, one per line.
    pub(crate) fn told(&self) -> Result<Told, Failure> {
        match self.format {
            Format::Table if self.columns.is_empty() => Ok(Told(None)),
            Format::Jsonl => Ok(Told(Some(self.clone()))),
            _ => Err(Failure::usage(
                "what several writes return is written one a line: use --format jsonl",
            )),
        }
    }

    /// Writes a list of records.
    pub(crate) fn list(&self, records: &[Value], columns: &[Column]) -> Result<(), Failure> {
        let columns = self.columns_or(columns);
        let text = match self.format {
            Format::Table => table::list(records, columns),
            Format::Json => machine::json(&Value::Array(self.picked_all(records)))?,
            Format::Yaml => self.shown(machine::yaml(&Value::Array(self.picked_all(records)))?),
            Format::Jsonl => records
                .iter()
                .map(|record| machine::json_line(&self.picked(record)))
                .collect(),
            Format::Csv => self.shown(machine::csv(records, columns, self.unsafe_csv)?),
        };
        self.print(&text)
    }

    /// Writes one record.
    pub(crate) fn one(&self, record: &Value, columns: &[Column]) -> Result<(), Failure> {
        let text = match self.format {
            Format::Table => table::one(record, self.columns_or(columns)),
            Format::Json => machine::json(&self.picked(record))?,
            Format::Yaml => self.shown(machine::yaml(&self.picked(record))?),
            Format::Jsonl | Format::Csv => return self.list(std::slice::from_ref(record), columns),
        };
        self.print(&text)
    }

    /// The same for the items of any list, whose columns are not known.
    pub(crate) fn items_of_any_list(&self) -> Result<Self, Failure> {
        let output = self.streaming(Format::Jsonl)?;
        match output.format {
            Format::Csv => Err(Failure::usage(
                "the items of any list have no columns: use --format jsonl",
            )),
            _ => Ok(output),
        }
    }

    /// Writes the response of a path, whatever it is: it is JSON for people, too.
    pub(crate) fn document(&self, value: &Value) -> Result<(), Failure> {
        let text = match self.format {
            Format::Table | Format::Json => machine::json(value)?,
            Format::Jsonl => machine::json_line(value),
            Format::Yaml => self.shown(machine::yaml(value)?),
            Format::Csv => {
                return Err(Failure::usage(
                    "a response of any path has no columns: use --format json",
                ));
            }
        };
        self.print(&text)
    }

    /// Writes the header of a streamed list, if its format has one.
    pub(crate) fn header(&self, columns: &[Column]) -> Result<(), Failure> {
        if self.format == Format::Csv {
            return self.list(&[], columns);
        }
        Ok(())
    }

    /// Writes the next record of a streamed list.
    pub(crate) fn next(&self, record: &Value, columns: &[Column]) -> Result<(), Failure> {
        let columns = self.columns_or(columns);
        let text = match self.format {
            Format::Csv => self.shown(machine::csv_line(record, columns, self.unsafe_csv)?),
            _ => machine::json_line(&self.picked(record)),
        };
        self.print(&text)
    }

    fn columns_or<'a>(&'a self, usual: &'a [Column]) -> &'a [Column] {
        match self.columns.is_empty() {
            true => usual,
            false => &self.columns,
        }
    }

    /// The same without characters that control a terminal, if the output is one.
    fn shown(&self, text: String) -> String {
        match self.is_terminal {
            true => safe::paragraph(&text),
            false => text,
        }
    }

    /// Writes finished text.
    pub(crate) fn print(&self, text: &str) -> Result<(), Failure> {
        pager::print(text, self.pager && self.is_table())
    }

    /// Writes a sentence about a result.
    pub(crate) fn say(text: &str) -> Result<(), Failure> {
        pager::print(&format!("{}\n", safe::line(text)), false)
    }

    fn picked_all(&self, records: &[Value]) -> Vec<Value> {
        records.iter().map(|record| self.picked(record)).collect()
    }

    /// The requested properties; a missing one is null, so that every line has all.
    fn picked(&self, record: &Value) -> Value {
        if self.fields.is_empty() {
            return record.clone();
        }
        let picked = self.fields.iter().map(|field| {
            let value = record.get(field).cloned().unwrap_or(Value::Null);
            (field.clone(), value)
        });
        Value::Object(picked.collect())
    }
}
