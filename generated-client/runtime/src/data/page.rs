//! A page of a collection.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

use super::JsonMap;
use super::wire::{Fit, Key, Wire, Written};

const VALUE: &str = "value";
const NEXT_LINK: &str = "@odata.nextLink";
const COUNT: &str = "@odata.count";

/// A page of a collection.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items; none where the service sent null.
    pub value: Vec<T>,
    /// Where the next page is: an opaque, absolute URL. A page may be empty and still have one. `@odata.nextLink`
    /// on the wire.
    pub next_link: Option<String>,
    /// How many items there are on all pages, where `$count=true` asked for it. `@odata.count` on the wire.
    pub count: Option<i64>,
    /// What stood in `value` and is no item of this type, such as null.
    pub odd_items: Vec<OddItem>,
    /// Properties that this version does not know, and values that do not fit the type of their property, as they
    /// came. They are written back.
    pub additional_properties: JsonMap,
}

/// What stood in a page and is no item of its type.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OddItem {
    /// How many items came before it, those that are odd included.
    pub index: usize,
    /// What the service sent.
    pub value: Value,
}

impl<T> Page<T> {
    /// Whether the page has no items. There may be another page all the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// How many items the page has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// The items.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.value.iter()
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            value: Vec::new(),
            next_link: None,
            count: None,
            odd_items: Vec::new(),
            additional_properties: JsonMap::new(),
        }
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.value.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Wire> Page<T> {
    fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut page = Self::default();
        while let Some(Key(name)) = map.next_key()? {
            let odd = match name.as_ref() {
                VALUE => match map.next_value()? {
                    Fit::Fits(Items { items, odd }) => {
                        page.value = items;
                        page.odd_items = odd;
                        None
                    }
                    Fit::Null => Some(Value::Null),
                    Fit::Misfit(value) => Some(value),
                },
                NEXT_LINK => keep(map.next_value()?, &mut page.next_link),
                COUNT => keep(map.next_value()?, &mut page.count),
                _ => Some(map.next_value()?),
            };
            if let Some(odd) = odd {
                page.additional_properties.insert(name.into_owned(), odd);
            }
        }
        Ok(page)
    }

    fn write_items<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence =
            serializer.serialize_seq(Some(self.value.len() + self.odd_items.len()))?;
        let mut written = 0;
        let mut odd = self.odd_items.iter().peekable();
        for item in &self.value {
            while let Some(odd) = odd.next_if(|odd| odd.index <= written) {
                sequence.serialize_element(&odd.value)?;
                written += 1;
            }
            sequence.serialize_element(&Written(item))?;
            written += 1;
        }
        for odd in odd {
            sequence.serialize_element(&odd.value)?;
        }
        sequence.end()
    }
}

/// Takes a value that fits; gives back what does not.
fn keep<T>(fit: Fit<T>, place: &mut Option<T>) -> Option<Value> {
    match fit {
        Fit::Fits(value) => {
            *place = Some(value);
            None
        }
        Fit::Null => Some(Value::Null),
        Fit::Misfit(value) => Some(value),
    }
}

struct Items<T> {
    items: Vec<T>,
    odd: Vec<OddItem>,
}

impl<T: Wire> Wire for Items<T> {
    const EXPECTED: &'static str = "a list";

    fn from_seq<'de, A: SeqAccess<'de>>(mut sequence: A) -> Result<Fit<Self>, A::Error> {
        let (mut items, mut odd) = (Vec::new(), Vec::new());
        while let Some(fit) = sequence.next_element()? {
            let value = match fit {
                Fit::Fits(item) => {
                    items.push(item);
                    continue;
                }
                Fit::Null => Value::Null,
                Fit::Misfit(value) => value,
            };
            let index = items.len() + odd.len();
            odd.push(OddItem { index, value });
        }
        Ok(Fit::Fits(Self { items, odd }))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.write(serializer)
    }
}

impl<T: Wire> Wire for Page<T> {
    const EXPECTED: &'static str = "an object";

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        Self::read(map).map(Fit::Fits)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.additional_properties {
            let is_written = match name.as_str() {
                VALUE => !self.value.is_empty(),
                NEXT_LINK => self.next_link.is_some(),
                COUNT => self.count.is_some(),
                _ => false,
            };
            if !is_written {
                map.serialize_entry(name, value)?;
            }
        }
        if let Some(count) = self.count {
            map.serialize_entry(COUNT, &count)?;
        }
        if !self.value.is_empty() || !self.additional_properties.contains_key(VALUE) {
            map.serialize_entry(VALUE, &PageItems(self))?;
        }
        if let Some(next_link) = &self.next_link {
            map.serialize_entry(NEXT_LINK, next_link)?;
        }
        map.end()
    }
}

struct PageItems<'a, T>(&'a Page<T>);

impl<T: Wire> Serialize for PageItems<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write_items(serializer)
    }
}

impl<T: Wire> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write(serializer)
    }
}

impl<'de, T: Wire> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PageVisitor(PhantomData))
    }
}

struct PageVisitor<T>(PhantomData<T>);

impl<'de, T: Wire> Visitor<'de> for PageVisitor<T> {
    type Value = Page<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a page: an object with a list in `value`")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Page<T>, A::Error> {
        Page::read(map)
    }
}
