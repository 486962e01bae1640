//! Edits the text of a YAML document: everything else stays unchanged, including comments, order and layout.
//!
//! Edits refer to nodes by JSON pointer. The edited text is parsed again and compared with the expected tree, so that a
//! layout that is not understood is refused and not damaged.

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
    /// Adds a key to a mapping: after a named key, or in alphabetical order among the sorted keys.
    Insert {
        /// The mapping.
        parent: String,
        /// The new key.
        key: String,
        /// Its value.
        node: Node,
        /// The key that it is added after; if there is none, its alphabetical position.
        after: Option<String>,
    },
    /// Adds an item to a list.
    InsertItem {
        /// The list.
        list: String,
        /// The item.
        node: Node,
        /// The index of the item that it is added after; if there is none, the last one.
        after: Option<usize>,
    },
    /// Replaces the value of a key or an item.
    Replace {
        /// The value.
        pointer: String,
        /// The new value.
        node: Node,
    },
    /// Removes a key with its value, or an item.
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

/// Returns the edited text.
///
/// # Errors
///
/// Returns an error with file, line, column and remedy if a pointer leads nowhere or a layout is not understood.
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

/// The tree after the edits, without positions: the content of the edited text.
#[must_use]
pub fn edited_tree(root: &Node, edits: &[Edit]) -> Node {
    expect::node_of(root.position, &expect::expected(root, edits))
}

/// The first edit that fails by itself; if none does, the first one.
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
