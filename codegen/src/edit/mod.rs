//! Edits the text of a YAML document: what is not edited stays as it is, comments, order and layout included.
//!
//! Edits name nodes by JSON pointer. After the text was changed it is read again and compared with what it should say,
//! so that a layout which is not understood is refused rather than damaged.

mod expect;
mod layout;
mod splice;
mod write;

#[cfg(test)]
mod tests;

use crate::diagnostic::{Problem, Problems};
use crate::load::{self, Document, Node};

use splice::Splicer;

/// A change of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Adds a key to a mapping: after the keys that sort before it among those that are sorted, or after a named one.
    Insert {
        /// The mapping.
        parent: String,
        /// The new key.
        key: String,
        /// Its value.
        node: Node,
        /// The key that it comes after; where there is none, its place in the order of the alphabet.
        after: Option<String>,
    },
    /// Adds an item to a list.
    InsertItem {
        /// The list.
        list: String,
        /// The item.
        node: Node,
        /// The index of the item that it comes after; the last one where there is none.
        after: Option<usize>,
    },
    /// Gives a key or an item another value.
    Replace {
        /// The value.
        pointer: String,
        /// What it becomes.
        node: Node,
    },
    /// Takes a key with its value, or an item, out.
    Remove {
        /// The value.
        pointer: String,
    },
}

impl Edit {
    /// The mapping or list that changes.
    fn parent(&self) -> &str {
        match self {
            Self::Insert { parent, .. } => parent,
            Self::InsertItem { list, .. } => list,
            Self::Replace { pointer, .. } | Self::Remove { pointer } => {
                pointer.rsplit_once('/').map_or("#", |(parent, _)| parent)
            }
        }
    }
}

/// The text with the edits made.
///
/// # Errors
///
/// Where a pointer leads nowhere, or where a layout is not understood: with file, line, column and what to do.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::edit::{Edit, edit};
/// use graph_client_codegen::load;
///
/// let text = "tags: # for people\n  blue: 1\n\n  red: 2\n";
/// let green = load::parse("x.yaml", "green: 3\n")?.root.entries()[0].node.clone();
/// let insert = Edit::Insert { parent: "#/tags".into(), key: "green".into(), node: green, after: None };
/// let remove = Edit::Remove { pointer: "#/tags/red".into() };
/// let edited = edit("tags.yaml", text, &[insert, remove])?;
/// assert_eq!(edited, "tags: # for people\n  blue: 1\n\n  green: 3\n");
/// # Ok::<(), graph_client_codegen::Problems>(())
/// ```
pub fn edit(file: &str, text: &str, edits: &[Edit]) -> Result<String, Problems> {
    if edits.is_empty() {
        return Ok(text.to_owned());
    }
    let document = load::parse(file, text)?;
    let mut splicer = Splicer::new(&document, text);
    for edit in edits {
        splicer.edit(edit);
    }
    let edited = splicer.finish()?;
    let expected = expect::expected(&document.root, edits);
    let found = load::parse(file, &edited).map(|document| document.root.to_json());
    match found {
        Ok(found) if found == expected => Ok(edited),
        _ => Err(not_understood(&document, edits, text)),
    }
}

/// The tree with the edits made: what the edited text says, without places.
#[must_use]
pub fn edited_tree(root: &Node, edits: &[Edit]) -> Node {
    expect::node_of(root.position, &expect::expected(root, edits))
}

/// Names the first edit that does not come out right by itself; where each does, the first one.
fn not_understood(document: &Document, edits: &[Edit], text: &str) -> Problems {
    let comes_out_right = |edit: &Edit| {
        let one = std::slice::from_ref(edit);
        let mut splicer = Splicer::new(document, text);
        splicer.edit(edit);
        splicer
            .finish()
            .and_then(|edited| load::parse(&document.file, &edited))
            .is_ok_and(|found| found.root.to_json() == expect::expected(&document.root, one))
    };
    let culprit = edits
        .iter()
        .find(|edit| !comes_out_right(edit))
        .or(edits.first());
    let pointer = culprit.map_or("#", |edit| edit.parent());
    let mut problems = Problems::default();
    problems.push(Problem {
        rule: "layout",
        message: "the text is laid out in a way that cannot be edited".to_owned(),
        file: document.file.clone(),
        position: document.root.pointer(pointer).map(|node| node.position),
        pointer: pointer.to_owned(),
        help: "write this part in block style with one key or item per line, or edit it yourself"
            .to_owned(),
    });
    problems.with_source(text)
}
