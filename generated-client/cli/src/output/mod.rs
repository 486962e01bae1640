//! Writes records: tables for people, stable formats for machines.

pub(crate) mod machine;
pub(crate) mod pager;
pub(crate) mod safe;
pub(crate) mod table;
pub(crate) mod tell;

use std::io::IsTerminal as _;

use serde_json::Value;

use crate::exit::Failure;
use crate::global::{Format, Global};
use table::Column;

/// How the results of a command are written.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    format: Format,
    /// The properties that `--json` asks for; all where it is empty.
    fields: Vec<String>,
    is_raw: bool,
    unsafe_csv: bool,
    pager: bool,
}

impl Output {
    /// What the flags ask for.
    pub(crate) fn new(global: &Global) -> Self {
        let format = match global.json.is_empty() {
            true => global.format.unwrap_or(Format::Table),
            false => Format::Json,
        };
        Self {
            format,
            fields: global.json.clone(),
            is_raw: global.raw,
            unsafe_csv: global.unsafe_csv,
            pager: !global.no_pager && std::io::stdout().is_terminal(),
        }
    }

    /// The same for a list without end: its format is one that can be written record by record.
    pub(crate) fn streaming(&self, default: Format) -> Result<Self, Failure> {
        let format = match self.format {
            Format::Table | Format::Json => default,
            Format::Jsonl | Format::Csv => self.format,
            Format::Yaml => {
                return Err(Failure::usage(
                    "this is written record by record: use --format jsonl or csv",
                ));
            }
        };
        Ok(Self {
            format,
            ..self.clone()
        })
    }

    /// Whether what the service sent is wanted, byte for byte.
    pub(crate) fn is_raw(&self) -> bool {
        self.is_raw
    }

    /// Whether people read it.
    pub(crate) fn is_table(&self) -> bool {
        self.format == Format::Table
    }

    /// Whether one record after the other is written, so that nothing need be collected first.
    pub(crate) fn is_streamed(&self) -> bool {
        matches!(self.format, Format::Jsonl | Format::Csv)
    }

    /// Writes a list of records.
    pub(crate) fn list(&self, records: &[Value], columns: &[Column]) -> Result<(), Failure> {
        let text = match self.format {
            Format::Table => table::list(records, columns),
            Format::Json => machine::json(&Value::Array(self.picked_all(records)))?,
            Format::Yaml => machine::yaml(&Value::Array(self.picked_all(records)))?,
            Format::Jsonl => {
                let lines: Vec<String> = records
                    .iter()
                    .map(|record| self.picked(record).to_string() + "\n")
                    .collect();
                lines.concat()
            }
            Format::Csv => machine::csv(records, columns, self.unsafe_csv)?,
        };
        self.print(&text)
    }

    /// Writes one record.
    pub(crate) fn one(&self, record: &Value, columns: &[Column]) -> Result<(), Failure> {
        let text = match self.format {
            Format::Table => table::one(record, columns),
            Format::Json => machine::json(&self.picked(record))?,
            Format::Yaml => machine::yaml(&self.picked(record))?,
            Format::Jsonl => self.picked(record).to_string() + "\n",
            Format::Csv => machine::csv(std::slice::from_ref(record), columns, self.unsafe_csv)?,
        };
        self.print(&text)
    }

    /// Writes the header of a streamed list, where its format has one.
    pub(crate) fn header(&self, columns: &[Column]) -> Result<(), Failure> {
        if self.format == Format::Csv {
            self.print(&machine::csv(&[], columns, self.unsafe_csv)?)?;
        }
        Ok(())
    }

    /// Writes the next record of a streamed list.
    pub(crate) fn next(&self, record: &Value, columns: &[Column]) -> Result<(), Failure> {
        let text = match self.format {
            Format::Csv => machine::csv_line(record, columns, self.unsafe_csv)?,
            _ => self.picked(record).to_string() + "\n",
        };
        self.print(&text)
    }

    /// Writes text that is made already.
    pub(crate) fn print(&self, text: &str) -> Result<(), Failure> {
        pager::print(text, self.pager && self.is_table())
    }

    /// Writes a sentence about what was done.
    pub(crate) fn say(text: &str) -> Result<(), Failure> {
        pager::print(&format!("{}\n", safe::line(text)), false)
    }

    fn picked_all(&self, records: &[Value]) -> Vec<Value> {
        records.iter().map(|record| self.picked(record)).collect()
    }

    /// The properties that were asked for; one that the record lacks is null, so that every line has all.
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
