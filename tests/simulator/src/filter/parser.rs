//! The grammar: `or` binds weakest, then `and`, `not`, and comparisons.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::lexer::{Problem, Token, tokens};

/// The maximum depth of parentheses and `not` (assumed): enough for people, too little to overflow the stack.
pub(crate) const DEEPEST: usize = 50;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Any(Vec<Tree>),
    All(Vec<Tree>),
    Not(Box<Tree>),
    Compare {
        property: String,
        operator: Operator,
        literal: Token,
    },
    Among {
        property: String,
        literals: Vec<Token>,
    },
    Text {
        property: String,
        function: Function,
        text: String,
    },
}

/// The functions on strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

pub(crate) fn parse(text: &str) -> Result<Tree, Problem> {
    let mut parser = Parser {
        tokens: tokens(text)?.into_iter().peekable(),
        end: text.len(),
        depth: 0,
    };
    let tree = parser.any()?;
    match parser.tokens.next() {
        None => Ok(tree),
        Some((position, _)) => Err(Problem {
            expected: "'and', 'or' or the end is expected",
            position,
        }),
    }
}

struct Parser {
    tokens: Peekable<IntoIter<(usize, Token)>>,
    end: usize,
    depth: usize,
}

impl Parser {
    fn any(&mut self) -> Result<Tree, Problem> {
        self.chain("or", Self::all, Tree::Any)
    }

    fn all(&mut self) -> Result<Tree, Problem> {
        self.chain("and", Self::not, Tree::All)
    }

    fn chain(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Result<Tree, Problem>,
        whole: fn(Vec<Tree>) -> Tree,
    ) -> Result<Tree, Problem> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.takes_word(word) {
            parts.push(part(self)?);
        }
        Ok(match parts.pop() {
            Some(only) if parts.is_empty() => only,
            last => whole(parts.into_iter().chain(last).collect()),
        })
    }

    fn not(&mut self) -> Result<Tree, Problem> {
        if self.takes_word("not") {
            return self.deeper(|parser| Ok(Tree::Not(Box::new(parser.not()?))));
        }
        if self.takes(&Token::Open) {
            let inner = self.deeper(Self::any)?;
            self.expect(&Token::Close, "')' is expected")?;
            return Ok(inner);
        }
        self.comparison()
    }

    fn deeper(
        &mut self,
        part: impl FnOnce(&mut Self) -> Result<Tree, Problem>,
    ) -> Result<Tree, Problem> {
        if self.depth == DEEPEST {
            return Err(Problem {
                expected: "the filter nests too deep",
                position: self.position(),
            });
        }
        self.depth += 1;
        let inner = part(self);
        self.depth -= 1;
        inner
    }

    fn comparison(&mut self) -> Result<Tree, Problem> {
        let property = self.word("a property is expected")?;
        let function = match property.as_str() {
            "startswith" => Some(Function::StartsWith),
            "endswith" => Some(Function::EndsWith),
            "contains" => Some(Function::Contains),
            _ => None,
        };
        if let Some(function) = function
            && self.takes(&Token::Open)
        {
            return self.function(function);
        }
        let position = self.position();
        let operator = match self.word("an operator is expected")?.as_str() {
            "eq" => Operator::Equal,
            "ne" => Operator::NotEqual,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            "in" => return self.among(property),
            _ => {
                return Err(Problem {
                    expected: "one of eq, ne, gt, ge, lt, le, in is expected",
                    position,
                });
            }
        };
        let literal = self.literal()?;
        Ok(Tree::Compare {
            property,
            operator,
            literal,
        })
    }

    fn function(&mut self, function: Function) -> Result<Tree, Problem> {
        let property = self.word("a property is expected")?;
        self.expect(&Token::Comma, "',' is expected")?;
        let position = self.position();
        let Some((_, Token::Text(text))) = self.tokens.next() else {
            return Err(Problem {
                expected: "a quoted text is expected",
                position,
            });
        };
        self.expect(&Token::Close, "')' is expected")?;
        Ok(Tree::Text {
            property,
            function,
            text,
        })
    }

    fn among(&mut self, property: String) -> Result<Tree, Problem> {
        self.expect(&Token::Open, "'(' is expected")?;
        let mut literals = vec![self.literal()?];
        while self.takes(&Token::Comma) {
            literals.push(self.literal()?);
        }
        self.expect(&Token::Close, "')' is expected")?;
        Ok(Tree::Among { property, literals })
    }

    fn literal(&mut self) -> Result<Token, Problem> {
        let position = self.position();
        match self.tokens.next() {
            Some((
                _,
                token @ (Token::Text(_)
                | Token::Number(_)
                | Token::Double(_)
                | Token::Guid(_)
                | Token::Time(_)),
            )) => Ok(token),
            Some((_, Token::Word(word))) if matches!(word.as_str(), "null" | "true" | "false") => {
                Ok(Token::Word(word))
            }
            _ => Err(Problem {
                expected: "a value is expected",
                position,
            }),
        }
    }

    fn word(&mut self, expected: &'static str) -> Result<String, Problem> {
        let position = self.position();
        match self.tokens.next() {
            Some((_, Token::Word(word))) => Ok(word),
            _ => Err(Problem { expected, position }),
        }
    }

    fn expect(&mut self, token: &Token, expected: &'static str) -> Result<(), Problem> {
        let position = self.position();
        if self.takes(token) {
            Ok(())
        } else {
            Err(Problem { expected, position })
        }
    }

    fn takes(&mut self, token: &Token) -> bool {
        self.tokens.next_if(|(_, next)| next == token).is_some()
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.tokens
            .next_if(|(_, next)| matches!(next, Token::Word(next) if next == word))
            .is_some()
    }

    fn position(&mut self) -> usize {
        self.tokens
            .peek()
            .map_or(self.end, |(position, _)| *position)
    }
}
