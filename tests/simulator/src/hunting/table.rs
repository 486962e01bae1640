//! Rows and columns, which every step of a query transforms.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::Mistake;
use super::reader::Name;
use crate::time::Ticks;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Text(String),
    Time(Ticks),
    Number(i64),
    Dynamic(Value),
}

impl Cell {
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => json!(text),
            Self::Time(time) => json!(time.to_string()),
            Self::Number(number) => json!(number),
            Self::Dynamic(value) => value.clone(),
        }
    }
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnType {
    Text,
    Time,
    Number,
    Dynamic,
}

impl ColumnType {
    /// Its name in the schema of a result.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Time => "DateTime",
            Self::Number => "Int64",
            Self::Dynamic => "Object",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct TableColumn {
    pub(super) name: String,
    pub(super) kind: ColumnType,
}

/// Rows under columns.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) columns: Vec<TableColumn>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The index of a column.
pub(super) fn place(
    columns: &[TableColumn],
    name: &Name,
    operator: &str,
) -> Result<usize, Mistake> {
    let found = columns.iter().position(|column| column.name == name.text);
    found.ok_or_else(|| {
        Mistake::new(
            name.at,
            format!(
                "Semantic error: '{operator}' operator: there is no column named '{}'",
                name.text
            ),
        )
    })
}

/// The order of two values; none if they cannot be compared.
pub(super) fn order(left: &Cell, right: &Cell) -> Option<Ordering> {
    match (left, right) {
        (Cell::Time(left), Cell::Time(right)) => Some(left.cmp(right)),
        (Cell::Number(left), Cell::Number(right)) => Some(left.cmp(right)),
        (Cell::Text(left), Cell::Text(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
