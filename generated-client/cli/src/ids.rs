//! The incidents of a command: from arguments, or from standard input.

use std::io::IsTerminal as _;

use clap::Args;
use graph_incidents::runtime::files;
use serde_json::Value;

use crate::exit::Failure;
use crate::output::safe;

/// Ids of incidents.
#[derive(Debug, Clone, Args)]
pub(crate) struct Ids {
    /// What it is about, by id. Without any, or with `-`, they are read from standard input: one a line, or
    /// JSON with an `id` in each object
    #[arg(value_name = "ID")]
    ids: Vec<String>,
}

impl Ids {
    /// Returns the ids in order, without duplicates.
    pub(crate) fn read(&self) -> Result<Vec<String>, Failure> {
        let from_input = self.ids.is_empty() || self.ids == ["-"];
        let ids = match from_input {
            true if std::io::stdin().is_terminal() => {
                return Err(Failure::usage("no id is named")
                    .help("pass them as arguments or on standard input"));
            }
            true => from_reader(std::io::stdin().lock())?,
            false => self.ids.clone(),
        };
        let mut seen = std::collections::HashSet::new();
        let ids: Vec<String> = ids
            .into_iter()
            .filter(|id| seen.insert(id.clone()))
            .collect();
        if let Some(id) = ids.iter().find(|id| !is_id(id)) {
            return Err(Failure::usage(format!("{id:?} is not a valid id"))
                .help("give ids one a line, or JSON: `incidents list --json id` writes it"));
        }
        match ids.is_empty() {
            true => Err(Failure::usage("standard input has no ids")),
            false => Ok(ids),
        }
    }
}

/// Whether a text can be an id: one word, because unfinished runs write one id per line. Lines of a table or CSV are
/// not.
fn is_id(text: &str) -> bool {
    let is_separator = |character: char| character.is_whitespace() || ",;\"'".contains(character);
    !text.is_empty() && !text.contains(is_separator) && safe::line(text) == text
}

/// Parses JSON documents, or lines of ids.
fn from_reader(reader: impl std::io::Read) -> Result<Vec<String>, Failure> {
    let text = files::text(reader, files::LARGE)
        .map_err(|error| Failure::usage(format!("failed to read standard input: {error}")))?;
    // Some shells add a byte order mark to piped text.
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.starts_with(['{', '[']) {
        true => from_json(text),
        false => Ok(from_lines(text)),
    }
}

/// Parses one id per line; lines that begin with `#` are comments.
fn from_lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// The ids in JSON documents: of objects, one after the other or in a list.
fn from_json(text: &str) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter() {
        let items = match document {
            Ok(Value::Array(items)) => items,
            Ok(item) => vec![item],
            Err(error) => {
                return Err(Failure::usage(format!(
                    "standard input is not JSON: {error}"
                )));
            }
        };
        for item in items {
            let id = id_of(&item).ok_or_else(|| {
                Failure::usage(format!("standard input: item {} has no `id`", ids.len()))
            })?;
            ids.push(id);
        }
    }
    Ok(ids)
}

fn id_of(item: &Value) -> Option<String> {
    match item {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        Value::Object(item) => item.get("id").filter(|id| !id.is_object()).and_then(id_of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_lines_json_lines_and_documents() {
        let read = |text: &str| from_reader(text.as_bytes()).unwrap();
        assert_eq!(read("1\n\n# done\n 2 \n"), ["1", "2"]);
        assert_eq!(read("\u{feff}1\r\n2\r\n"), ["1", "2"]);
        assert_eq!(read("{\"id\":\"1\"}\n{\"id\":2,\"x\":1}\n"), ["1", "2"]);
        assert_eq!(read(" [{\"id\":\"1\"}, \"2\", 3]"), ["1", "2", "3"]);
        assert_eq!(read("{\n  \"id\": \"1\"\n}\n"), ["1"]);
        for text in [
            "{\"name\":1}",
            "[{}]",
            "[1",
            "{broken",
            "[[1]]",
            "{\"id\":{\"id\":1}}",
            "{\"id\":\"1\"} 2x",
        ] {
            assert!(from_reader(text.as_bytes()).is_err(), "{text}");
        }
        assert!(from_reader(&b"1\n\xff\n"[..]).is_err());
    }

    #[test]
    fn tables_and_csv_are_not_ids() {
        for text in ["2972395", "da637578995287051192_756343937", "a/b", "é"] {
            assert!(is_id(text), "{text}");
        }
        for text in ["", "id,severity", "1 high", "\"1\"", "1\n2", "\u{202e}1"] {
            assert!(!is_id(text), "{text}");
        }
    }
}
