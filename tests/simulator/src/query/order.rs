//! `$orderby`: properties with their directions.

use std::cmp::Ordering;

use crate::contract::Contract;
use crate::error::Refusal;
use crate::filter::{Column, Datum, Row, column};

/// One property to sort by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) column: Column,
    pub(crate) descending: bool,
}

impl Order {
    pub(crate) fn read(
        contract: &Contract,
        schema: &str,
        parts: &[&str],
    ) -> Result<Vec<Self>, Refusal> {
        let invalid = |message: String| {
            Refusal::bad_request(format!("Invalid $orderby clause: {message}")).at("$orderby")
        };
        parts
            .iter()
            .map(|part| {
                let mut words = part.split_whitespace();
                let name = words
                    .next()
                    .ok_or_else(|| invalid("a property is expected.".to_owned()))?;
                let descending = match (words.next(), words.next()) {
                    (None | Some("asc"), None) => false,
                    (Some("desc"), None) => true,
                    _ => {
                        return Err(invalid(format!(
                            "'{part}' is not a property followed by 'asc' or 'desc'."
                        )));
                    }
                };
                Ok(Self {
                    column: column(contract, schema, name).map_err(invalid)?,
                    descending,
                })
            })
            .collect()
    }
}

/// The order of two rows; null comes first.
pub(crate) fn compare(order: &[Order], left: &dyn Row, right: &dyn Row) -> Ordering {
    order
        .iter()
        .map(|key| {
            let ordering = place(left.datum(&key.column), right.datum(&key.column));
            if key.descending {
                ordering.reverse()
            } else {
                ordering
            }
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn place(left: Datum<'_>, right: Datum<'_>) -> Ordering {
    match (left, right) {
        (Datum::Null, Datum::Null) => Ordering::Equal,
        (Datum::Null, _) => Ordering::Less,
        (_, Datum::Null) => Ordering::Greater,
        _ => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
    }
}
