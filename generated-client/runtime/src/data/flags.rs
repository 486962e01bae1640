//! Enumerations whose values are several members in one string, joined by commas.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::enumeration::OpenEnum;
use super::slot::Scalar;
use super::view::View;
use super::wire::{self, Wire};

/// A set of members: `sameActor,sameAsset` on the wire.
///
/// Members keep the order in which they were received, without duplicates; two sets with the same members are equal.
///
/// # Examples
///
/// ```
/// use graph_client_runtime::{Flags, OpenEnum};
///
/// fn is_alone<T: OpenEnum>(reasons: &Flags<T>, member: &T) -> bool {
///     reasons.len() == 1 && reasons.contains(member)
/// }
/// ```
#[derive(Clone, Eq)]
pub struct Flags<T>(Vec<T>);

impl<T> Flags<T> {
    /// Returns the members.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T: PartialEq> Flags<T> {
    /// Returns whether the set contains a member.
    #[must_use]
    pub fn contains(&self, member: &T) -> bool {
        self.0.contains(member)
    }

    /// Adds a member. Returns whether it is new.
    pub fn insert(&mut self, member: T) -> bool {
        let is_new = !self.contains(&member);
        if is_new {
            self.0.push(member);
        }
        is_new
    }
}

impl<T> Default for Flags<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: fmt::Debug> fmt::Debug for Flags<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(&self.0).finish()
    }
}

impl<T: PartialEq> PartialEq for Flags<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|member| other.contains(member))
    }
}

impl<T: PartialEq> FromIterator<T> for Flags<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut flags = Self::default();
        flags.extend(members);
        flags
    }
}

impl<T: PartialEq> Extend<T> for Flags<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, members: I) {
        for member in members {
            self.insert(member);
        }
    }
}

impl<T> IntoIterator for Flags<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Flags<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: OpenEnum> From<&str> for Flags<T> {
    fn from(text: &str) -> Self {
        let members = text
            .split(',')
            .map(str::trim)
            .filter(|member| !member.is_empty());
        members.map(T::of_text).collect()
    }
}

impl<T: OpenEnum> FromStr for Flags<T> {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl<T: OpenEnum> fmt::Display for Flags<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, member) in self.iter().enumerate() {
            if index > 0 {
                formatter.write_str(",")?;
            }
            formatter.write_str(member.as_str())?;
        }
        Ok(())
    }
}

impl<T: OpenEnum> Serialize for Flags<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: OpenEnum> Deserialize<'de> for Flags<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::strict(deserializer)
    }
}

impl<T: OpenEnum> Wire for Flags<T> {
    const EXPECTED: &'static str = "a string of members joined by commas";

    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        scalar.text().map(Self::from)
    }

    fn view(&self) -> View<'_> {
        View::Displayed(self)
    }
}

#[cfg(test)]
mod tests;
