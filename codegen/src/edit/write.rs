//! Writes nodes as YAML: in blocks like the fragment, or on one line.

use crate::load::{Entry, Node, Value, parse};

/// The maximum width before a value moves to its own line.
const WIDEST: usize = 120;

/// A key with its value, on indented lines.
pub(super) fn entry(key: &str, node: &Node, indent: usize) -> Vec<String> {
    let spaces = " ".repeat(indent);
    let start = format!("{spaces}{}:", scalar(key));
    match &node.value {
        Value::Mapping(entries) if !entries.is_empty() => {
            let mut lines = vec![start];
            lines.extend(mapping(entries, indent + 2));
            lines
        }
        Value::Sequence(items) if !items.is_empty() => {
            let mut lines = vec![start];
            lines.extend(items.iter().flat_map(|item| self::item(item, indent + 2)));
            lines
        }
        _ => {
            let value = flow(node);
            let is_too_wide = start.chars().count() + 1 + value.chars().count() > WIDEST;
            match is_too_wide && matches!(node.value, Value::String(_)) {
                true => vec![start, format!("{spaces}  {value}")],
                false => vec![format!("{start} {value}")],
            }
        }
    }
}

/// An item of a list, on indented lines.
pub(super) fn item(node: &Node, indent: usize) -> Vec<String> {
    let spaces = " ".repeat(indent);
    let mut lines = match &node.value {
        Value::Mapping(entries) if !entries.is_empty() => mapping(entries, indent + 2),
        _ => vec![format!("{spaces}  {}", flow(node))],
    };
    if let Some(first) = lines.first_mut() {
        first.replace_range(indent..indent + 1, "-");
    }
    lines
}

fn mapping(entries: &[Entry], indent: usize) -> Vec<String> {
    entries
        .iter()
        .flat_map(|own| entry(&own.key, &own.node, indent))
        .collect()
}

/// A node on one line.
pub(super) fn flow(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => scalar(text),
        Value::Sequence(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Mapping(entries) => {
            let entries = entries.iter().map(flow_entry);
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn flow_entry(entry: &Entry) -> String {
    format!("{}: {}", scalar(&entry.key), flow(&entry.node))
}

/// A string without quotes if every YAML parser reads it as that string, else quoted.
pub(super) fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '$')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " _-./$();'".contains(c))
        && !text.ends_with(' ')
        && !text.contains("  ")
        && !is_special(text);
    match is_plain {
        true => text.to_owned(),
        // A JSON string is a YAML string, except for characters that YAML requires to be escaped.
        false => serde_json::Value::String(text.to_owned())
            .to_string()
            .chars()
            .map(|c| match c {
                '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                    format!("\\u{:04x}", u32::from(c))
                }
                c => c.to_string(),
            })
            .collect(),
    }
}

/// Whether a parser of YAML 1.1 or 1.2 may read a plain scalar as something else.
fn is_special(text: &str) -> bool {
    const SPECIAL: [&str; 10] = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan",
    ];
    SPECIAL.contains(&text.to_ascii_lowercase().as_str())
        || parse("", &format!("a: {text}\n"))
            .ok()
            .and_then(|document| document.root.get("a")?.as_str().map(|read| read != text))
            .unwrap_or(true)
}
