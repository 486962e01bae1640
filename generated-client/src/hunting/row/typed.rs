//! Deserializes a row into a type of the caller.

use std::borrow::Cow;
use std::fmt;

use chrono::SecondsFormat;
use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IntoDeserializer as _, MapAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::Row;
use crate::hunting::value::Cell;

/// Reads a row.
pub(super) fn read<T: for<'de> Deserialize<'de>>(row: Row<'_>) -> Result<T, Misfit> {
    T::deserialize(OfRow(row))
}

/// Why a row does not fit, and in which column.
#[derive(Debug)]
pub(super) struct Misfit {
    column: Option<String>,
    reason: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(formatter, "column `{column}`: {}", self.reason),
            None => formatter.write_str(&self.reason),
        }
    }
}

impl std::error::Error for Misfit {}

impl serde::de::Error for Misfit {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self {
            column: None,
            reason: reason.to_string(),
        }
    }
}

impl From<serde_json::Error> for Misfit {
    fn from(error: serde_json::Error) -> Self {
        Self::custom(error)
    }
}

struct OfRow<'r>(Row<'r>);

impl<'de> Deserializer<'de> for OfRow<'_> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let row = self.0;
        let mut cells = row.cells();
        visitor.visit_map(Cells {
            next: &mut cells,
            value: None,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

type NextCell<'c, 'r> = &'c mut dyn Iterator<Item = (&'r crate::hunting::Column, Cell<'r>)>;

struct Cells<'c, 'r> {
    next: NextCell<'c, 'r>,
    value: Option<(&'r str, Cell<'r>)>,
}

impl<'de> MapAccess<'de> for Cells<'_, '_> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        let Some((column, cell)) = self.next.next() else {
            return Ok(None);
        };
        self.value = Some((&column.name, cell));
        let name: StrDeserializer<'_, Misfit> = column.name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (column, cell) = self
            .value
            .take()
            .ok_or_else(|| Misfit::custom("a value was requested twice"))?;
        seed.deserialize(OfCell(cell)).map_err(|misfit| Misfit {
            column: Some(column.to_owned()),
            ..misfit
        })
    }
}

struct OfCell<'r>(Cell<'r>);

impl OfCell<'_> {
    /// The JSON of a cell whose column has no type of its own.
    fn json(self) -> Cow<'static, Value> {
        Cow::Owned(match self.0 {
            Cell::Dynamic(value) => value.into_owned(),
            Cell::Other(value) => value.clone(),
            _ => Value::Null,
        })
    }
}

/// Forwards to the JSON of a cell, if it is JSON.
macro_rules! by_json {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Misfit> {
            match self.0 {
                Cell::Dynamic(_) | Cell::Other(_) => {
                    let json = self.json().into_owned();
                    Ok(json.$method($($argument,)* visitor)?)
                }
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

/// A numeric field takes a boolean as 0 or 1, which is how the service sends it.
macro_rules! numbers {
    ($($method:ident),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match self.0 {
                Cell::Boolean(value) => visitor.visit_u64(u64::from(value)),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for OfCell<'_> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Cell::Null => visitor.visit_unit(),
            Cell::Text(text) => visitor.visit_str(text),
            Cell::Integer(number) => visitor.visit_i64(number),
            Cell::Real(number) => visitor.visit_f64(number),
            Cell::Boolean(value) => visitor.visit_bool(value),
            Cell::Time(time) => {
                visitor.visit_string(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            }
            Cell::Guid(guid) => visitor.visit_string(guid.to_string()),
            Cell::Dynamic(_) | Cell::Other(_) => {
                Ok(self.json().into_owned().deserialize_any(visitor)?)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Cell::Null => visitor.visit_none(),
            _ if self.0 == Cell::Dynamic(Cow::Borrowed(&Value::Null)) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Cell::Text(text) => {
                let text: StrDeserializer<'_, Misfit> = text.into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            Cell::Dynamic(_) | Cell::Other(_) => {
                let json = self.json().into_owned();
                Ok(json.deserialize_enum(name, variants, visitor)?)
            }
            _ => Err(Misfit::custom("an enumeration expects a string")),
        }
    }

    numbers! {
        deserialize_i8, deserialize_i16, deserialize_i32, deserialize_i64, deserialize_u8, deserialize_u16,
        deserialize_u32, deserialize_u64
    }

    by_json! {
        deserialize_bool();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(length: usize);
        deserialize_tuple_struct(name: &'static str, length: usize);
        deserialize_map();
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }
}
