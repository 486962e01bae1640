//! The types that stand in properties: texts, numbers, lists and open JSON.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize as _, MapAccess, SeqAccess};
use serde::ser::{SerializeSeq as _, Serializer};
use serde_json::Value;
use uuid::Uuid;

use super::JsonMap;
use super::wire::{Fit, Wire, Written};

impl Wire for String {
    const EXPECTED: &'static str = "a string";

    #[inline]
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn from_owned_text(text: String) -> Result<Self, String> {
        Ok(text)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Wire for bool {
    const EXPECTED: &'static str = "a boolean";

    fn from_bool(flag: bool) -> Option<Self> {
        Some(flag)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }
}

impl Wire for i64 {
    const EXPECTED: &'static str = "a whole number of 64 bits";

    fn from_i64(number: i64) -> Option<Self> {
        Some(number)
    }

    fn from_f64(number: f64) -> Option<Self> {
        whole(number)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(*self)
    }
}

impl Wire for i32 {
    const EXPECTED: &'static str = "a whole number of 32 bits";

    fn from_i64(number: i64) -> Option<Self> {
        number.try_into().ok()
    }

    fn from_f64(number: f64) -> Option<Self> {
        whole(number).and_then(|number| number.try_into().ok())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(*self)
    }
}

impl Wire for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_i64(number: i64) -> Option<Self> {
        // Only where nothing is lost.
        (number.unsigned_abs() <= EXACT).then_some(number as f64)
    }

    fn from_f64(number: f64) -> Option<Self> {
        Some(number)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(*self)
    }
}

/// The largest whole number up to which a floating-point number has all of them.
const EXACT: u64 = 1 << 53;

/// `12.0` is a whole number; `12.5` and what a floating-point number cannot hold exactly are not.
fn whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() <= EXACT as f64;
    is_whole.then_some(number as i64)
}

impl Wire for Uuid {
    const EXPECTED: &'static str = "a GUID";

    fn from_text(text: &str) -> Option<Self> {
        // Only the form that the service sends; others would not be written back as they came.
        (text.len() == 36)
            .then(|| Uuid::try_parse(text).ok())
            .flatten()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Wire for Value {
    const EXPECTED: &'static str = "any value";

    fn from_text(text: &str) -> Option<Self> {
        Some(text.into())
    }

    fn from_bool(flag: bool) -> Option<Self> {
        Some(flag.into())
    }

    fn from_i64(number: i64) -> Option<Self> {
        Some(number.into())
    }

    fn from_u64(number: u64) -> Option<Self> {
        Some(number.into())
    }

    fn from_f64(number: f64) -> Option<Self> {
        Some(number.into())
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Fit::Fits)
    }

    fn from_seq<'de, A: SeqAccess<'de>>(sequence: A) -> Result<Fit<Self>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(sequence)).map(Fit::Fits)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(self, serializer)
    }
}

impl Wire for JsonMap {
    const EXPECTED: &'static str = "an object";

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        JsonMap::deserialize(MapAccessDeserializer::new(map)).map(Fit::Fits)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(self, serializer)
    }
}

impl<T: Wire> Wire for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(Box::new)
    }

    fn from_bool(flag: bool) -> Option<Self> {
        T::from_bool(flag).map(Box::new)
    }

    fn from_i64(number: i64) -> Option<Self> {
        T::from_i64(number).map(Box::new)
    }

    fn from_f64(number: f64) -> Option<Self> {
        T::from_f64(number).map(Box::new)
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        T::from_map(map).map(boxed)
    }

    fn from_seq<'de, A: SeqAccess<'de>>(sequence: A) -> Result<Fit<Self>, A::Error> {
        T::from_seq(sequence).map(boxed)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::write(self, serializer)
    }
}

fn boxed<T>(fit: Fit<T>) -> Fit<Box<T>> {
    match fit {
        Fit::Fits(value) => Fit::Fits(Box::new(value)),
        Fit::Null => Fit::Null,
        Fit::Misfit(value) => Fit::Misfit(value),
    }
}

impl<T: Wire> Wire for Vec<T> {
    const EXPECTED: &'static str = "a list whose items fit its type";

    fn from_seq<'de, A: SeqAccess<'de>>(mut sequence: A) -> Result<Fit<Self>, A::Error> {
        let mut items = Vec::new();
        while let Some(fit) = sequence.next_element()? {
            match fit {
                Fit::Fits(item) => items.push(item),
                Fit::Null => match T::from_null_item() {
                    Some(item) => items.push(item),
                    None => return kept_whole(&items, Value::Null, sequence),
                },
                Fit::Misfit(value) => return kept_whole(&items, value, sequence),
            }
        }
        Ok(Fit::Fits(items))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.len()))?;
        for item in self {
            sequence.serialize_element(&Written(item))?;
        }
        sequence.end()
    }
}

/// The whole list as JSON, because one of its items does not fit.
fn kept_whole<'de, T: Wire, A: SeqAccess<'de>>(
    items: &[T],
    odd: Value,
    mut sequence: A,
) -> Result<Fit<Vec<T>>, A::Error> {
    let mut list = Vec::with_capacity(items.len() + 1);
    for item in items {
        list.push(serde_json::to_value(Written(item)).map_err(serde::de::Error::custom)?);
    }
    list.push(odd);
    while let Some(value) = sequence.next_element::<Value>()? {
        list.push(value);
    }
    Ok(Fit::Misfit(Value::Array(list)))
}
