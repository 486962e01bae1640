//! OData conditions on typed properties: the text of `$filter`, with values quoted and escaped.

mod fields;

use std::fmt;
use std::ops::{BitAnd, BitOr, Not};

pub use fields::{DateField, EnumField, PlainField, TextField};

/// An OData condition.
///
/// Generated clients have functions for the filterable properties, with the operators of their types; [`Filter::raw`]
/// accepts any other condition.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Filter {
    text: String,
    binding: Binding,
}

/// The outermost operator of a condition; `or` needs parentheses inside `and`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Binding {
    Comparison,
    And,
    Or,
}

impl Filter {
    /// Creates a condition from unchecked text. It gets parentheses where it is combined.
    pub fn raw(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            binding: Binding::Or,
        }
    }

    /// Requires both conditions.
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self {
            text: format!("{} and {}", self.inside_and(), other.into().inside_and()),
            binding: Binding::And,
        }
    }

    /// Requires one of the conditions.
    pub fn or(self, other: impl Into<Self>) -> Self {
        Self {
            text: format!("{} or {}", self.text, other.into().text),
            binding: Binding::Or,
        }
    }

    /// Negates the condition. Also written `!filter`.
    #[expect(
        clippy::should_implement_trait,
        reason = "it is implemented too; a method reads better in a chain"
    )]
    pub fn not(self) -> Self {
        Self {
            text: format!("not ({})", self.text),
            binding: Binding::Comparison,
        }
    }

    /// Returns the text of `$filter`, before percent-encoding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn comparison(property: &str, operator: &str, value: &str) -> Self {
        Self {
            text: format!("{property} {operator} {value}"),
            binding: Binding::Comparison,
        }
    }

    fn inside_and(self) -> String {
        match self.binding {
            Binding::Or => format!("({})", self.text),
            Binding::Comparison | Binding::And => self.text,
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl From<Filter> for String {
    fn from(filter: Filter) -> Self {
        filter.text
    }
}

impl BitAnd for Filter {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl BitOr for Filter {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self::not(self)
    }
}

#[cfg(test)]
mod tests;
