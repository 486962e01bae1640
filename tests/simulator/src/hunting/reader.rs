//! Reads a query token by token.

use super::Mistake;
use super::lexer::Token;
use crate::time::Ticks;

/// A column, and its position.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) at: usize,
}

/// The remaining tokens.
pub(super) struct Reader<'t> {
    tokens: &'t [(usize, Token)],
    next: usize,
    end: usize,
}

impl<'t> Reader<'t> {
    /// The tokens of a query that ends at this byte.
    pub(super) fn new(tokens: &'t [(usize, Token)], end: usize) -> Self {
        Self {
            tokens,
            next: 0,
            end,
        }
    }

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
            format!("Syntax error: expected {what}, found {found}"),
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

    pub(super) fn count(&mut self) -> Result<usize, Mistake> {
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
            return Err(self.expected("a duration"));
        };
        self.advance();
        self.must(")")?;
        let time = Ticks::now().later(seconds.saturating_neg());
        time.map(Some)
            .ok_or_else(|| Mistake::new(at, "Semantic error: the time is too long ago"))
    }
}

/// A token in an error message.
pub(super) fn shown(token: &Token) -> String {
    match token {
        Token::Word(word) => format!("'{word}'"),
        Token::Text(_) => "a text".to_owned(),
        Token::Number(number) => format!("'{number}'"),
        Token::Span(_) => "a duration".to_owned(),
        Token::Time(_) => "a time".to_owned(),
        Token::Sign(sign) => format!("'{sign}'"),
    }
}
