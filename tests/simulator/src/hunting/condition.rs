//! Conditions of `where`: comparisons of a column with literals, joined by `and`, `or` and `not`.

use std::cmp::Ordering;

use super::Mistake;
use super::lexer::Token;
use super::reader::{Name, Reader};
use super::table::{Cell, ColumnType, TableColumn, order, place};

/// The maximum depth of conditions.
const DEEPEST: usize = 50;

#[derive(Debug)]
pub(super) enum Condition {
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Name, Name, Vec<Cell>),
}

impl Condition {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        Self::any(reader, 0)
    }

    fn any(reader: &mut Reader<'_>, depth: usize) -> Result<Self, Mistake> {
        if depth > DEEPEST {
            return Err(Mistake::new(reader.at(), "Syntax error: nested too deeply"));
        }
        let mut parts = vec![Self::all(reader, depth)?];
        while reader.word("or") {
            parts.push(Self::all(reader, depth)?);
        }
        Ok(single(parts, Self::Any))
    }

    fn all(reader: &mut Reader<'_>, depth: usize) -> Result<Self, Mistake> {
        let mut parts = vec![Self::one(reader, depth)?];
        while reader.word("and") {
            parts.push(Self::one(reader, depth)?);
        }
        Ok(single(parts, Self::All))
    }

    fn one(reader: &mut Reader<'_>, depth: usize) -> Result<Self, Mistake> {
        let is_negated = reader.word("not");
        if is_negated || reader.sign("(") {
            if is_negated {
                reader.must("(")?;
            }
            let inner = Self::any(reader, depth + 1)?;
            reader.must(")")?;
            return Ok(match is_negated {
                true => Self::Not(Box::new(inner)),
                false => inner,
            });
        }
        let column = reader.name("a column")?;
        let operator = operator(reader)?;
        let values = match operator.text.trim_start_matches('!') {
            "in" | "in~" => {
                reader.must("(")?;
                let values = reader.list(literal)?;
                reader.must(")")?;
                values
            }
            _ => vec![literal(reader)?],
        };
        Ok(Self::Compare(column, operator, values))
    }

    /// Whether a row meets it.
    pub(super) fn holds(&self, columns: &[TableColumn], row: &[Cell]) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(columns, row)),
            Self::All(parts) => parts.iter().all(|part| part.holds(columns, row)),
            Self::Not(part) => !part.holds(columns, row),
            Self::Compare(column, operator, values) => {
                let place = columns.iter().position(|known| known.name == column.text);
                let cell = place.and_then(|place| row.get(place));
                cell.is_some_and(|cell| compare(&operator.text, cell, values))
            }
        }
    }

    /// Refuses unknown columns, and values that do not fit them.
    pub(super) fn check(&self, columns: &[TableColumn]) -> Result<(), Mistake> {
        match self {
            Self::Any(parts) | Self::All(parts) => {
                parts.iter().try_for_each(|part| part.check(columns))
            }
            Self::Not(part) => part.check(columns),
            Self::Compare(column, operator, values) => {
                let place = place(columns, column, "where")?;
                let kind = columns[place].kind;
                let fits = |value: &Cell| match (kind, value) {
                    (ColumnType::Text | ColumnType::Dynamic, Cell::Text(_)) => true,
                    (ColumnType::Time, Cell::Time(_)) | (ColumnType::Number, Cell::Number(_)) => {
                        !of_texts(&operator.text)
                    }
                    _ => false,
                };
                match values.iter().all(fits) {
                    true => Ok(()),
                    false => Err(Mistake::new(
                        operator.at,
                        format!(
                            "Semantic error: '{}' cannot compare '{}' ({}) with that",
                            operator.text,
                            column.text,
                            kind.name()
                        ),
                    )),
                }
            }
        }
    }
}

fn single(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.len() {
        1 => parts.remove(0),
        _ => join(parts),
    }
}

/// Operators that are words; each may have a leading `!`.
const WORDS: [&str; 9] = [
    "contains",
    "contains_cs",
    "has",
    "has_cs",
    "startswith",
    "endswith",
    "in",
    "in~",
    "hasprefix",
];
const SIGNS: [&str; 8] = ["==", "!=", "=~", "!~", "<", "<=", ">", ">="];

fn operator(reader: &mut Reader<'_>) -> Result<Name, Mistake> {
    let found = match reader.peek() {
        Some((at, Token::Word(word))) if WORDS.contains(&word.trim_start_matches('!')) => Name {
            text: word.clone(),
            at,
        },
        Some((at, Token::Sign(sign))) if SIGNS.contains(sign) => Name {
            text: (*sign).to_owned(),
            at,
        },
        _ => return Err(reader.expected("a comparison operator")),
    };
    reader.advance();
    Ok(found)
}

fn literal(reader: &mut Reader<'_>) -> Result<Cell, Mistake> {
    if let Some(time) = reader.time()? {
        return Ok(Cell::Time(time));
    }
    let cell = match reader.peek() {
        Some((_, Token::Text(text))) => Cell::Text(text.clone()),
        Some((_, Token::Number(number))) => Cell::Number(*number),
        _ => return Err(reader.expected("a value")),
    };
    reader.advance();
    Ok(cell)
}

/// Whether an operator searches strings.
fn of_texts(operator: &str) -> bool {
    let word = operator.trim_start_matches('!');
    ["=~", "!~", "~"].contains(&operator) || (WORDS.contains(&word) && word != "in")
}

fn compare(operator: &str, cell: &Cell, values: &[Cell]) -> bool {
    if let Some(positive) = operator
        .strip_prefix('!')
        .filter(|positive| WORDS.contains(positive))
    {
        return !compare(positive, cell, values);
    }
    let Some(value) = values.first() else {
        return false;
    };
    match operator {
        "==" => cell == value || same_text(cell, value),
        "!=" => !(cell == value || same_text(cell, value)),
        "=~" => folded(cell) == folded(value),
        "!~" => folded(cell) != folded(value),
        "in" => values
            .iter()
            .any(|value| cell == value || same_text(cell, value)),
        "in~" => values.iter().any(|value| folded(cell) == folded(value)),
        "<" => order(cell, value) == Some(Ordering::Less),
        "<=" => order(cell, value).is_some_and(Ordering::is_le),
        ">" => order(cell, value) == Some(Ordering::Greater),
        ">=" => order(cell, value).is_some_and(Ordering::is_ge),
        "contains" => folded(cell).contains(&folded(value)),
        "contains_cs" => text(cell).contains(&text(value)),
        "startswith" => folded(cell).starts_with(&folded(value)),
        "endswith" => folded(cell).ends_with(&folded(value)),
        "has" => has(&folded(cell), &folded(value), true),
        "hasprefix" => has(&folded(cell), &folded(value), false),
        _ => has(&text(cell), &text(value), true),
    }
}

/// The text of a cell for comparisons; that of a dynamic one is its JSON.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => text.clone(),
        other => other.json().to_string(),
    }
}

fn folded(cell: &Cell) -> String {
    text(cell).to_lowercase()
}

fn same_text(cell: &Cell, value: &Cell) -> bool {
    matches!(cell, Cell::Dynamic(_)) && text(cell) == text(value)
}

/// Whether a text contains another one as a term: without letters and digits on either side, or only before it.
fn has(text: &str, term: &str, is_whole: bool) -> bool {
    if term.is_empty() {
        return true;
    }
    text.match_indices(term).any(|(place, found)| {
        let before = text[..place].chars().next_back();
        let after = text[place + found.len()..].chars().next();
        let goes_on = is_whole && after.is_some_and(char::is_alphanumeric);
        !(goes_on || before.is_some_and(char::is_alphanumeric))
    })
}
