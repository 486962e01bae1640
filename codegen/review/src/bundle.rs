//! Adds the files that a description refers to to its tree, so that every reference leads to a node of one tree.
//!
//! They are below a key that no description can contain, each under its name relative to the description's folder.

use std::collections::BTreeSet;

use graph_client_codegen::Problems;
use graph_client_codegen::diagnostic::Problem;
use graph_client_codegen::load::{self, Document, Entry, Node, Position, Value, escape, unescape};

use super::walk::Keys;

/// The key of the files: no YAML text can contain this character.
const FILES: &str = "\u{1}";

/// The maximum number of files of one description.
const MOST_FILES: usize = 1_000;

/// Reads a file by its name relative to the description's folder.
pub(crate) type Reading<'r> = dyn Fn(&str) -> Result<String, String> + Sync + 'r;

/// Whether an entry of the root holds the files and is no part of the description.
pub(crate) fn is_files(key: &str) -> bool {
    key == FILES
}

/// The file that a pointer leads into, and the pointer within that file.
pub(crate) fn split(pointer: &str) -> Option<(String, String)> {
    let rest = pointer.strip_prefix("#/")?.strip_prefix(FILES)?;
    let rest = rest.strip_prefix('/').unwrap_or_default();
    let (file, inner) = rest
        .split_once('/')
        .map_or((rest, ""), |(file, inner)| (file, inner));
    let pointer = if inner.is_empty() {
        "#".to_owned()
    } else {
        format!("#/{inner}")
    };
    Some((unescape(file), pointer))
}

/// The name of a file in messages: with the description's folder.
pub(crate) fn beside(description: &str, file: &str) -> String {
    match description.rsplit_once(['/', '\\']) {
        Some((folder, _)) => format!("{folder}/{file}"),
        None => match description.split_once(':') {
            Some((revision, _)) => format!("{revision}:{file}"),
            None => file.to_owned(),
        },
    }
}

/// Reads every file that a description refers to, and rewrites the references to them.
pub(crate) fn bundle(document: Document, read: &Reading<'_>) -> Result<Document, Problems> {
    let file = document.file.clone();
    let mut bundler = Bundler {
        main: file
            .rsplit(['/', '\\', ':'])
            .next()
            .unwrap_or(&file)
            .to_owned(),
        document: file.clone(),
        files: Vec::new(),
        waiting: Vec::new(),
        known: BTreeSet::new(),
        problems: Problems::default(),
        read,
    };
    let mut root = document.root;
    bundler.references(&mut root, "", Keys::Keywords, "", &mut String::from("#"));
    while let Some((name, mut node)) = bundler.waiting.pop() {
        let mut pointer = String::from("#");
        bundler.references(&mut node, &name, Keys::Keywords, "", &mut pointer);
        bundler.files.push((name, node));
    }
    bundler.problems.into_result()?;
    if !bundler.files.is_empty()
        && let Value::Mapping(entries) = &mut root.value
    {
        let position = Position { line: 1, column: 1 };
        bundler.files.sort_by(|left, right| left.0.cmp(&right.0));
        let files = bundler.files.into_iter().map(|(key, node)| Entry {
            key,
            key_position: position,
            node,
        });
        entries.push(Entry {
            key: FILES.to_owned(),
            key_position: position,
            node: Node {
                position,
                value: Value::Mapping(files.collect()),
            },
        });
    }
    Ok(Document::new(&file, root))
}

struct Bundler<'r> {
    /// The last segment of the description's own name.
    main: String,
    document: String,
    files: Vec<(String, Node)>,
    /// Files that were read but not yet searched for references.
    waiting: Vec<(String, Node)>,
    known: BTreeSet<String>,
    problems: Problems,
    read: &'r Reading<'r>,
}

impl Bundler<'_> {
    fn references(
        &mut self,
        node: &mut Node,
        file: &str,
        keys: Keys,
        key: &str,
        pointer: &mut String,
    ) {
        if keys == Keys::Data {
            return;
        }
        let length = pointer.len();
        match &mut node.value {
            Value::Mapping(entries) => {
                for entry in entries {
                    pointer.push('/');
                    pointer.push_str(&escape(&entry.key));
                    let is_reference = keys == Keys::Keywords && entry.key == "$ref"
                        || key == "mapping"
                            && entry.node.as_str().is_some_and(|text| text.contains('#'));
                    match &mut entry.node {
                        Node {
                            value: Value::String(text),
                            position,
                        } if is_reference => {
                            if let Some(new) = self.rewritten(text, file, *position, pointer) {
                                *text = new;
                            }
                        }
                        inner => {
                            let below = keys.below(&entry.key);
                            self.references(inner, file, below, &entry.key, pointer);
                        }
                    }
                    pointer.truncate(length);
                }
            }
            Value::Sequence(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                    self.references(item, file, keys.of_items(key), "", pointer);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// The reference, rewritten to lead into the tree; `None` if it already does, or leads nowhere.
    fn rewritten(
        &mut self,
        reference: &str,
        file: &str,
        position: Position,
        pointer: &str,
    ) -> Option<String> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if path.contains("://") || path.starts_with('/') {
            let help = "use a path relative to this file";
            self.report(
                file,
                position,
                pointer,
                format!("`{reference}` is not a relative path"),
                help,
            );
            return None;
        }
        let name = match path {
            "" => file.to_owned(),
            path => normalised(file, path),
        };
        if name.is_empty() || name == self.main {
            return (!path.is_empty() || !file.is_empty()).then(|| format!("#{fragment}"));
        }
        if !self.known.contains(&name) && !self.take(&name, file, position, pointer, reference) {
            return None;
        }
        Some(format!("#/{FILES}/{}{fragment}", escape(&name)))
    }

    fn take(
        &mut self,
        name: &str,
        file: &str,
        position: Position,
        pointer: &str,
        reference: &str,
    ) -> bool {
        if self.known.len() >= MOST_FILES {
            let message = format!("the description consists of more than {MOST_FILES} files");
            self.report(file, position, pointer, message, "bundle some of them");
            return false;
        }
        let text = match (self.read)(name) {
            Ok(text) => text,
            Err(reason) => {
                let message = format!("`{reference}` cannot be read: {reason}");
                self.report(
                    file,
                    position,
                    pointer,
                    message,
                    "correct the reference, or add the file",
                );
                return false;
            }
        };
        match load::parse_resolved(&beside(&self.document, name), &text) {
            Ok(document) => {
                self.known.insert(name.to_owned());
                self.waiting.push((name.to_owned(), document.root));
                true
            }
            Err(problems) => {
                self.problems.extend(problems);
                false
            }
        }
    }

    fn report(
        &mut self,
        file: &str,
        position: Position,
        pointer: &str,
        message: String,
        help: &str,
    ) {
        self.problems.push(Problem {
            rule: "external-reference",
            message,
            file: if file.is_empty() {
                self.document.clone()
            } else {
                beside(&self.document, file)
            },
            position: Some(position),
            pointer: pointer.to_owned(),
            help: help.to_owned(),
        });
    }
}

/// A path in a reference, relative to the description's folder.
fn normalised(file: &str, path: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_folder_of_the_description() {
        assert_eq!(normalised("", "parts.yaml"), "parts.yaml");
        assert_eq!(normalised("parts/a.yaml", "../b.yaml"), "b.yaml");
        assert_eq!(normalised("parts/a.yaml", "./c/d.yaml"), "parts/c/d.yaml");
        assert_eq!(normalised("a.yaml", "../b.yaml"), "../b.yaml");
    }

    #[test]
    fn a_pointer_into_a_file_is_shown_as_one() {
        let pointer = format!("#/{FILES}/parts~1a.yaml/Train/type");
        assert_eq!(
            split(&pointer),
            Some(("parts/a.yaml".to_owned(), "#/Train/type".to_owned()))
        );
        assert_eq!(split("#/components"), None);
        assert_eq!(beside("spec/main.yaml", "parts.yaml"), "spec/parts.yaml");
        assert_eq!(beside("main.yaml", "parts.yaml"), "parts.yaml");
    }
}
