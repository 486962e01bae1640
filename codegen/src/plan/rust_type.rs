//! A Rust type in generated code.

use std::fmt;

/// A Rust type in generated code, in the names that every generated module has in scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RustType {
    /// A type of the standard library or the runtime: `bool`, `String`, `runtime::Value`.
    Known(&'static str),
    /// A type of this plan.
    Planned(String),
    /// A type of this plan that borrows: `GetTag<'a>`.
    Borrowing(String),
    /// A generic type with its arguments: `Option<String>`, `runtime::Page<Tag>`.
    Generic(&'static str, Vec<RustType>),
    /// A reference, with the lifetime `'a` or with none.
    Reference {
        /// Whether the lifetime is written.
        named: bool,
        /// What it refers to.
        to: Box<RustType>,
    },
    /// A pending request, with the lifetime `'a`: `runtime::CallFuture<'a, Tag>`.
    Call(Box<RustType>),
    /// A slice: `[String]`.
    Slice(Box<RustType>),
    /// Any type that converts into this one: `impl Into<String>`.
    Into(Box<RustType>),
    /// Any iterator over such items: `impl IntoIterator<Item = Tag>`.
    Items(Box<RustType>),
}

impl RustType {
    /// `String`.
    pub const TEXT: Self = Self::Known("String");
    /// The type of a function that returns nothing.
    pub const UNIT: Self = Self::Known("()");
    /// A stream of bytes to send.
    pub const UPLOAD: Self = Self::Known("runtime::Upload");
    /// The type that a function belongs to.
    pub const SELF: Self = Self::Known("Self");

    /// `DateTime<Utc>`.
    #[must_use]
    pub fn date_time() -> Self {
        Self::Generic("DateTime", vec![Self::Known("Utc")])
    }

    /// `Option<T>`.
    #[must_use]
    pub fn option(self) -> Self {
        Self::Generic("Option", vec![self])
    }

    /// `Vec<T>`.
    #[must_use]
    pub fn list(self) -> Self {
        Self::Generic("Vec", vec![self])
    }

    /// `Box<T>`.
    #[must_use]
    pub fn boxed(self) -> Self {
        Self::Generic("Box", vec![self])
    }

    /// `Change<T>`.
    #[must_use]
    pub fn change(self) -> Self {
        Self::Generic("Change", vec![self])
    }

    /// `runtime::Page<T>`.
    #[must_use]
    pub fn page(self) -> Self {
        Self::Generic("runtime::Page", vec![self])
    }

    /// `&T`.
    #[must_use]
    pub fn reference(self) -> Self {
        Self::Reference {
            named: false,
            to: Box::new(self),
        }
    }

    /// `&'a T`.
    #[must_use]
    pub fn borrowed(self) -> Self {
        Self::Reference {
            named: true,
            to: Box::new(self),
        }
    }

    /// `[T]`.
    #[must_use]
    pub fn slice(self) -> Self {
        Self::Slice(Box::new(self))
    }

    /// `impl Into<T>`.
    #[must_use]
    pub fn into_it(self) -> Self {
        Self::Into(Box::new(self))
    }

    /// `impl IntoIterator<Item = T>`.
    #[must_use]
    pub fn items(self) -> Self {
        Self::Items(Box::new(self))
    }

    /// `Result<T, runtime::Error>`.
    #[must_use]
    pub fn fallible(self) -> Self {
        Self::Generic("Result", vec![self, Self::Known("runtime::Error")])
    }

    /// `runtime::CallFuture<'a, T>`.
    #[must_use]
    pub fn call(self) -> Self {
        Self::Call(Box::new(self))
    }

    /// Whether it contains the lifetime `'a`.
    #[must_use]
    pub fn borrows(&self) -> bool {
        match self {
            Self::Known(_) | Self::Planned(_) => false,
            Self::Borrowing(_) | Self::Call(_) => true,
            Self::Generic(_, arguments) => arguments.iter().any(Self::borrows),
            Self::Reference { named, to } => *named || to.borrows(),
            Self::Slice(inner) | Self::Into(inner) | Self::Items(inner) => inner.borrows(),
        }
    }
}

impl fmt::Display for RustType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(name) => formatter.write_str(name),
            Self::Planned(name) => formatter.write_str(name),
            Self::Borrowing(name) => write!(formatter, "{name}<'a>"),
            Self::Generic(name, arguments) => {
                write!(formatter, "{name}<")?;
                for (index, argument) in arguments.iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    write!(formatter, "{separator}{argument}")?;
                }
                formatter.write_str(">")
            }
            Self::Reference { named: true, to } => write!(formatter, "&'a {to}"),
            Self::Reference { named: false, to } => write!(formatter, "&{to}"),
            Self::Call(response) => write!(formatter, "runtime::CallFuture<'a, {response}>"),
            Self::Slice(item) => write!(formatter, "[{item}]"),
            Self::Into(inner) => write!(formatter, "impl Into<{inner}>"),
            Self::Items(item) => write!(formatter, "impl IntoIterator<Item = {item}>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RustType;

    #[test]
    fn a_type_is_printed_as_rust_writes_it() {
        let tag = || RustType::Planned("Tag".to_owned());
        assert_eq!(tag().list().option().to_string(), "Option<Vec<Tag>>");
        assert_eq!(
            tag().page().fallible().to_string(),
            "Result<runtime::Page<Tag>, runtime::Error>"
        );
        assert_eq!(
            RustType::TEXT.into_it().items().to_string(),
            "impl IntoIterator<Item = impl Into<String>>"
        );
        assert_eq!(tag().borrowed().to_string(), "&'a Tag");
        assert!(tag().borrowed().option().borrows());
    }
}
