//! A filter that is valid for the contract, and can be evaluated.

use std::cmp::Ordering;

use serde_json::Value;

use super::invalid;
use super::lexer::Token;
use super::parser::{Function, Operator, Tree};
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
    Text(Column, Function, String),
    /// Assumed: `$search` ignores case and covers the texts that people read.
    Mentions(String),
}

/// A scalar property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: PropertyKind,
}

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PropertyKind {
    Text,
    /// The name of the enumeration.
    Member(String),
    Guid,
    Time,
    Number,
    Double,
    Boolean,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Text(String),
    Time(Ticks),
    Number(i64),
    Double(f64),
    Boolean(bool),
}

/// The value of a column in an item.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) enum Datum<'a> {
    Null,
    Text(&'a str),
    Time(Ticks),
    Number(i64),
    Double(f64),
    Boolean(bool),
}

/// An item that can return its columns.
pub(crate) trait Row {
    fn datum(&self, column: &Column) -> Datum<'_>;

    /// Whether the texts that people read contain a lower-case string.
    fn mentions(&self, text: &str) -> bool;
}

impl Condition {
    pub(crate) fn matches(&self, row: &dyn Row) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.matches(row)),
            Self::All(parts) => parts.iter().all(|part| part.matches(row)),
            Self::Not(part) => !part.matches(row),
            Self::Compare(column, operator, literal) => {
                let datum = row.datum(column);
                match (&column.kind, operator) {
                    (PropertyKind::Guid, Operator::Equal) => same_guid(datum, literal),
                    (PropertyKind::Guid, Operator::NotEqual) => !same_guid(datum, literal),
                    _ => compare(datum, *operator, literal.datum()),
                }
            }
            Self::Among(column, literals) => {
                let datum = row.datum(column);
                literals.iter().any(|literal| match column.kind {
                    PropertyKind::Guid => same_guid(datum, literal),
                    _ => datum == literal.datum(),
                })
            }
            Self::Text(column, function, text) => match (row.datum(column), function) {
                (Datum::Text(value), Function::StartsWith) => value.starts_with(text.as_str()),
                (Datum::Text(value), Function::EndsWith) => value.ends_with(text.as_str()),
                (Datum::Text(value), Function::Contains) => value.contains(text.as_str()),
                _ => false,
            },
            Self::Mentions(text) => row.mentions(text),
        }
    }

    /// The inclusive range of times outside of which nothing can match.
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
            Self::Double(number) => Datum::Double(*number),
            Self::Boolean(value) => Datum::Boolean(*value),
        }
    }
}

impl Row for Object {
    fn datum(&self, column: &Column) -> Datum<'_> {
        match (at(self, &column.name), &column.kind) {
            (Some(Value::String(text)), PropertyKind::Time) => {
                Ticks::parse(text).map_or(Datum::Null, Datum::Time)
            }
            (Some(Value::String(text)), _) => Datum::Text(text),
            (Some(Value::Number(number)), PropertyKind::Double) => {
                number.as_f64().map_or(Datum::Null, Datum::Double)
            }
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

/// The value at a path of properties.
fn at<'a>(object: &'a Object, path: &str) -> Option<&'a Value> {
    let mut names = path.split('/');
    let first = object.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// GUIDs are case-insensitive.
fn same_guid(datum: Datum<'_>, literal: &Literal) -> bool {
    match (datum, literal) {
        (Datum::Text(one), Literal::Text(other)) => one.eq_ignore_ascii_case(other),
        (datum, literal) => datum == literal.datum(),
    }
}

/// OData: null equals only null, and is neither greater nor less than anything.
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

/// Finds the property of a query option, also within objects: `address/city`.
pub(crate) fn column(contract: &Contract, schema: &str, name: &str) -> Result<Column, String> {
    let mut owner = schema;
    let mut found = None;
    for part in name.split('/') {
        let shape = contract
            .object(owner)
            .and_then(|object| object.properties.get(part))
            .map(|property| &property.shape)
            .ok_or_else(|| {
                format!(
                    "Could not find a property named '{part}' on type '{}'.",
                    type_name(owner)
                )
            })?;
        if let Shape::Ref { r#ref } = shape {
            owner = r#ref;
        }
        found = Some(shape);
    }
    let kind = match found {
        Some(Shape::String { format }) => match format.as_deref() {
            Some("date-time") => PropertyKind::Time,
            Some("uuid") => PropertyKind::Guid,
            _ => PropertyKind::Text,
        },
        Some(Shape::Boolean) => PropertyKind::Boolean,
        Some(Shape::Integer { .. }) => PropertyKind::Number,
        Some(Shape::Number) => PropertyKind::Double,
        Some(Shape::Ref { r#ref })
            if matches!(contract.schemas.get(r#ref), Some(Schema::Enum(_))) =>
        {
            PropertyKind::Member(r#ref.clone())
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
            if ordered && matches!(column.kind, PropertyKind::Member(_) | PropertyKind::Boolean) {
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
        Tree::Text {
            property,
            function,
            text,
        } => {
            let column = column(contract, schema, &property).map_err(invalid)?;
            if !matches!(column.kind, PropertyKind::Text | PropertyKind::Guid) {
                return Err(invalid(format!("The property '{property}' is not a text.")));
            }
            Condition::Text(column, function, text)
        }
    })
}

/// The literal with the column's type; members in the contract's spelling.
fn fitting(contract: &Contract, column: &Column, literal: Token) -> Result<Literal, Refusal> {
    let wrong = |expected: String| {
        invalid(format!(
            "The value for '{}' is not {expected}.",
            column.name
        ))
    };
    match (&column.kind, literal) {
        (_, Token::Word(word)) if word == "null" => Ok(Literal::Null),
        (PropertyKind::Boolean, Token::Word(word)) if word == "true" || word == "false" => {
            Ok(Literal::Boolean(word == "true"))
        }
        (PropertyKind::Text, Token::Text(text)) => Ok(Literal::Text(text)),
        (PropertyKind::Guid, Token::Text(text) | Token::Guid(text)) => {
            Ok(Literal::Text(text.to_ascii_lowercase()))
        }
        // A number does not fit a column of strings or times; a column of doubles accepts integers.
        (PropertyKind::Double, Token::Number(number)) => Ok(Literal::Double(number as f64)),
        (PropertyKind::Double, Token::Double(number)) => Ok(Literal::Double(number)),
        (PropertyKind::Time, Token::Time(time)) => Ok(Literal::Time(time)),
        (PropertyKind::Number, Token::Number(number)) => Ok(Literal::Number(number)),
        (PropertyKind::Member(name), Token::Text(text)) => contract
            .enumeration(name)
            .and_then(|enumeration| enumeration.spelled(&text))
            .map(Literal::Text)
            .ok_or_else(|| wrong(format!("a member of '{}'", type_name(name)))),
        (PropertyKind::Member(_), _) => Err(wrong("a quoted member".to_owned())),
        (PropertyKind::Text, _) => Err(wrong("a quoted text".to_owned())),
        (PropertyKind::Time, _) => Err(wrong(
            "a point in time, unquoted, such as 2026-08-03T00:00:00Z".to_owned(),
        )),
        (PropertyKind::Number, _) => Err(wrong("a whole number".to_owned())),
        (PropertyKind::Double, _) => Err(wrong("a number".to_owned())),
        (PropertyKind::Guid, _) => Err(wrong("a GUID".to_owned())),
        (PropertyKind::Boolean, _) => Err(wrong("true or false".to_owned())),
    }
}
