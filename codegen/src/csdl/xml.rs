//! Reads XML one definition at a time, with the location of every element: only this file uses quick-xml.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use crate::diagnostic::{Position, Problem, Problems};

use super::cursor::{Cursor, START};
use super::{DEEPEST, LONGEST, problem};

const EDMX: &str = "http://docs.oasis-open.org/odata/ns/edmx";
const EDM: &str = "http://docs.oasis-open.org/odata/ns/edm";

/// An element with its content.
#[derive(Debug)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub(super) name: String,
    /// Attributes without a prefix, in the order of the text.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
    pub(super) position: Position,
}

impl Element {
    fn new(name: &str, attributes: Vec<(String, String)>, position: Position) -> Self {
        Self {
            name: name.to_owned(),
            attributes,
            children: Vec::new(),
            text: String::new(),
            position,
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The parts of a document, in the order of the text.
pub(super) enum Part {
    /// A schema begins; the following definitions belong to it. It has no children here.
    Schema(Element),
    /// A child of the schema.
    Definition(Element),
    /// `edmx:Reference`: another document, with aliases of its namespaces.
    Reference(Element),
    /// An element of another vocabulary than OData's.
    Unknown(String, Position),
}

/// Reads a text and returns its parts one by one, so that at most one definition is kept as XML.
pub(super) fn walk(file: &str, text: &str, mut take: impl FnMut(Part)) -> Result<(), Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LONGEST {
        let message = format!("the text has {} bytes; the limit is {LONGEST}", text.len());
        let help = "reduce it to the schemas that are needed";
        return Err(only(problem(file, "too-long", START, "#", message, help)));
    }
    let mut walk = Walk {
        file,
        text,
        cursor: Cursor::default(),
        open: Vec::new(),
        skipped: 0,
        ended: false,
    };
    let mut reader = NsReader::from_str(text);
    loop {
        let before = offset(reader.buffer_position());
        let (namespace, event) = match reader.read_resolved_event() {
            Ok(event) => event,
            Err(error) => {
                let at = offset(reader.error_position());
                return Err(walk.syntax(at, &error.to_string()));
            }
        };
        let position = walk.cursor.advance(text, before);
        match event {
            Event::Start(start) => walk.start(&namespace, &start, position, &mut take)?,
            Event::Empty(start) => {
                walk.start(&namespace, &start, position, &mut take)?;
                walk.end(&mut take);
            }
            Event::End(_) => walk.end(&mut take),
            Event::Text(content) => {
                let content = content.xml10_content();
                walk.text(&content, first_seen(&content, position))?;
            }
            Event::CData(content) => walk.text(&content.xml10_content(), position)?,
            Event::GeneralRef(reference) => walk.reference(&reference, position)?,
            Event::DocType(_) => return Err(walk.doctype(position)),
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().and_then(Result::ok);
                walk.encoding(encoding.as_deref().unwrap_or("utf-8"), position)?;
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return walk.finish(position),
        }
    }
}

/// A problem that ends the reading.
fn only(problem: Problem) -> Problems {
    let mut problems = Problems::default();
    problems.push(problem);
    problems
}

/// The position of the first character that is not white space.
fn first_seen(content: &str, position: Position) -> Position {
    let white = content.len() - content.trim_start().len();
    Cursor::at(position).advance(content, white)
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

struct Walk<'t> {
    file: &'t str,
    text: &'t str,
    cursor: Cursor,
    /// The open elements, from the root inwards.
    open: Vec<Element>,
    /// The number of open elements inside an unknown one, including it.
    skipped: usize,
    /// Whether the root is closed.
    ended: bool,
}

impl Walk<'_> {
    fn start(
        &mut self,
        namespace: &ResolveResult<'_>,
        start: &BytesStart<'_>,
        position: Position,
        take: &mut impl FnMut(Part),
    ) -> Result<(), Problems> {
        let name = start.local_name().as_ref().to_owned();
        if self.open.len() + self.skipped >= DEEPEST {
            let message = format!("elements are nested more than {DEEPEST} deep");
            return Err(self.problem(
                "too-deep",
                position,
                message,
                "use the unchanged `$metadata` of the service",
            ));
        }
        if self.open.is_empty() {
            self.root(namespace, &name, position)?;
        }
        let is_known = matches!(namespace, ResolveResult::Bound(Namespace(EDM | EDMX)));
        if self.skipped > 0 || !is_known {
            if self.skipped == 0 {
                take(Part::Unknown(name, position));
            }
            self.skipped += 1;
            return Ok(());
        }
        let element = Element::new(&name, self.attributes(start, position)?, position);
        match (self.open.len(), element.name.as_str()) {
            (2, "Schema") => {
                let header = Element::new(&name, element.attributes.clone(), position);
                take(Part::Schema(header));
            }
            (1, "DataServices" | "Reference") | (0, _) | (3.., _) => {}
            (2, _) if !self.is_in_schemas() => {}
            (_, name) => {
                let message = format!("`{name}` does not belong here");
                return Err(self.problem(
                    "unexpected-element",
                    position,
                    message,
                    "a document is an `Edmx` with a `DataServices` with schemas",
                ));
            }
        }
        self.open.push(element);
        Ok(())
    }

    /// The root shows whether this is OData 4 metadata.
    fn root(
        &self,
        namespace: &ResolveResult<'_>,
        name: &str,
        position: Position,
    ) -> Result<(), Problems> {
        if self.ended {
            let message = format!("`{name}` follows the end of the document");
            return Err(self.problem("several-documents", position, message, "keep one document"));
        }
        match (name, namespace) {
            ("Edmx", ResolveResult::Bound(Namespace(EDMX))) => Ok(()),
            ("Edmx", _) => Err(self.problem(
                "unsupported-version",
                position,
                "this is not OData 4 metadata: `Edmx` has another namespace".to_owned(),
                "use the output of `curl 'https://graph.microsoft.com/v1.0/$metadata'`",
            )),
            _ => Err(self.problem(
                "not-metadata",
                position,
                format!("this is not OData metadata: it starts with `{name}`"),
                "use the output of `curl 'https://graph.microsoft.com/v1.0/$metadata'`",
            )),
        }
    }

    fn attributes(
        &self,
        start: &BytesStart<'_>,
        position: Position,
    ) -> Result<Vec<(String, String)>, Problems> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute =
                attribute.map_err(|error| self.malformed(position, &error.to_string()))?;
            let key = attribute.key.as_ref();
            if key == "xmlns" || key.contains(':') {
                continue;
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.malformed(position, &error.to_string()))?;
            attributes.push((key.to_owned(), value.into_owned()));
        }
        Ok(attributes)
    }

    /// Documents declare UTF-8 or no encoding.
    fn encoding(&self, encoding: &str, position: Position) -> Result<(), Problems> {
        match encoding.eq_ignore_ascii_case("utf-8") {
            true => Ok(()),
            false => {
                let message = format!("the encoding `{encoding}` is not supported");
                Err(self.problem("encoding", position, message, "save the text as UTF-8"))
            }
        }
    }

    fn doctype(&self, position: Position) -> Problems {
        self.problem(
            "doctype",
            position,
            "document type declarations are not supported".to_owned(),
            "remove `<!DOCTYPE …>`: metadata has none",
        )
    }

    /// `&amp;` or `&#229;` in text.
    fn reference(&mut self, reference: &BytesRef<'_>, position: Position) -> Result<(), Problems> {
        let resolved = match reference.resolve_char_ref() {
            Ok(Some(character)) => Some(character.to_string()),
            _ => resolve_predefined_entity(reference).map(str::to_owned),
        };
        match resolved {
            Some(resolved) => self.text(&resolved, position),
            None => Err(self.malformed(position, "unknown entity")),
        }
    }

    fn text(&mut self, content: &str, position: Position) -> Result<(), Problems> {
        if self.skipped > 0 {
            return Ok(());
        }
        let is_inside = self.open.len() > 3;
        match self.open.last_mut() {
            Some(element) if is_inside => element.text.push_str(content),
            _ if content.trim().is_empty() => {}
            Some(_) => {
                return Err(self.problem(
                    "unexpected-text",
                    position,
                    "text does not belong here".to_owned(),
                    "a document consists of elements; the download may be damaged",
                ));
            }
            None => {
                return Err(self.problem(
                    "not-metadata",
                    position,
                    "this is not XML: it does not start with an element".to_owned(),
                    "use the output of `curl 'https://graph.microsoft.com/v1.0/$metadata'`",
                ));
            }
        }
        Ok(())
    }

    fn end(&mut self, take: &mut impl FnMut(Part)) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(element) = self.open.pop() else {
            return;
        };
        match self.open.len() {
            0 => self.ended = true,
            1 if element.name == "Reference" => take(Part::Reference(element)),
            1 => {}
            2 if self.is_in_schemas() => {}
            3 if self.is_in_schemas() => take(Part::Definition(element)),
            _ => {
                if let Some(parent) = self.open.last_mut() {
                    parent.children.push(element);
                }
            }
        }
    }

    /// Whether the open element contains schemas, and not references to other documents.
    fn is_in_schemas(&self) -> bool {
        self.open
            .get(1)
            .is_some_and(|parent| parent.name == "DataServices")
    }

    fn finish(&self, position: Position) -> Result<(), Problems> {
        match (self.open.last(), self.ended) {
            (Some(element), _) => Err(self.problem(
                "unexpected-end",
                position,
                format!(
                    "the text ends inside `{}`, which begins at line {}",
                    element.name, element.position.line
                ),
                "download it again: it is incomplete",
            )),
            (None, false) => Err(self.problem(
                "empty",
                START,
                "the text is empty".to_owned(),
                "use the output of `curl 'https://graph.microsoft.com/v1.0/$metadata'`",
            )),
            (None, true) => Ok(()),
        }
    }

    /// The path of open elements: `Edmx/DataServices/Schema/EntityType`.
    fn path(&self) -> String {
        let names: Vec<&str> = self
            .open
            .iter()
            .map(|element| element.name.as_str())
            .collect();
        match names.is_empty() {
            true => "#".to_owned(),
            false => names.join("/"),
        }
    }

    fn problem(
        &self,
        rule: &'static str,
        position: Position,
        message: String,
        help: &str,
    ) -> Problems {
        only(problem(
            self.file,
            rule,
            position,
            &self.path(),
            message,
            help,
        ))
    }

    fn malformed(&self, position: Position, reason: &str) -> Problems {
        self.problem(
            "syntax",
            position,
            reason.to_lowercase(),
            "correct the XML, or download it again",
        )
    }

    fn syntax(&mut self, at: usize, reason: &str) -> Problems {
        let position = Cursor::default().advance(self.text, at);
        self.malformed(position, reason)
    }
}
