//! Annotations: statements of metadata about its own parts.

use super::xml::Element;

/// A statement about a part of the metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// The qualified name of its term.
    pub term: String,
    /// Distinguishes several annotations with one term.
    pub qualifier: Option<String>,
    /// Its value.
    pub value: Expression,
}

/// The value of an annotation.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// `true` or `false`; an annotation without a value means `true`.
    Bool(bool),
    /// A string, a number, a date or a path, as written.
    Text(String),
    /// Members of an enumeration, such as `Org.OData.Core.V1.Permission/Read`.
    Members(Vec<String>),
    /// A list.
    Collection(Vec<Expression>),
    /// Values by name.
    Record(Vec<(String, Expression)>),
    /// A computed expression, by the name of its element.
    Other(String),
}

impl Expression {
    /// Returns the boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Returns the string, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a value of a record.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Expression> {
        match self {
            Self::Record(values) => values
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the items of a list; any other value is a list of one.
    #[must_use]
    pub fn items(&self) -> &[Expression] {
        match self {
            Self::Collection(items) => items,
            other => std::slice::from_ref(other),
        }
    }
}

/// A deprecation (`Org.OData.Core.V1.Revisions`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deprecation {
    /// The day of the announcement.
    pub date: Option<String>,
    /// The day of the possible removal.
    pub removal_date: Option<String>,
    /// The name of the announcement.
    pub version: Option<String>,
    /// The reason, and the replacement, in the service's words.
    pub text: Option<String>,
}

impl Deprecation {
    /// The latest revision that deprecates.
    pub(super) fn of(revisions: &Expression) -> Option<Self> {
        let text = |revision: &Expression, name: &str| {
            revision
                .get(name)
                .and_then(Expression::as_text)
                .map(str::to_owned)
        };
        revisions
            .items()
            .iter()
            .filter(|revision| match revision.get("Kind") {
                Some(Expression::Members(members)) => {
                    members.iter().any(|member| member.ends_with("/Deprecated"))
                }
                _ => false,
            })
            .map(|revision| Self {
                date: text(revision, "Date"),
                removal_date: text(revision, "RemovalDate"),
                version: text(revision, "Version"),
                text: text(revision, "Description"),
            })
            .max_by(|left, right| left.date.cmp(&right.date))
    }
}

/// Reads `<Annotation>`; the name of its term is as written.
pub(super) fn read(element: &Element) -> Annotation {
    Annotation {
        term: element.attribute("Term").unwrap_or_default().to_owned(),
        qualifier: element.attribute("Qualifier").map(str::to_owned),
        value: value_of(element).unwrap_or(Expression::Bool(true)),
    }
}

/// The value of an element, from its attributes or its content.
fn value_of(element: &Element) -> Option<Expression> {
    element
        .attributes
        .iter()
        .find_map(|(name, value)| constant(name, value))
        .or_else(|| {
            let mut children = element
                .children
                .iter()
                .filter(|child| child.name != "Annotation");
            children.next().map(expression)
        })
}

/// A value in an attribute or an element with that name.
fn constant(name: &str, value: &str) -> Option<Expression> {
    match name {
        "Bool" => match value {
            "true" | "1" => Some(Expression::Bool(true)),
            "false" | "0" => Some(Expression::Bool(false)),
            other => Some(Expression::Text(other.to_owned())),
        },
        "EnumMember" => Some(Expression::Members(
            value.split_whitespace().map(str::to_owned).collect(),
        )),
        "String"
        | "Int"
        | "Decimal"
        | "Float"
        | "Date"
        | "DateTimeOffset"
        | "Duration"
        | "Guid"
        | "TimeOfDay"
        | "Binary"
        | "Path"
        | "PropertyPath"
        | "NavigationPropertyPath"
        | "AnnotationPath"
        | "AnyPropertyPath"
        | "ModelElementPath" => Some(Expression::Text(value.to_owned())),
        _ => None,
    }
}

fn expression(element: &Element) -> Expression {
    match element.name.as_str() {
        "Collection" => Expression::Collection(element.children.iter().map(expression).collect()),
        "Record" => Expression::Record(
            element
                .children
                .iter()
                .filter(|child| child.name == "PropertyValue")
                .map(|child| {
                    (
                        child.attribute("Property").unwrap_or_default().to_owned(),
                        value_of(child).unwrap_or(Expression::Bool(true)),
                    )
                })
                .collect(),
        ),
        name => constant(name, element.text.trim())
            .unwrap_or_else(|| Expression::Other(name.to_owned())),
    }
}
