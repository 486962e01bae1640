//! Tokens of the filter language.

use uuid::Uuid;

use crate::time::Ticks;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A property, an operator, `null`, `true`, `false`.
    Word(String),
    /// A quoted string; two quotes in it represent one.
    Text(String),
    Number(i64),
    Double(f64),
    Guid(String),
    Time(Ticks),
    Open,
    Close,
    Comma,
}

/// The expected token, and the byte of the unexpected one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) expected: &'static str,
    pub(crate) position: usize,
}

/// The tokens, each with the position at which it begins.
pub(crate) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Problem> {
    let mut tokens = Vec::new();
    let mut position = 0;
    while let Some(rest) = text.get(position..) {
        let Some(first) = rest.chars().next() else {
            break;
        };
        let (token, length) = match first {
            ' ' | '\t' => {
                position += 1;
                continue;
            }
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '\'' => quoted(rest).ok_or(Problem {
                expected: "a closing quote is missing",
                position,
            })?,
            _ => word(rest).ok_or(Problem {
                expected: "a property, an operator or a value is expected",
                position,
            })?,
        };
        tokens.push((position, token));
        position += length;
    }
    Ok(tokens)
}

fn quoted(rest: &str) -> Option<(Token, usize)> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((index, letter)) = letters.next() {
        if letter != '\'' {
            text.push(letter);
        } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
            text.push('\'');
        } else {
            return Some((Token::Text(text), index + 1));
        }
    }
    None
}

fn word(rest: &str) -> Option<(Token, usize)> {
    let end = rest
        .find(|letter: char| !(letter.is_alphanumeric() || "_.:+-/@$".contains(letter)))
        .unwrap_or(rest.len());
    let word = rest.get(..end).filter(|word| !word.is_empty())?;
    if word.len() == 36 && Uuid::try_parse(word).is_ok() {
        return Some((Token::Guid(word.to_ascii_lowercase()), end));
    }
    let is_value = word.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    let token = if !is_value {
        Token::Word(word.to_owned())
    } else if let Ok(number) = word.parse() {
        Token::Number(number)
    } else if let Some(number) = word.parse().ok().filter(|number: &f64| number.is_finite()) {
        Token::Double(number)
    } else {
        Token::Time(Ticks::parse(word)?)
    };
    Some((token, end))
}
