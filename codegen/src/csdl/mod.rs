//! Reads OData metadata (CSDL in XML), the service's own data model: `curl 'https://graph.microsoft.com/v1.0/$metadata'`.
//!
//! | step | where |
//! |---|---|
//! | XML, one definition at a time, with line and column | `xml` |
//! | definitions as plain data | `read`, `annotation` |
//! | expansion of aliases | `names` |
//! | contradictions | `check` |
//! | types as schemas of OpenAPI | [`schemas`] |
//! | entities as a description in OpenAPI | [`describe`](mod@describe) |
//!
//! Names are expanded: two texts that differ only in the aliases of their namespaces are the same [`Metadata`].

mod annotation;
mod check;
mod cursor;
pub mod describe;

mod metadata;
mod names;
mod read;
pub mod schemas;
mod xml;

use crate::diagnostic::{Position, Problem, Problems};

pub use annotation::{Annotation, Deprecation, Expression};
pub use metadata::{
    EntryPoint, Enumerated, Metadata, ServiceOperation, ServiceParameter, Structured, Type,
    TypeKind, TypeMember, TypeProperty, TypeReference, short_name,
};

/// The maximum depth of elements.
pub const DEEPEST: usize = 64;

/// The maximum length of a text, in bytes: Microsoft's whole beta has less than 16 MB.
pub const LONGEST: usize = 64 * 1024 * 1024;

/// Parses a text. `file` is its name in messages.
///
/// The text is read once, in time and memory that grow with its length.
///
/// # Errors
///
/// Returns every problem of the text, with line, column and remedy: invalid XML (the first problem only), other formats
/// than OData 4, a text that is nested too deeply or too long, definitions with a missing or invalid name or type,
/// duplicate definitions, types that extend themselves, and unknown aliases.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::csdl;
///
/// let text = r#"<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">
///   <edmx:DataServices>
///     <Schema Namespace="library" Alias="self" xmlns="http://docs.oasis-open.org/odata/ns/edm">
///       <EntityType Name="book">
///         <Key><PropertyRef Name="id" /></Key>
///         <Property Name="id" Type="Edm.String" Nullable="false" />
///         <Property Name="sequel" Type="self.book" />
///       </EntityType>
///     </Schema>
///   </edmx:DataServices>
/// </edmx:Edmx>"#;
/// let metadata = csdl::parse("library.xml", text)?;
/// let book = metadata.structured("library.book").ok_or("no book")?;
/// assert_eq!(book.properties[1].type_.name, "library.book");
///
/// let broken = text.replace("self.book", "slef.book");
/// let problems = csdl::parse("library.xml", &broken).unwrap_err();
/// assert!(problems.to_string().contains("library.xml:7:"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse(file: &str, text: &str) -> Result<Metadata, Problems> {
    read::read(file, text).map_err(|problems| problems.with_source(text))
}

fn problem(
    file: &str,
    rule: &'static str,
    position: Position,
    path: &str,
    message: String,
    help: &str,
) -> Problem {
    Problem {
        rule,
        message,
        file: file.to_owned(),
        position: Some(position),
        pointer: path.to_owned(),
        help: help.to_owned(),
    }
}

#[cfg(test)]
mod tests;
