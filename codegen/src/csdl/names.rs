//! Expands names: `self.alert` and `Collection(graph.user)` with the namespaces of the aliases.

use std::collections::BTreeMap;

use super::metadata::TypeReference;

/// Why a name cannot be expanded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    /// It has no namespace.
    Unqualified,
    /// The part before its last dot is neither a namespace nor an alias.
    UnknownAlias(String),
    /// It is not a name: `Collection(` without an end, or nothing.
    Malformed,
}

/// The namespaces of a document by name and by alias.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    by_alias: BTreeMap<String, String>,
    names: Vec<String>,
}

impl Namespaces {
    pub(super) fn declare(&mut self, namespace: &str) {
        self.names.push(namespace.to_owned());
    }

    /// Adds an alias; returns the namespace that already has it, if it is another one.
    pub(super) fn alias(&mut self, alias: &str, namespace: &str) -> Option<String> {
        let known = self.by_alias.insert(alias.to_owned(), namespace.to_owned());
        known.filter(|known| known != namespace)
    }

    /// A name with its full namespace.
    pub(super) fn resolve(&self, name: &str) -> Result<String, Unresolved> {
        let Some((prefix, short)) = name.rsplit_once('.') else {
            return Err(match name.is_empty() {
                true => Unresolved::Malformed,
                false => Unresolved::Unqualified,
            });
        };
        if prefix.is_empty() || short.is_empty() || name.contains(['(', ')', ' ', '/']) {
            return Err(Unresolved::Malformed);
        }
        if prefix == "Edm" || self.names.iter().any(|known| known == prefix) {
            return Ok(name.to_owned());
        }
        match self.by_alias.get(prefix) {
            Some(namespace) => Ok(format!("{namespace}.{short}")),
            // A namespace of another document has dots; a single word can only be an alias.
            None if prefix.contains('.') => Ok(name.to_owned()),
            None => Err(Unresolved::UnknownAlias(prefix.to_owned())),
        }
    }

    /// A type, or a collection of it, with its full namespace.
    pub(super) fn type_reference(&self, text: &str) -> Result<TypeReference, Unresolved> {
        let text = text.trim();
        let inner = text
            .strip_prefix("Collection(")
            .map(|rest| rest.strip_suffix(')').ok_or(Unresolved::Malformed))
            .transpose()?;
        Ok(TypeReference {
            name: self.resolve(inner.unwrap_or(text).trim())?,
            is_collection: inner.is_some(),
        })
    }

    /// The target of annotations with full names: `self.alert/title`, `self.move(Collection(self.alert))/ids`.
    pub(super) fn target(&self, text: &str) -> Result<String, Unresolved> {
        let text = text.trim();
        let end = text.find(['/', '(']).unwrap_or(text.len());
        let (head, rest) = text.split_at(end);
        let head = self.resolve(head)?;
        let Some(arguments) = rest.strip_prefix('(') else {
            return Ok(format!("{head}{rest}"));
        };
        let end = closing(arguments).ok_or(Unresolved::Malformed)?;
        let (arguments, rest) = arguments.split_at(end);
        let mut types = Vec::new();
        for argument in arguments
            .split(',')
            .filter(|argument| !argument.trim().is_empty())
        {
            let reference = self.type_reference(argument)?;
            types.push(reference.to_string());
        }
        Ok(format!("{head}({}{rest}", types.join(",")))
    }
}

/// The end of the parenthesis that is open at the start of a text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(index),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

impl std::fmt::Display for TypeReference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.is_collection {
            true => write!(formatter, "Collection({})", self.name),
            false => formatter.write_str(&self.name),
        }
    }
}
