//! The attributes and children of each element: a misspelt one would count as absent, and an unknown one have no effect.

use crate::csdl::xml::Element;

use super::Reader;

/// An element, its attributes, and those of its children that are read or do not affect data.
type Known = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const KNOWN: [Known; 19] = [
    ("Schema", &["Namespace", "Alias"], &[]),
    (
        "EntityType",
        &["Name", "BaseType", "Abstract", "OpenType", "HasStream"],
        ANY,
    ),
    (
        "ComplexType",
        &["Name", "BaseType", "Abstract", "OpenType"],
        ANY,
    ),
    ("EnumType", &["Name", "UnderlyingType", "IsFlags"], ANY),
    ("Member", &["Name", "Value"], &["Annotation"]),
    ("TypeDefinition", &TYPED, &["Annotation"]),
    ("Key", &[], &["PropertyRef"]),
    ("PropertyRef", &["Name", "Alias"], &[]),
    ("Property", &TYPED, &["Annotation"]),
    (
        "NavigationProperty",
        &["Name", "Type", "Nullable", "Partner", "ContainsTarget"],
        &["Annotation", "ReferentialConstraint", "OnDelete"],
    ),
    ("Action", &["Name", "IsBound", "EntitySetPath"], ANY),
    (
        "Function",
        &["Name", "IsBound", "EntitySetPath", "IsComposable"],
        ANY,
    ),
    ("Parameter", &TYPED, &["Annotation"]),
    ("ReturnType", &TYPED, &["Annotation"]),
    ("EntityContainer", &["Name"], ANY),
    (
        "EntitySet",
        &["Name", "EntityType", "IncludeInServiceDocument"],
        &["Annotation", "NavigationPropertyBinding"],
    ),
    (
        "Singleton",
        &["Name", "Type", "Nullable"],
        &["Annotation", "NavigationPropertyBinding"],
    ),
    ("Annotations", &["Target"], &["Annotation"]),
    ("Annotation", ANNOTATION, ANY),
];

/// Children that the reader of the element reports itself.
const ANY: &[&str] = &["*"];

const TYPED: [&str; 10] = [
    "Name",
    "Type",
    "UnderlyingType",
    "Nullable",
    "DefaultValue",
    "MaxLength",
    "Unicode",
    "Precision",
    "Scale",
    "SRID",
];

/// The attributes of an annotation: its term, or its value.
const ANNOTATION: &[&str] = &[
    "Term",
    "Qualifier",
    "Bool",
    "String",
    "Int",
    "Decimal",
    "Float",
    "Date",
    "DateTimeOffset",
    "Duration",
    "Guid",
    "TimeOfDay",
    "Binary",
    "EnumMember",
    "Path",
    "PropertyPath",
    "NavigationPropertyPath",
    "AnnotationPath",
    "AnyPropertyPath",
    "ModelElementPath",
];

impl Reader {
    /// Reports misspelt attributes and values that are neither true nor false, and counts what is not known.
    pub(super) fn check_known(&mut self, element: &Element) {
        self.check_truth(element);
        let known = KNOWN.iter().find(|(name, ..)| *name == element.name);
        if let Some((_, attributes, children)) = known {
            self.check_attributes(element, attributes);
            for child in &element.children {
                if *children != ANY && !children.contains(&child.name.as_str()) {
                    self.left_out(&child.name, child.position);
                }
            }
        }
        for child in &element.children {
            self.check_known(child);
        }
    }

    fn check_attributes(&mut self, element: &Element, known: &[&str]) {
        for (name, _) in &element.attributes {
            if known.contains(&name.as_str()) {
                continue;
            }
            match known.iter().find(|other| name.eq_ignore_ascii_case(other)) {
                Some(other) => self.report(
                    "misspelt-attribute",
                    element.position,
                    element.attribute("Name").unwrap_or(&element.name),
                    format!("`{}` has no attribute `{name}`", element.name),
                    &format!("did you mean `{other}`?"),
                ),
                None => self.left_out(&format!("{} {name}", element.name), element.position),
            }
        }
    }

    /// A value that is neither true nor false would count as absent.
    fn check_truth(&mut self, element: &Element) {
        let value = match element.name.as_str() {
            "Bool" => Some(element.text.trim()),
            "Annotation" | "PropertyValue" => element.attribute("Bool"),
            _ => None,
        };
        if let Some(value) = value.filter(|value| !["true", "1", "false", "0"].contains(value)) {
            let names = ["Term", "Property"].into_iter();
            let name = names.filter_map(|name| element.attribute(name)).next();
            self.report(
                "not-a-boolean",
                element.position,
                name.unwrap_or(&element.name),
                format!("`Bool` is `{value}`, neither `true` nor `false`"),
                "write `true` or `false`",
            );
        }
    }
}
