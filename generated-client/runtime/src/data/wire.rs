//! The types of properties, and the places of their fields.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde_json::Value;

use super::enumeration::OpenEnum;
use super::read::{Budget, SlotSeed};
use super::slot::{Object, Outcome, Scalar, Slot, Target};
use super::unreadable::kind;
use super::view::View;

/// A type of a property. Forms of JSON that it does not implement do not fit it.
pub trait Wire: Sized + Clone + PartialEq + Send + Sync + fmt::Debug + 'static {
    /// The expected kind of value, with its article: `a date-time`.
    const EXPECTED: &'static str = match Self::MEMBER {
        Some(_) => "a string",
        None => "an object",
    };

    /// Whether a part of it is useful if the rest of a response cannot be read: a page has complete items.
    const HAS_ITEMS: bool = false;

    /// Its implementation as an object with declared properties, if it is one.
    const OBJECT: Option<ObjectForm<Self>> = None;

    /// Its implementation as a member of an enumeration, if it is one.
    const MEMBER: Option<MemberForm<Self>> = None;

    /// The expected kind of a whole response.
    fn whole() -> Cow<'static, str> {
        match Self::OBJECT {
            Some(form) => object_named(form.name),
            None => Cow::Borrowed(Self::EXPECTED),
        }
    }

    /// Reads a scalar.
    #[inline]
    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        match (Self::MEMBER, scalar) {
            (Some(form), Scalar::Text(text)) => Some((form.of_text)(text)),
            _ => None,
        }
    }

    /// Reads null as an item of a list. As a property, null means no value.
    #[inline]
    fn from_null_item() -> Option<Self> {
        None
    }

    /// Prepares a place for an object.
    #[inline]
    fn open_map(slot: &mut Option<Self>) -> Target<'_> {
        match Self::OBJECT {
            Some(form) => Target::Object((form.object_mut)(slot.insert((form.empty)()))),
            None => Target::Misfit,
        }
    }

    /// Prepares a place for a boxed object.
    #[inline]
    fn open_boxed_map(slot: &mut Option<Box<Self>>) -> Target<'_> {
        match Self::OBJECT {
            Some(form) => Target::Object((form.object_mut)(slot.insert(Box::new((form.empty)())))),
            None => Target::Misfit,
        }
    }

    /// Prepares a place for a list.
    #[inline]
    fn open_list(_slot: &mut Option<Self>) -> Target<'_> {
        Target::Misfit
    }

    /// Returns the value for serialization.
    fn view(&self) -> View<'_> {
        match (Self::OBJECT, Self::MEMBER) {
            (Some(form), _) => View::Object((form.object)(self)),
            (None, Some(form)) => View::Text((form.text)(self)),
            (None, None) => View::Null,
        }
    }
}

/// The implementation of a type as an enumeration.
#[derive(Debug)]
pub struct MemberForm<T> {
    of_text: fn(&str) -> T,
    text: fn(&T) -> &str,
}

impl<T: OpenEnum> MemberForm<T> {
    /// The form of the type.
    pub const OF: Self = Self {
        of_text: T::of_text,
        text: T::as_str,
    };
}

/// The implementation of a type as an object.
#[derive(Debug)]
pub struct ObjectForm<T> {
    name: &'static str,
    empty: fn() -> T,
    object: fn(&T) -> &dyn Object,
    object_mut: fn(&mut T) -> &mut dyn Object,
}

impl<T: Object + Default> ObjectForm<T> {
    /// The form of the type with a name.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            empty: T::default,
            object: |object| object,
            object_mut: |object| object,
        }
    }
}

impl<T: Wire> Slot for Option<T> {
    fn expected(&self) -> &'static str {
        T::EXPECTED
    }

    fn whole(&self) -> Cow<'static, str> {
        T::whole()
    }

    fn scalar(&mut self, mut scalar: Scalar<'_>) -> Outcome {
        match T::from_scalar(&mut scalar) {
            Some(value) => {
                *self = Some(value);
                Outcome::Taken
            }
            None => misfit(scalar),
        }
    }

    fn open_map(&mut self) -> Target<'_> {
        T::open_map(self)
    }

    fn open_list(&mut self) -> Target<'_> {
        T::open_list(self)
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn view(&self) -> Option<View<'_>> {
        self.as_ref().map(T::view)
    }

    fn is_filled(&self) -> bool {
        self.is_some()
    }

    fn shown(&self) -> Option<&dyn fmt::Debug> {
        self.as_ref().map(|value| value as &dyn fmt::Debug)
    }
}

/// A key: empty if the service omitted it. An empty string is not a key, and does not fit.
impl Slot for String {
    fn expected(&self) -> &'static str {
        "a non-empty string"
    }

    fn scalar(&mut self, mut scalar: Scalar<'_>) -> Outcome {
        match scalar.take_text() {
            Some(text) if text.is_empty() => Outcome::Misfit(text.into()),
            Some(text) => {
                *self = text;
                Outcome::Taken
            }
            None => misfit(scalar),
        }
    }

    fn clear(&mut self) {
        String::clear(self);
    }

    fn view(&self) -> Option<View<'_>> {
        (!self.is_empty()).then_some(View::Text(self))
    }

    fn is_filled(&self) -> bool {
        !self.is_empty()
    }

    fn shown(&self) -> Option<&dyn fmt::Debug> {
        (!self.is_empty()).then_some(self)
    }
}

#[cold]
fn object_named(name: &str) -> Cow<'static, str> {
    format!("an object of type {name}").into()
}

#[cold]
fn misfit(scalar: Scalar<'_>) -> Outcome {
    Outcome::Misfit(scalar.into())
}

/// Reads a value that must fit: for types outside of a response, or in a request body.
///
/// # Errors
///
/// Returns what was expected and what was found, and the errors of the input.
pub fn strict<'de, T: Wire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut slot = None;
    let budget = Budget::unbounded();
    let outcome = deserializer.deserialize_any(SlotSeed::new(&mut slot, &budget))?;
    slot.ok_or_else(|| {
        let found = match &outcome {
            Outcome::Misfit(value) => kind(value),
            Outcome::Null | Outcome::Taken => kind(&Value::Null),
        };
        D::Error::custom(format_args!("expected {}, found {found}", T::EXPECTED))
    })
}
