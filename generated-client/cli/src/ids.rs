//! The incidents that a command is about: arguments, or standard input.

use std::io::IsTerminal as _;

use clap::Args;
use serde_json::Value;

use crate::exit::Failure;

/// More bytes than this on one line are no id.
const LONGEST: usize = 1 << 20;

/// Ids of incidents.
#[derive(Debug, Clone, Args)]
pub(crate) struct Ids {
    /// What it is about, by id. Without any, or with `-`, they are read from standard input: one a line, or
    /// JSON objects that have an `id`
    #[arg(value_name = "ID")]
    ids: Vec<String>,
}

impl Ids {
    /// The ids, each once, in their order.
    pub(crate) fn read(&self) -> Result<Vec<String>, Failure> {
        let from_input = self.ids.is_empty() || self.ids == ["-"];
        let ids = match from_input {
            true if std::io::stdin().is_terminal() => {
                return Err(Failure::usage("no id is named")
                    .help("name them as arguments, or give them on standard input"));
            }
            true => from_reader(std::io::stdin().lock())?,
            false => self.ids.clone(),
        };
        let mut seen = std::collections::HashSet::new();
        let ids: Vec<String> = ids
            .into_iter()
            .filter(|id| seen.insert(id.clone()))
            .collect();
        // What is left of a run is written down a line an id.
        let is_line = |id: &&String| {
            !id.trim().is_empty() && id.trim() == *id && !id.contains(char::is_control)
        };
        if let Some(id) = ids.iter().find(|id| !is_line(id)) {
            return Err(Failure::usage(format!("{id:?} cannot be an id")));
        }
        match ids.is_empty() {
            true => Err(Failure::usage("standard input names no id")),
            false => Ok(ids),
        }
    }
}

/// An id as a segment of a path that is sent as it is written.
pub(crate) fn segment(id: &str) -> Result<&str, Failure> {
    let is_plain = !id.is_empty()
        && !id.chars().all(|character| character == '.')
        && id
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_.~".contains(character));
    match is_plain {
        true => Ok(id),
        false => Err(Failure::usage(format!("`{id}` cannot be an id"))),
    }
}

/// Reads lines of ids, JSON lines, or one JSON document.
fn from_reader(mut reader: impl std::io::BufRead) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    let is_document = reader.fill_buf()?.first() == Some(&b'[');
    if is_document {
        let items: Vec<Value> = serde_json::from_reader(reader)
            .map_err(|error| Failure::usage(format!("standard input is not JSON: {error}")))?;
        for (index, item) in items.iter().enumerate() {
            ids.push(id_of(item).ok_or_else(|| {
                Failure::usage(format!("standard input: item {index} has no `id`"))
            })?);
        }
        return Ok(ids);
    }
    for (number, line) in reader.lines().enumerate() {
        let line = line.map_err(|error| {
            Failure::usage(format!("standard input, line {}: {error}", number + 1))
        })?;
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if text.len() > LONGEST {
            return Err(Failure::usage(format!(
                "standard input, line {}: too long",
                number + 1
            )));
        }
        let id = match text.starts_with('{') {
            true => serde_json::from_str(text).ok().as_ref().and_then(id_of),
            false => Some(text.to_owned()),
        };
        ids.push(id.ok_or_else(|| {
            Failure::usage(format!(
                "standard input, line {}: there is no `id`",
                number + 1
            ))
        })?);
    }
    Ok(ids)
}

fn id_of(item: &Value) -> Option<String> {
    match item {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        item => item.get("id")?.as_str().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_as_lines_as_json_lines_and_as_a_document() {
        let read = |text: &str| from_reader(text.as_bytes()).unwrap();
        assert_eq!(read("1\n\n# done\n 2 \n"), ["1", "2"]);
        assert_eq!(read("{\"id\":\"1\"}\n{\"id\":\"2\",\"x\":1}\n"), ["1", "2"]);
        assert_eq!(read("[{\"id\":\"1\"}, \"2\", 3]"), ["1", "2", "3"]);
        for text in ["{\"name\":1}", "[{}]", "[1", "{broken"] {
            assert!(from_reader(text.as_bytes()).is_err(), "{text}");
        }
    }
}
