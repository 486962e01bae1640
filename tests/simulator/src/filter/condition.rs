//! A filter whose properties, operators and values fit the contract, ready to be asked about an item.

use std::cmp::Ordering;

use serde_json::Value;

use super::invalid;
use super::lexer::Token;
use super::parser::{Operator, Tree};
use crate::contract::{Contract, Schema, Shape};
use crate::error::Refusal;
use crate::object::Object;
use crate::time::Ticks;
use crate::validate::type_name;

#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Column, Operator, Literal),
    Among(Column, Vec<Literal>),
    /// Assumed: `$search` finds a text in any case in what people read.
    Mentions(String),
}

/// A scalar property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// The name of the enumeration.
    Member(String),
    Time,
    Number,
    Boolean,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Text(String),
    Time(Ticks),
    Number(i64),
    Boolean(bool),
}

/// The value of a column in an item.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) enum Datum<'a> {
    Null,
    Text(&'a str),
    Time(Ticks),
    Number(i64),
    Boolean(bool),
}

/// An item that can be asked for its columns.
pub(crate) trait Row {
    fn datum(&self, column: &Column) -> Datum<'_>;

    /// Whether what people read of it has that lower-case text in it.
    fn mentions(&self, text: &str) -> bool;
}

impl Condition {
    pub(crate) fn matches(&self, row: &dyn Row) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.matches(row)),
            Self::All(parts) => parts.iter().all(|part| part.matches(row)),
            Self::Not(part) => !part.matches(row),
            Self::Compare(column, operator, literal) => {
                compare(row.datum(column), *operator, literal.datum())
            }
            Self::Among(column, literals) => {
                let datum = row.datum(column);
                literals.iter().any(|literal| datum == literal.datum())
            }
            Self::Mentions(text) => row.mentions(text),
        }
    }

    /// The range of times outside of which nothing can match, inclusive.
    pub(crate) fn range(&self, name: &str) -> (Ticks, Ticks) {
        let everything = (Ticks(i64::MIN), Ticks(i64::MAX));
        match self {
            Self::All(parts) => parts
                .iter()
                .map(|part| part.range(name))
                .fold(everything, |one, other| {
                    (one.0.max(other.0), one.1.min(other.1))
                }),
            Self::Compare(column, operator, Literal::Time(time)) if column.name == name => {
                match operator {
                    Operator::Equal => (*time, *time),
                    Operator::Greater | Operator::GreaterOrEqual => (*time, everything.1),
                    Operator::Less | Operator::LessOrEqual => (everything.0, *time),
                    Operator::NotEqual => everything,
                }
            }
            _ => everything,
        }
    }
}

impl Literal {
    fn datum(&self) -> Datum<'_> {
        match self {
            Self::Null => Datum::Null,
            Self::Text(text) => Datum::Text(text),
            Self::Time(time) => Datum::Time(*time),
            Self::Number(number) => Datum::Number(*number),
            Self::Boolean(value) => Datum::Boolean(*value),
        }
    }
}

impl Row for Object {
    fn datum(&self, column: &Column) -> Datum<'_> {
        match (self.get(&column.name), &column.kind) {
            (Some(Value::String(text)), Kind::Time) => {
                Ticks::parse(text).map_or(Datum::Null, Datum::Time)
            }
            (Some(Value::String(text)), _) => Datum::Text(text),
            (Some(Value::Number(number)), _) => number.as_i64().map_or(Datum::Null, Datum::Number),
            (Some(Value::Bool(value)), _) => Datum::Boolean(*value),
            _ => Datum::Null,
        }
    }

    fn mentions(&self, text: &str) -> bool {
        ["displayName", "title", "description", "summary"]
            .iter()
            .filter_map(|name| self.get(*name).and_then(Value::as_str))
            .any(|value| value.to_lowercase().contains(text))
    }
}

/// OData: null equals null alone, and is neither greater nor less than anything.
fn compare(left: Datum<'_>, operator: Operator, right: Datum<'_>) -> bool {
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        _ if left == Datum::Null || right == Datum::Null => false,
        Operator::Greater => left.partial_cmp(&right) == Some(Ordering::Greater),
        Operator::Less => left.partial_cmp(&right) == Some(Ordering::Less),
        Operator::GreaterOrEqual => matches!(
            left.partial_cmp(&right),
            Some(Ordering::Greater | Ordering::Equal)
        ),
        Operator::LessOrEqual => matches!(
            left.partial_cmp(&right),
            Some(Ordering::Less | Ordering::Equal)
        ),
    }
}

/// Finds the property that a query option names.
pub(crate) fn column(contract: &Contract, schema: &str, name: &str) -> Result<Column, String> {
    let property = contract
        .object(schema)
        .and_then(|object| object.properties.get(name))
        .ok_or_else(|| {
            format!(
                "Could not find a property named '{name}' on type '{}'.",
                type_name(schema)
            )
        })?;
    let kind = match &property.shape {
        Shape::String {
            format: Some(format),
        } if format == "date-time" => Kind::Time,
        Shape::String { .. } => Kind::Text,
        Shape::Boolean => Kind::Boolean,
        Shape::Integer { .. } => Kind::Number,
        Shape::Ref { r#ref } if matches!(contract.schemas.get(r#ref), Some(Schema::Enum(_))) => {
            Kind::Member(r#ref.clone())
        }
        _ => {
            return Err(format!(
                "The property '{name}' holds no single value to compare."
            ));
        }
    };
    Ok(Column {
        name: name.to_owned(),
        kind,
    })
}

pub(crate) fn resolve(contract: &Contract, schema: &str, tree: Tree) -> Result<Condition, Refusal> {
    let parts = |parts: Vec<Tree>| -> Result<Vec<Condition>, Refusal> {
        parts
            .into_iter()
            .map(|part| resolve(contract, schema, part))
            .collect()
    };
    Ok(match tree {
        Tree::Any(trees) => Condition::Any(parts(trees)?),
        Tree::All(trees) => Condition::All(parts(trees)?),
        Tree::Not(tree) => Condition::Not(Box::new(resolve(contract, schema, *tree)?)),
        Tree::Compare {
            property,
            operator,
            literal,
        } => {
            let column = column(contract, schema, &property).map_err(invalid)?;
            let literal = fitting(contract, &column, literal)?;
            let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
            if ordered && matches!(column.kind, Kind::Member(_) | Kind::Boolean) {
                return Err(invalid(format!(
                    "The values of '{property}' have no order; only eq, ne and in apply."
                )));
            }
            Condition::Compare(column, operator, literal)
        }
        Tree::Among { property, literals } => {
            let column = column(contract, schema, &property).map_err(invalid)?;
            let literals = literals
                .into_iter()
                .map(|literal| fitting(contract, &column, literal))
                .collect::<Result<_, _>>()?;
            Condition::Among(column, literals)
        }
    })
}

/// The literal as the column holds it; members in the contract's spelling.
fn fitting(contract: &Contract, column: &Column, literal: Token) -> Result<Literal, Refusal> {
    let wrong = |expected: String| {
        invalid(format!(
            "The value for '{}' is not {expected}.",
            column.name
        ))
    };
    match (&column.kind, literal) {
        (_, Token::Word(word)) if word == "null" => Ok(Literal::Null),
        (Kind::Boolean, Token::Word(word)) => Ok(Literal::Boolean(word == "true")),
        (Kind::Text, Token::Text(text)) => Ok(Literal::Text(text)),
        (Kind::Time, Token::Time(time)) => Ok(Literal::Time(time)),
        (Kind::Number, Token::Number(number)) => Ok(Literal::Number(number)),
        (Kind::Member(name), Token::Text(text)) => contract
            .enumeration(name)
            .and_then(|enumeration| enumeration.spelled(&text))
            .map(Literal::Text)
            .ok_or_else(|| wrong(format!("a member of '{}'", type_name(name)))),
        (Kind::Member(_), _) => Err(wrong("a quoted member".to_owned())),
        (Kind::Text, _) => Err(wrong("a quoted text".to_owned())),
        (Kind::Time, _) => Err(wrong(
            "a point in time, unquoted, such as 2026-08-03T00:00:00Z".to_owned(),
        )),
        (Kind::Number, _) => Err(wrong("a whole number".to_owned())),
        (Kind::Boolean, _) => Err(wrong("true or false".to_owned())),
    }
}
