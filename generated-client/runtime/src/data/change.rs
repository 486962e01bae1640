//! The change of a property in an update: leave it, clear it, or set it.

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A change of a nullable property: leave, clear or set.
///
/// # Examples
///
/// ```
/// use graph_client_runtime::Change;
///
/// let owner = Change::Set("analyst@contoso.example".to_owned());
/// assert_eq!(owner.set_value().map(String::as_str), Some("analyst@contoso.example"));
/// assert!(Change::<String>::default().is_leave());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Change<T> {
    /// Leaves the property unchanged: it is not sent.
    #[default]
    Leave,
    /// Clears the property: `null` is sent.
    Clear,
    /// Sets the property.
    Set(T),
}

impl<T> Change<T> {
    /// Returns whether the property stays unchanged.
    #[must_use]
    pub fn is_leave(&self) -> bool {
        matches!(self, Self::Leave)
    }

    /// Returns whether the property is cleared.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        matches!(self, Self::Clear)
    }

    /// Returns the value that the property is set to.
    #[must_use]
    pub fn set_value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Leave | Self::Clear => None,
        }
    }
}

impl<T> From<T> for Change<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

/// The containing struct omits [`Change::Leave`]; here, it can only be null.
impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => value.serialize(serializer),
            Self::Leave | Self::Clear => serializer.serialize_unit(),
        }
    }
}

/// Null clears. The containing struct handles an absent property.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_clears_and_a_value_sets() {
        let read = |value| serde_json::from_value::<Change<String>>(value).unwrap();
        assert_eq!(read(json!(null)), Change::Clear);
        assert_eq!(read(json!("")), Change::Set(String::new()));
        assert_eq!(
            serde_json::to_value(Change::<String>::Clear).unwrap(),
            json!(null)
        );
        assert_eq!(serde_json::to_value(Change::from("x")).unwrap(), json!("x"));
    }

    #[test]
    fn a_change_leaves_or_clears_or_sets() {
        let asked = |change: Change<u8>| {
            (
                change.is_leave(),
                change.is_clear(),
                change.set_value().copied(),
            )
        };
        assert_eq!(asked(Change::Leave), (true, false, None));
        assert_eq!(asked(Change::Clear), (false, true, None));
        assert_eq!(asked(Change::Set(1)), (false, false, Some(1)));
    }
}
