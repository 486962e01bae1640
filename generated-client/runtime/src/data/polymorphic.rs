//! Types that a discriminator tells apart, and values of types that nobody knows yet.

mod table;

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::Value;

use super::JsonMap;
use super::object::{self, Object, Properties};
use super::wire::{Fit, Key, Wire};

pub use table::polymorphic;

/// A value of a polymorphic type that is kept as it came, and why.
///
/// The properties that all of its family have can be read all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Other<B> {
    base: B,
    json: Value,
    reason: OtherReason,
}

/// Why a value is kept as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtherReason {
    /// Its type is not one that this version knows.
    UnknownType,
    /// It does not say which type it is.
    NoType,
    /// What should say which type it is, is not a string.
    TypeIsNoString,
    /// It is not even an object.
    NoObject,
}

impl fmt::Display for OtherReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnknownType => "its type is not known",
            Self::NoType => "it does not say which type it is",
            Self::TypeIsNoString => "its type is not a string",
            Self::NoObject => "it is not an object",
        })
    }
}

impl<B> Other<B> {
    /// The properties that all of its family have, as far as they could be read.
    #[must_use]
    pub fn base(&self) -> &B {
        &self.base
    }

    /// All of it, as it came; this is what is written back.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Takes all of it, as it came.
    #[must_use]
    pub fn into_json(self) -> Value {
        self.json
    }

    /// Why it is kept as it came.
    #[must_use]
    pub fn reason(&self) -> OtherReason {
        self.reason
    }
}

impl<B: Properties> Other<B> {
    fn of(json: Value, reason: OtherReason) -> Box<Self> {
        let base = json.as_object().map(read_base).unwrap_or_default();
        Box::new(Self { base, json, reason })
    }
}

/// Reads the properties of the base; what does not fit is in the JSON anyway.
fn read_base<B: Properties>(json: &JsonMap) -> B {
    let mut base = B::default();
    let mut misfits = JsonMap::new();
    let entries = json.iter().map(|(name, value)| (name.as_str(), value));
    let mut entries = MapDeserializer::<_, serde_json::Error>::new(entries);
    // Values have been read once, so that reading them again cannot fail.
    while let Ok(Some(name)) = entries.next_key::<Cow<'_, str>>() {
        if matches!(
            base.read_property(&name, &mut entries, &mut misfits),
            Ok(false)
        ) {
            let _ = entries.next_value::<IgnoredAny>();
        }
    }
    base
}

/// A polymorphic type.
pub trait Family: Sized + fmt::Debug {
    /// The Rust type's name.
    const NAME: &'static str;

    /// The property that tells its types apart.
    const DISCRIMINATOR: &'static str;

    /// The tags of the types that this version knows.
    const TYPES: &'static [&'static str];

    /// The properties that all of its types have.
    type Base: Properties + fmt::Debug;

    /// The place of a tag in [`Self::TYPES`], where it is spelt exactly like that.
    fn place_of(tag: &str) -> Option<usize>;

    /// Reads an object of the type at that place.
    ///
    /// # Errors
    ///
    /// Those of the input.
    fn read_at<'de, A: MapAccess<'de>>(
        place: usize,
        opened: Opened<'_>,
        map: A,
    ) -> Result<Self, A::Error>;

    /// Keeps a value as it came.
    fn other(other: Box<Other<Self::Base>>) -> Self;
}

/// The part of an object that was read before its type was known.
#[derive(Debug)]
pub struct Opened<'de> {
    tag: Option<Cow<'de, str>>,
    entries: Vec<(String, Value)>,
}

/// Reads an object as that type, of which a part may have been read before.
///
/// # Errors
///
/// Those of the input.
pub fn read_subtype<'de, F: Family, T: Object, A: MapAccess<'de>>(
    opened: Opened<'_>,
    mut map: A,
) -> Result<Box<T>, A::Error> {
    let mut object = Box::<T>::default();
    let mut rest = JsonMap::new();
    if !opened.entries.is_empty() {
        let mut entries = MapDeserializer::<_, serde_json::Error>::new(opened.entries.into_iter());
        object::read_into(&mut *object, &mut rest, &mut entries).map_err(A::Error::custom)?;
    }
    object::read_into(&mut *object, &mut rest, &mut map)?;
    if !rest.is_empty() {
        rest.remove(F::DISCRIMINATOR);
    }
    if let Some(tag) = opened.tag {
        // An unusual spelling, which is written back as it came.
        rest.insert(F::DISCRIMINATOR.to_owned(), tag.into());
    }
    object.set_rest(rest);
    Ok(object)
}

/// Reads an object of the type that it says it is.
///
/// # Errors
///
/// Those of the input.
pub fn read_family<'de, F: Family, A: MapAccess<'de>>(mut map: A) -> Result<F, A::Error> {
    let mut entries = Vec::new();
    while let Some(Key(name)) = map.next_key()? {
        if name != F::DISCRIMINATOR {
            entries.push((name.into_owned(), map.next_value()?));
            continue;
        }
        let (tag, reason) = match map.next_value()? {
            Tag::Text(tag) => match place_of::<F>(&tag) {
                Some((place, is_usual)) => {
                    let tag = (!is_usual).then_some(tag);
                    return F::read_at(place, Opened { tag, entries }, map);
                }
                None => (tag.into(), OtherReason::UnknownType),
            },
            Tag::Odd(value) => (value, OtherReason::TypeIsNoString),
        };
        entries.push((name.into_owned(), tag));
        return keep_whole(entries, reason, map);
    }
    keep_whole(entries, OtherReason::NoType, map)
}

/// Keeps an object of which a part may have been read before.
///
/// # Errors
///
/// Those of the input.
pub fn keep_opened<'de, F: Family, A: MapAccess<'de>>(
    opened: Opened<'_>,
    map: A,
) -> Result<F, A::Error> {
    let mut entries = opened.entries;
    entries.extend(
        opened
            .tag
            .map(|tag| (F::DISCRIMINATOR.to_owned(), tag.into())),
    );
    keep_whole(entries, OtherReason::UnknownType, map)
}

fn keep_whole<'de, F: Family, A: MapAccess<'de>>(
    entries: Vec<(String, Value)>,
    reason: OtherReason,
    mut map: A,
) -> Result<F, A::Error> {
    let mut json: JsonMap = entries.into_iter().collect();
    while let Some((name, value)) = map.next_entry()? {
        json.insert(name, value);
    }
    Ok(F::other(Other::of(Value::Object(json), reason)))
}

/// Keeps a value that is no object.
pub fn no_object<F: Family>(value: impl Into<Value>) -> F {
    F::other(Other::of(value.into(), OtherReason::NoObject))
}

/// Keeps a list where an object should be.
///
/// # Errors
///
/// Those of the input.
pub fn no_object_but_list<'de, F: Family, A: SeqAccess<'de>>(
    sequence: A,
) -> Result<Fit<F>, A::Error> {
    Value::deserialize(SeqAccessDeserializer::new(sequence)).map(|list| Fit::Fits(no_object(list)))
}

/// The place of a tag, and whether it is spelt as usual: with `#` in front, and in the fragment's case.
fn place_of<F: Family>(tag: &str) -> Option<(usize, bool)> {
    if let Some(place) = F::place_of(tag) {
        return Some((place, true));
    }
    let bare = |tag: &str| tag.trim_start_matches('#').to_ascii_lowercase();
    let wanted = bare(tag);
    let place = F::TYPES.iter().position(|known| bare(known) == wanted)?;
    Some((place, false))
}

/// Writes an object with its tag in front.
///
/// # Errors
///
/// Those of the output.
pub fn write_subtype<F: Family, T: Object, S: Serializer>(
    object: &T,
    place: usize,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry(F::DISCRIMINATOR, type_name::<F, T>(object, place))?;
    object::write_object(object, Some(F::DISCRIMINATOR), &mut map)?;
    map.end()
}

/// The tag of an object: the usual one, unless it came in another spelling.
pub fn type_name<F: Family, T: Object>(object: &T, place: usize) -> &str {
    let usual = F::TYPES.get(place).copied().unwrap_or_default();
    match object.rest().get(F::DISCRIMINATOR) {
        Some(Value::String(tag)) if place_of::<F>(tag).is_some_and(|(own, _)| own == place) => tag,
        _ => usual,
    }
}

/// What says which type an object is.
enum Tag<'de> {
    Text(Cow<'de, str>),
    Odd(Value),
}

impl<'de> Deserialize<'de> for Tag<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TagVisitor)
    }
}

struct TagVisitor;

impl<'de> Visitor<'de> for TagVisitor {
    type Value = Tag<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a type")
    }

    fn visit_borrowed_str<E>(self, tag: &'de str) -> Result<Tag<'de>, E> {
        Ok(Tag::Text(Cow::Borrowed(tag)))
    }

    fn visit_str<E>(self, tag: &str) -> Result<Tag<'de>, E> {
        Ok(Tag::Text(Cow::Owned(tag.to_owned())))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tag<'de>, E> {
        Ok(Tag::Odd(flag.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tag<'de>, E> {
        Ok(Tag::Odd(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tag<'de>, E> {
        Ok(Tag::Odd(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tag<'de>, E> {
        Ok(Tag::Odd(number.into()))
    }

    fn visit_unit<E>(self) -> Result<Tag<'de>, E> {
        Ok(Tag::Odd(Value::Null))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Tag<'de>, A::Error> {
        let map = serde::de::value::MapAccessDeserializer::new(map);
        Value::deserialize(map).map(Tag::Odd)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Tag<'de>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(sequence)).map(Tag::Odd)
    }
}

/// Reads a polymorphic value that stands alone: null, too, is kept as it came.
///
/// # Errors
///
/// Those of the input.
pub fn read_alone<'de, F: Family + Wire, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<F, D::Error> {
    Ok(match Fit::deserialize(deserializer)? {
        Fit::Fits(value) => value,
        Fit::Null => no_object(Value::Null),
        Fit::Misfit(value) => no_object(value),
    })
}
