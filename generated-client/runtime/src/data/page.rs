//! A page of a collection.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::JsonMap;
use super::nulls::Nulls;
use super::read::Whole;
use super::slot::{
    Beside, BesideMut, List, Object, Outcome, Properties, Scalar, Shape, Slot, Target,
};
use super::view::{View, ViewItems};
use super::wire::Wire;

const VALUE: &str = "value";
const NAMES: &[&str] = &[VALUE, "@odata.nextLink", "@odata.count", "@odata.deltaLink"];

/// A page of a collection.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items; none if the service sent null.
    pub value: Vec<T>,
    /// The opaque, absolute URL of the next page. Even an empty page may have one. `@odata.nextLink` on the wire.
    pub next_link: Option<String>,
    /// The number of items on all pages, if `$count=true` requested it. `@odata.count` on the wire.
    pub count: Option<i64>,
    /// The opaque, absolute URL of the changes after this listing, on the last page of a delta listing.
    /// `@odata.deltaLink` on the wire.
    pub delta_link: Option<String>,
    /// Entries of `value` that are not items of this type, such as null.
    pub invalid_items: Vec<InvalidItem>,
    /// Unknown properties, and values that do not fit the type of their property, unchanged. They are written back.
    pub additional_properties: JsonMap,
    nulls: Nulls<1>,
}

/// An entry of a page that is not an item of its type.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct InvalidItem {
    /// The number of entries before it, including invalid ones.
    pub index: usize,
    /// What the service sent.
    pub value: Value,
}

impl<T> Page<T> {
    /// Returns whether the page has no items. There may still be another page.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// Returns the number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// Returns the items.
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
            delta_link: None,
            invalid_items: Vec::new(),
            additional_properties: JsonMap::new(),
            nulls: Nulls::default(),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Page<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Page")
            .field("value", &self.value)
            .field("next_link", &self.next_link)
            .field("count", &self.count)
            .field("delta_link", &self.delta_link)
            .field("invalid_items", &self.invalid_items)
            .field("additional_properties", &self.additional_properties)
            .finish_non_exhaustive()
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

impl<T: Wire> Properties for Page<T> {
    fn slot(&self, index: usize) -> Option<&dyn Slot> {
        match index {
            0 => Some(self),
            1 => Some(&self.next_link),
            2 => Some(&self.count),
            3 => Some(&self.delta_link),
            _ => None,
        }
    }

    fn slot_mut(&mut self, index: usize) -> Option<&mut dyn Slot> {
        match index {
            0 => Some(self),
            1 => Some(&mut self.next_link),
            2 => Some(&mut self.count),
            3 => Some(&mut self.delta_link),
            _ => None,
        }
    }

    fn beside(&self) -> Beside<'_> {
        const FIELDS: &[&str] = &[VALUE, "next_link", "count", "delta_link"];
        static SHAPE: Shape = Shape::new("Page", NAMES, FIELDS);
        Beside {
            shape: &SHAPE,
            nulls: self.nulls.words(),
            rest: Some(&self.additional_properties),
        }
    }

    fn beside_mut(&mut self) -> BesideMut<'_> {
        BesideMut {
            nulls: self.nulls.words_mut(),
            rest: Some(&mut self.additional_properties),
        }
    }
}

impl<T: Wire> Object for Page<T> {}

/// The place of the items.
impl<T: Wire> Slot for Page<T> {
    fn expected(&self) -> &'static str {
        "a list"
    }

    fn scalar(&mut self, scalar: Scalar<'_>) -> Outcome {
        Outcome::Misfit(scalar.into())
    }

    fn open_list(&mut self) -> Target<'_> {
        Target::List(self)
    }

    fn clear(&mut self) {
        self.value.clear();
        self.invalid_items.clear();
    }

    /// A page has its list, unless another kind of value was sent.
    fn view(&self) -> Option<View<'_>> {
        self.is_filled().then_some(View::List(self))
    }

    fn is_filled(&self) -> bool {
        let is_null = self.nulls.words().first().is_some_and(|word| word & 1 != 0);
        let is_misfit = self.additional_properties.contains_key(VALUE);
        !self.value.is_empty() || !self.invalid_items.is_empty() || !(is_null || is_misfit)
    }

    fn shown(&self) -> Option<&dyn fmt::Debug> {
        Some(&self.value)
    }
}

impl<T: Wire> List for Page<T> {
    fn item_bytes(&self) -> usize {
        size_of::<T>()
    }

    fn item(&mut self, read: &mut dyn FnMut(&mut dyn Slot) -> bool) {
        let mut item = None;
        if read(&mut item) {
            self.value.extend(item);
        }
    }

    fn misfit(&mut self, value: Value) -> Option<Vec<Value>> {
        let index = self.value.len() + self.invalid_items.len();
        self.invalid_items.push(InvalidItem { index, value });
        None
    }
}

/// The items, with the invalid ones at their positions.
impl<T: Wire> ViewItems for Page<T> {
    fn each(&self, put: &mut dyn FnMut(View<'_>) -> bool) {
        let mut written = 0;
        let mut invalid = self.invalid_items.iter().peekable();
        for item in &self.value {
            while let Some(invalid) = invalid.next_if(|invalid| invalid.index <= written) {
                if !put(View::Json(&invalid.value)) {
                    return;
                }
                written += 1;
            }
            if !put(item.view()) {
                return;
            }
            written += 1;
        }
        for invalid in invalid {
            if !put(View::Json(&invalid.value)) {
                return;
            }
        }
    }
}

impl<T: Wire> Wire for Page<T> {
    const EXPECTED: &'static str = "an object";
    const HAS_ITEMS: bool = true;

    fn whole() -> Cow<'static, str> {
        "a page: an object with a list in `value`".into()
    }

    fn open_map(slot: &mut Option<Self>) -> Target<'_> {
        Target::Object(slot.insert(Self::default()))
    }

    fn view(&self) -> View<'_> {
        View::Object(self)
    }
}

impl<T: Wire> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        View::Object(self).serialize(serializer)
    }
}

impl<'de, T: Wire> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut slot = None;
        Whole::read(&mut slot, deserializer)?;
        Ok(slot.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::data::object::unreadable;

    fn read(json: &Value) -> Page<String> {
        serde_json::from_value(json.clone()).unwrap()
    }

    #[test]
    fn a_page_is_serialized_as_it_was_read() {
        for json in [
            json!({"value": ["a", null, 5, "b", {}, []], "@odata.nextLink": "n", "@odata.count": 6}),
            json!({"value": [], "@odata.deltaLink": "d", "other": 1}),
            json!({"value": 7}),
            json!({"value": null}),
        ] {
            assert_eq!(serde_json::to_value(read(&json)).unwrap(), json);
        }
    }

    #[test]
    fn a_page_iterates_over_its_items() {
        let page = read(&json!({"value": ["a", 5, "b"], "@odata.deltaLink": "d"}));
        assert_eq!((&page).into_iter().collect::<Vec<_>>(), ["a", "b"]);
        let shown = format!("{page:?}");
        for part in ["\"a\"", "\"b\"", "\"d\"", "invalid_items"] {
            assert!(shown.contains(part), "{shown}");
        }
    }

    #[test]
    fn a_value_in_place_of_the_items_is_named() {
        let page = read(&json!({"value": 7}));
        let unreadable: Vec<String> = unreadable(&page).map(|found| found.to_string()).collect();
        assert_eq!(unreadable, ["`value`: expected a list, found a number"]);
    }
}
