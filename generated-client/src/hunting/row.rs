//! The result of a query: columns in order, and rows.

mod typed;

use std::collections::BTreeSet;

use graph_client_runtime::{Error, JsonMap};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::value::{Cell, ColumnType};
use crate::types::{HuntingQueryResults, SinglePropertySchema};

/// The result of a hunting query.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    columns: Vec<Column>,
    rows: Vec<JsonMap>,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Column {
    /// The name.
    pub name: String,
    /// The type of its values.
    pub kind: ColumnType,
}

/// A row of a result: a value for each column.
#[derive(Debug, Clone, Copy)]
pub struct Row<'r> {
    columns: &'r [Column],
    values: &'r JsonMap,
}

impl Findings {
    /// Reads a response. An invalid schema or invalid rows are an error, not an empty result.
    pub(super) fn of(mut results: HuntingQueryResults) -> Result<Self, Error> {
        if let Some(found) = results.unreadable().next() {
            return Err(Error::invalid_response(format!(
                "the response to the hunting query cannot be decoded: {found}"
            )));
        }
        let schema = results.schema.take().unwrap_or_default();
        let rows = results.results.take().unwrap_or_default();
        let mut columns: Vec<Column> = Vec::with_capacity(schema.len());
        for (place, described) in schema.iter().enumerate() {
            let name = spelled(described, "name").ok_or_else(|| {
                Error::invalid_response(format!(
                    "column {} of the hunting query has no name",
                    place + 1
                ))
            })?;
            columns.push(Column {
                name: name.to_owned(),
                kind: ColumnType::named(spelled(described, "type").unwrap_or_default()),
            });
        }
        columns.extend(undescribed(&columns, &rows));
        Ok(Self { columns, rows })
    }

    /// Returns the columns in the order of the query. Columns that only rows have come last, sorted by name.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the number of rows. The service returns at most 100,000 rows and 50 MB.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns an iterator over the rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|values| Row {
            columns: &self.columns,
            values,
        })
    }

    /// Deserializes every row into your own type, whose fields are named after the columns.
    ///
    /// Values have the types of their columns: a boolean sent as 0 or 1 is a `bool` (or a number, if the field is one), an
    /// integer sent as a string is a number, and a dynamic value sent as a string is parsed. Use `Option` for a column that
    /// may be null.
    ///
    /// # Errors
    ///
    /// Returns an error with the number and the column of the first row that does not fit.
    pub fn rows<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        self.iter()
            .enumerate()
            .map(|(number, row)| {
                typed::read(row).map_err(|error| {
                    let number = number + 1;
                    Error::invalid_response(format!("row {number} does not fit: {error}"))
                })
            })
            .collect()
    }
}

impl<'r> Row<'r> {
    /// Returns the value of a column: [`Cell::Null`] if the row does not have it, `None` if the result has no such column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<Cell<'r>> {
        let column = self.columns.iter().find(|known| known.name == column)?;
        Some(self.cell(column))
    }

    /// Returns the columns with their values, in the order of the query.
    pub fn cells(&self) -> impl Iterator<Item = (&'r Column, Cell<'r>)> {
        let row = *self;
        self.columns
            .iter()
            .map(move |column| (column, row.cell(column)))
    }

    /// Returns the row as received, with annotations such as `Timestamp@odata.type`.
    #[must_use]
    pub fn raw(&self) -> &'r JsonMap {
        self.values
    }

    fn cell(&self, column: &'r Column) -> Cell<'r> {
        let value = self.values.get(&column.name);
        value.map_or(Cell::Null, |value| Cell::read(value, &column.kind))
    }
}

/// A property of a column's description, in either of the service's spellings.
fn spelled<'s>(described: &'s SinglePropertySchema, name: &str) -> Option<&'s str> {
    let usual = match name {
        "name" => described.name.as_deref(),
        _ => described.type_.as_deref(),
    };
    usual.or_else(|| {
        let mut others = described.additional_properties.iter();
        let found = others.find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| Value::as_str(value))
    })
}

/// Columns that rows have and the schema does not name. Annotations are not columns.
fn undescribed(columns: &[Column], rows: &[JsonMap]) -> Vec<Column> {
    let is_known = |name: &str| columns.iter().any(|column| column.name == name);
    let names = rows.iter().flat_map(JsonMap::keys);
    let unknown: BTreeSet<&String> = names
        .filter(|name| !name.contains('@') && !is_known(name))
        .collect();
    unknown
        .into_iter()
        .map(|name| Column {
            name: name.clone(),
            kind: ColumnType::named(""),
        })
        .collect()
}
