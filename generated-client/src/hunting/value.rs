//! The values of rows, with the types of their columns.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime, Utc};
use graph_client_runtime::Uuid;
use serde_json::Value;

/// The type of a column, from the response's schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColumnType {
    /// A point in time.
    DateTime,
    /// A string.
    String,
    /// A 64-bit integer.
    Int64,
    /// A 32-bit integer.
    Int32,
    /// A floating-point number.
    Double,
    /// A boolean, sent as 0 or 1.
    SByte,
    /// A GUID.
    Guid,
    /// A boolean.
    Boolean,
    /// A dynamic value: any JSON.
    Object,
    /// The name of a type that this version does not know; empty if the response gives none.
    Other(String),
}

impl ColumnType {
    pub(super) fn named(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "datetime" => Self::DateTime,
            "string" => Self::String,
            "int64" | "long" => Self::Int64,
            "int32" | "int" => Self::Int32,
            "double" | "real" => Self::Double,
            "sbyte" => Self::SByte,
            "guid" => Self::Guid,
            "boolean" | "bool" => Self::Boolean,
            "object" | "dynamic" => Self::Object,
            _ => Self::Other(name.to_owned()),
        }
    }
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Cell<'r> {
    /// No value: null, or a row that does not have the column.
    Null,
    /// A point in time.
    Time(DateTime<Utc>),
    /// A string.
    Text(&'r str),
    /// An integer.
    Integer(i64),
    /// A floating-point number, which can be `NaN` or infinite.
    Real(f64),
    /// A boolean.
    Boolean(bool),
    /// A GUID.
    Guid(Uuid),
    /// A dynamic value. An object or a list that was sent as a string is parsed.
    Dynamic(Cow<'r, Value>),
    /// A value as received, of a type that this version does not know or that it does not fit.
    Other(&'r Value),
}

impl<'r> Cell<'r> {
    pub(super) fn read(value: &'r Value, kind: &ColumnType) -> Self {
        if value.is_null() {
            return Self::Null;
        }
        let read = match kind {
            ColumnType::DateTime => value.as_str().and_then(time).map(Self::Time),
            ColumnType::String => value.as_str().map(Self::Text),
            ColumnType::Int64 | ColumnType::Int32 => integer(value).map(Self::Integer),
            ColumnType::Double => real(value).map(Self::Real),
            ColumnType::SByte => truth(value)
                .map(Self::Boolean)
                .or_else(|| integer(value).map(Self::Integer)),
            ColumnType::Guid => value
                .as_str()
                .and_then(|text| Uuid::try_parse(text).ok())
                .map(Self::Guid),
            ColumnType::Boolean => truth(value).map(Self::Boolean),
            ColumnType::Object => Some(Self::Dynamic(dynamic(value))),
            ColumnType::Other(_) => None,
        };
        read.unwrap_or(Self::Other(value))
    }
}

/// A time; without an offset it is in UTC, since the engine has no other.
fn time(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    text.parse::<NaiveDateTime>()
        .ok()
        .map(|time| time.and_utc())
}

/// An integer, possibly sent as a string: JSON for some clients has 64-bit integers in strings.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            // `12.0`: exact up to 2⁵³.
            let real = number.as_f64()?;
            (real.fract() == 0.0 && real.abs() <= 9_007_199_254_740_992.0).then_some(real as i64)
        }),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn real(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => match text.as_str() {
            "Infinity" | "INF" => Some(f64::INFINITY),
            "-Infinity" | "-INF" => Some(f64::NEG_INFINITY),
            text => text.parse().ok(),
        },
        _ => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(number) => match number.as_i64()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn dynamic(value: &Value) -> Cow<'_, Value> {
    if let Value::String(text) = value
        && text.trim_start().starts_with(['{', '['])
        && let Ok(read) = serde_json::from_str(text)
    {
        return Cow::Owned(read);
    }
    Cow::Borrowed(value)
}
