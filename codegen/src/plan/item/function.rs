//! A function or method, and its body.

use crate::plan::docs::Docs;
use crate::plan::rust_type::RustType;

/// The receiver of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// Nothing.
    None,
    /// `&self`.
    Reference,
    /// `&'a self`.
    Borrowed,
    /// `self`, which it may change.
    Owned,
}

/// A function or method.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionItem {
    /// Its name.
    pub name: String,
    /// Its receiver.
    pub receiver: Receiver,
    /// Its arguments.
    pub arguments: Vec<(String, RustType)>,
    /// What it returns.
    pub returns: RustType,
    /// What it does.
    pub action: Action,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// What a function does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Returns the items of a list; none if it is absent or null.
    ListItems(String),
    /// Returns the items of a list; `None` if the request did not ask for them.
    LoadedItems(String),
    /// Converts the object to one of its subtypes.
    Narrow {
        /// The field that holds the tag.
        field: String,
        /// The tags of the subtype, and of its own subtypes.
        tags: Vec<String>,
    },
    /// Returns a shared property of a union's types.
    Shared(String, PropertyAccess),
    /// Returns the description's member for a name of a reference page.
    DescribedAs,
    /// Creates a body from its arguments, one for the field of each name.
    NewBody(Vec<(String, Conversion)>),
    /// Sets a field to the converted argument of the same name.
    Set(String, Conversion),
    /// Clears a field.
    Clear(String),
    /// Keeps a field's value.
    Leave(String),
    /// Allows guarded members.
    AllowGuarded,
    /// Returns whether the body changes nothing.
    IsEmpty,
    /// Names the property in a condition, by its name on the wire.
    FilterBy(String),
    /// Sets the optional body of a request.
    SetBody,
    /// Creates a request.
    Begin,
    /// Sends a request.
    Send,
}

/// How a shared property is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropertyAccess {
    /// By the accessor of its list.
    List,
    /// As a borrowed string that is always present.
    Key,
    /// As a borrowed string.
    Text,
    /// As a copy.
    Copy,
    /// As a reference.
    Reference,
}

/// How an argument is converted to the value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// As it is.
    Keep,
    /// With `into`.
    Into,
    /// Its items, with `into`.
    EachInto,
    /// Its items, as they are.
    Collect,
}
