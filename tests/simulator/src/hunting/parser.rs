//! A query as the simulator understands it: a table, and steps that each change it.

use super::Mistake;
use super::condition::Condition;
use super::lexer::{Token, tokens};
use crate::time::Ticks;

/// A query.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) table: String,
    pub(super) at: usize,
    pub(super) steps: Vec<Step>,
}

/// A column, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) at: usize,
}

/// What happens to the rows.
#[derive(Debug)]
pub(super) enum Step {
    Where(Condition),
    /// New names, each with the column that it stands for.
    Project(Vec<(String, Name)>),
    Take(usize),
    Count,
    /// Columns, each with whether the largest come first.
    Order(Vec<(Name, bool)>),
}

/// The operators, as a mistake lists them.
const OPERATORS: &str = "where, project, take, limit, count, order by, sort by, top";

pub(super) fn parse(query: &str) -> Result<Query, Mistake> {
    let tokens = tokens(query)?;
    let mut reader = Reader {
        tokens: &tokens,
        next: 0,
        end: query.trim_end().len(),
    };
    let table = reader.name("a table")?;
    let mut steps = Vec::new();
    while reader.sign("|") {
        reader.step(&mut steps)?;
    }
    reader.sign(";");
    if let Some((at, token)) = reader.peek() {
        return Err(Mistake::new(
            at,
            format!("Syntax error: {} is not expected", shown(token)),
        ));
    }
    Ok(Query {
        table: table.text,
        at: table.at,
        steps,
    })
}

/// The tokens that are left.
pub(super) struct Reader<'t> {
    tokens: &'t [(usize, Token)],
    next: usize,
    end: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn peek(&self) -> Option<(usize, &'t Token)> {
        self.tokens.get(self.next).map(|(at, token)| (*at, token))
    }

    pub(super) fn advance(&mut self) {
        self.next += 1;
    }

    pub(super) fn at(&self) -> usize {
        self.peek().map_or(self.end, |(at, _)| at)
    }

    pub(super) fn expected(&self, what: &str) -> Mistake {
        let found = self
            .peek()
            .map_or("the end".to_owned(), |(_, token)| shown(token));
        Mistake::new(
            self.at(),
            format!("Syntax error: {what} is expected in the place of {found}"),
        )
    }

    /// Takes a sign, if it comes next.
    pub(super) fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some((_, Token::Sign(sign))) if *sign == wanted);
        self.next += usize::from(found);
        found
    }

    pub(super) fn must(&mut self, wanted: &str) -> Result<(), Mistake> {
        match self.sign(wanted) {
            true => Ok(()),
            false => Err(self.expected(&format!("'{wanted}'"))),
        }
    }

    /// Takes a word, if it comes next.
    pub(super) fn word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some((_, Token::Word(word))) if word == wanted);
        self.next += usize::from(found);
        found
    }

    pub(super) fn name(&mut self, what: &str) -> Result<Name, Mistake> {
        match self.peek() {
            Some((at, Token::Word(word))) => {
                self.advance();
                let text = word.clone();
                Ok(Name { text, at })
            }
            _ => Err(self.expected(what)),
        }
    }

    fn step(&mut self, steps: &mut Vec<Step>) -> Result<(), Mistake> {
        let operator = self.name("an operator")?;
        match operator.text.as_str() {
            "where" | "filter" => steps.push(Step::Where(Condition::read(self)?)),
            "project" => steps.push(Step::Project(self.list(Self::projection)?)),
            "take" | "limit" => steps.push(Step::Take(self.count()?)),
            "count" => steps.push(Step::Count),
            "order" | "sort" => {
                if !self.word("by") {
                    return Err(self.expected("'by'"));
                }
                steps.push(Step::Order(self.list(Self::order)?));
            }
            "top" => {
                let count = self.count()?;
                if !self.word("by") {
                    return Err(self.expected("'by'"));
                }
                steps.push(Step::Order(self.list(Self::order)?));
                steps.push(Step::Take(count));
            }
            other => {
                return Err(Mistake::new(
                    operator.at,
                    format!(
                        "Syntax error: '{other}' is not an operator that the simulator knows; there are {OPERATORS}"
                    ),
                ));
            }
        }
        Ok(())
    }

    pub(super) fn list<T>(
        &mut self,
        item: fn(&mut Self) -> Result<T, Mistake>,
    ) -> Result<Vec<T>, Mistake> {
        let mut items = vec![item(self)?];
        while self.sign(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn projection(&mut self) -> Result<(String, Name), Mistake> {
        let name = self.name("a column")?;
        match self.sign("=") {
            true => Ok((name.text, self.name("a column")?)),
            false => Ok((name.text.clone(), name)),
        }
    }

    /// D: the largest come first unless it is said otherwise.
    fn order(&mut self) -> Result<(Name, bool), Mistake> {
        let name = self.name("a column")?;
        let ascending = self.word("asc");
        if !ascending {
            self.word("desc");
        }
        Ok((name, !ascending))
    }

    fn count(&mut self) -> Result<usize, Mistake> {
        match self.peek() {
            Some((at, Token::Number(number))) => {
                self.advance();
                usize::try_from(*number)
                    .map_err(|_| Mistake::new(at, "Syntax error: the number is too large"))
            }
            _ => Err(self.expected("a number")),
        }
    }

    /// A point in time: `datetime(…)`, `now()` or `ago(…)`.
    pub(super) fn time(&mut self) -> Result<Option<Ticks>, Mistake> {
        if let Some((_, Token::Time(time))) = self.peek() {
            self.advance();
            return Ok(Some(*time));
        }
        let at = self.at();
        if self.word("now") {
            self.must("(")?;
            self.must(")")?;
            return Ok(Some(Ticks::now()));
        }
        if !self.word("ago") {
            return Ok(None);
        }
        self.must("(")?;
        let Some((_, Token::Span(seconds))) = self.peek() else {
            return Err(self.expected("a length of time"));
        };
        self.advance();
        self.must(")")?;
        let time = Ticks::now().later(seconds.saturating_neg());
        time.map(Some)
            .ok_or_else(|| Mistake::new(at, "Semantic error: the time is too long ago"))
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Word(word) => format!("'{word}'"),
        Token::Text(_) => "a text".to_owned(),
        Token::Number(number) => format!("'{number}'"),
        Token::Span(_) => "a length of time".to_owned(),
        Token::Time(_) => "a time".to_owned(),
        Token::Sign(sign) => format!("'{sign}'"),
    }
}
