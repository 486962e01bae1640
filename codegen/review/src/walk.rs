//! The role of a part of a description: a keyword's value, a map of free names, or data that only looks like a
//! description.

/// The role of a mapping's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Keywords of the specification.
    Keywords,
    /// Names that the description chose: of properties, schemas, paths, headers.
    Names,
    /// Data outside the specification: an example, a default, a member of an enumeration, an extension.
    Data,
}

/// Keywords whose value is a map of names.
const MAPS: [&str; 23] = [
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
    "mediaTypes",
    "paths",
    "webhooks",
    "content",
    "encoding",
    "variables",
    "scopes",
    "additionalOperations",
];

impl Keys {
    /// The role of the keys below an entry.
    pub(crate) fn below(self, key: &str) -> Self {
        match self {
            Self::Data => Self::Data,
            Self::Names => Self::Keywords,
            Self::Keywords if is_data(key) => Self::Data,
            Self::Keywords if MAPS.contains(&key) => Self::Names,
            Self::Keywords => Self::Keywords,
        }
    }

    /// The role of the keys of a list's items.
    pub(crate) fn of_items(self, key: &str) -> Self {
        match self {
            // `examples` of a schema is a list of values; `examples` of a media type is a map of names.
            Self::Names if key == "examples" => Self::Data,
            Self::Names => Self::Keywords,
            other => other,
        }
    }
}

fn is_data(key: &str) -> bool {
    key.starts_with("x-")
        || matches!(
            key,
            "example" | "default" | "enum" | "const" | "value" | "dataValue" | "serializedValue"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_and_enum_members_are_data_but_properties_of_that_name_are_not() {
        assert_eq!(Keys::Keywords.below("example"), Keys::Data);
        assert_eq!(Keys::Keywords.below("enum"), Keys::Data);
        let properties = Keys::Keywords.below("properties");
        assert_eq!(properties, Keys::Names);
        assert_eq!(properties.below("example"), Keys::Keywords);
        assert_eq!(
            Keys::Keywords.below("examples").below("one").below("value"),
            Keys::Data
        );
        assert_eq!(
            Keys::Keywords.below("examples").of_items("examples"),
            Keys::Data
        );
    }
}
