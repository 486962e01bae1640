//! A function or method, and what it does.

use crate::plan::docs::Docs;
use crate::plan::rust_type::RustType;

/// What a function takes of its type.
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
    /// What it takes of its type.
    pub receiver: Receiver,
    /// Its arguments.
    pub arguments: Vec<(String, RustType)>,
    /// What it returns.
    pub returns: RustType,
    /// What it does.
    pub action: Action,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
}

/// What a function does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Returns the items of a list, none where it is absent or null.
    ListItems(String),
    /// Returns the items of a list, and nothing where the request did not ask for them.
    LoadedItems(String),
    /// Reads the object as one of its subtypes.
    Narrow {
        /// The field that holds the tag.
        field: String,
        /// The tags of the subtype, and of those that extend it.
        tags: Vec<String>,
    },
    /// Returns a property that the types of a union share.
    Shared(String, PropertyAccess),
    /// Returns the member that the description has for a page's name.
    DescribedAs,
    /// Makes a body of its arguments, each for the field of its name.
    NewBody(Vec<(String, Conversion)>),
    /// Sets a field to what an argument of its name becomes.
    Set(String, Conversion),
    /// Clears a field.
    Clear(String),
    /// Leaves a field alone.
    Leave(String),
    /// Lets guarded members through.
    AllowGuarded,
    /// Says whether the body changes nothing.
    IsEmpty,
    /// Names the property of that name on the wire in a condition.
    FilterBy(String),
    /// Sets the body of a request that can do without one.
    SetBody,
    /// Begins a request.
    Begin,
    /// Sends a request.
    Send,
}

/// How a shared property is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropertyAccess {
    /// By the accessor of its list.
    List,
    /// As a borrowed text that is always there.
    Key,
    /// As a borrowed text.
    Text,
    /// As a copy.
    Copy,
    /// As a reference.
    Reference,
}

/// How an argument becomes the value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// As it is.
    Keep,
    /// By `into`.
    Into,
    /// Its items, by `into`.
    EachInto,
    /// Its items, as they are.
    Collect,
}
