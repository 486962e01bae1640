//! A query as the simulator supports it: a table, and steps that transform its rows.

use super::Mistake;
use super::condition::Condition;
use super::lexer::tokens;
use super::reader::{Name, Reader, shown};

/// A query.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) table: String,
    pub(super) at: usize,
    pub(super) steps: Vec<Step>,
}

/// A transformation of the rows.
#[derive(Debug)]
pub(super) enum Step {
    Where(Condition),
    /// New names, each with its column.
    Project(Vec<(String, Name)>),
    Take(usize),
    Count,
    /// Columns, each with whether it is sorted in descending order.
    Order(Vec<(Name, bool)>),
}

/// The operators, for error messages.
const OPERATORS: &str = "where, project, take, limit, count, order by, sort by, top";

pub(super) fn parse(query: &str) -> Result<Query, Mistake> {
    let tokens = tokens(query)?;
    let mut reader = Reader::new(&tokens, query.trim_end().len());
    let table = reader.name("a table")?;
    let mut steps = Vec::new();
    while reader.sign("|") {
        step(&mut reader, &mut steps)?;
    }
    reader.sign(";");
    if let Some((at, token)) = reader.peek() {
        return Err(Mistake::new(
            at,
            format!("Syntax error: unexpected {}", shown(token)),
        ));
    }
    Ok(Query {
        table: table.text,
        at: table.at,
        steps,
    })
}

fn step(reader: &mut Reader<'_>, steps: &mut Vec<Step>) -> Result<(), Mistake> {
    let operator = reader.name("an operator")?;
    match operator.text.as_str() {
        "where" | "filter" => steps.push(Step::Where(Condition::read(reader)?)),
        "project" => steps.push(Step::Project(reader.list(projection)?)),
        "take" | "limit" => steps.push(Step::Take(reader.count()?)),
        "count" => steps.push(Step::Count),
        "order" | "sort" => {
            if !reader.word("by") {
                return Err(reader.expected("'by'"));
            }
            steps.push(Step::Order(reader.list(order)?));
        }
        "top" => {
            let count = reader.count()?;
            if !reader.word("by") {
                return Err(reader.expected("'by'"));
            }
            steps.push(Step::Order(reader.list(order)?));
            steps.push(Step::Take(count));
        }
        other => {
            return Err(Mistake::new(
                operator.at,
                format!(
                    "Syntax error: '{other}' is not an operator that the simulator supports; supported: {OPERATORS}"
                ),
            ));
        }
    }
    Ok(())
}

fn projection(reader: &mut Reader<'_>) -> Result<(String, Name), Mistake> {
    let name = reader.name("a column")?;
    match reader.sign("=") {
        true => Ok((name.text, reader.name("a column")?)),
        false => Ok((name.text.clone(), name)),
    }
}

/// D: descending by default.
fn order(reader: &mut Reader<'_>) -> Result<(Name, bool), Mistake> {
    let name = reader.name("a column")?;
    let ascending = reader.word("asc");
    if !ascending {
        reader.word("desc");
    }
    Ok((name, !ascending))
}
