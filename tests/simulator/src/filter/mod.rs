//! The filter language: text → tokens → tree → a condition that is validated against the contract.

mod condition;
mod lexer;
mod parser;

pub(crate) use condition::{Column, Condition, Datum, Literal, PropertyKind, Row, column};
pub(crate) use parser::Operator;

use crate::contract::Contract;
use crate::error::Refusal;

/// Parses a filter for items of a schema.
pub(crate) fn condition(
    contract: &Contract,
    schema: &str,
    text: &str,
) -> Result<Condition, Refusal> {
    let tree = parser::parse(text).map_err(|problem| {
        invalid(format!(
            "Syntax error: {} at position {} in '{text}'.",
            problem.expected, problem.position
        ))
    })?;
    condition::resolve(contract, schema, tree)
}

/// The documented format of a refusal.
fn invalid(message: impl std::fmt::Display) -> Refusal {
    Refusal::bad_request(format!("Invalid filter clause: {message}"))
}
