//! Tokens of the query language.

use super::Mistake;
use crate::time::Ticks;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A table, a column, or an operator that is a word.
    Word(String),
    Text(String),
    Number(i64),
    /// A duration, in seconds.
    Span(i64),
    Time(Ticks),
    /// `|`, `==`, `(` …
    Sign(&'static str),
}

const SIGNS: [&str; 14] = [
    "==", "!=", "=~", "!~", "<=", ">=", "<", ">", "=", "|", "(", ")", ",", ";",
];

/// The tokens, each with the byte at which it begins.
pub(super) fn tokens(query: &str) -> Result<Vec<(usize, Token)>, Mistake> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = query.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
        } else if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else {
            let (token, length) = token(rest, at)?;
            tokens.push((at, token));
            at += length;
        }
    }
    Ok(tokens)
}

fn token(rest: &str, at: usize) -> Result<(Token, usize), Mistake> {
    if let Some(text) = text(rest, at)? {
        return Ok(text);
    }
    let end = |from: usize| {
        let tail = rest.get(from..).unwrap_or_default();
        let length = tail.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
        from + length.unwrap_or(tail.len())
    };
    let first = rest.chars().next().unwrap_or(' ');
    if first.is_ascii_digit() {
        return number(&rest[..end(0)], at);
    }
    let is_negated = rest.starts_with('!') && rest[1..].starts_with(char::is_alphabetic);
    if first.is_alphabetic() || first == '_' || is_negated {
        let mut end = end(usize::from(is_negated));
        if rest[..end].eq_ignore_ascii_case("datetime")
            && let Some(time) = time(&rest[end..], at)?
        {
            return Ok((Token::Time(time.0), end + time.1));
        }
        // `in~` and `!in~` are words.
        if rest[..end].ends_with("in") && rest[end..].starts_with('~') {
            end += 1;
        }
        return Ok((Token::Word(rest[..end].to_owned()), end));
    }
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
    sign.map(|sign| (Token::Sign(sign), sign.len()))
        .ok_or_else(|| Mistake::new(at, format!("Syntax error: unexpected '{first}'")))
}

fn number(word: &str, at: usize) -> Result<(Token, usize), Mistake> {
    let digits = word.trim_end_matches(char::is_alphabetic);
    let seconds = match &word[digits.len()..] {
        "" => 0,
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        "s" => 1,
        unit => {
            let problem = format!("Syntax error: '{unit}' is not a unit of time");
            return Err(Mistake::new(at, problem));
        }
    };
    let value: i64 = digits
        .parse()
        .map_err(|_| Mistake::new(at, format!("Syntax error: '{word}' is not a whole number")))?;
    let token = match seconds {
        0 => Token::Number(value),
        seconds => Token::Span(value.saturating_mul(seconds)),
    };
    Ok((token, word.len()))
}

/// The content of the parentheses of `datetime`, and its length.
fn time(rest: &str, at: usize) -> Result<Option<(Ticks, usize)>, Mistake> {
    let Some(end) = rest.find(')').filter(|_| rest.starts_with('(')) else {
        return Ok(None);
    };
    let text = rest[1..end].trim();
    let time = Ticks::parse(text).ok_or_else(|| {
        Mistake::new(at, format!("Syntax error: '{text}' is not a date and time"))
    })?;
    Ok(Some((time, end + 1)))
}

/// A quoted string in any form, and its length.
fn text(rest: &str, at: usize) -> Result<Option<(Token, usize)>, Mistake> {
    if let Some(inner) = rest.strip_prefix("```") {
        let end = inner.find("```").ok_or_else(|| unclosed(at))?;
        return Ok(Some((Token::Text(inner[..end].to_owned()), end + 6)));
    }
    let hidden = rest.strip_prefix(['h', 'H']).unwrap_or(rest);
    let verbatim = hidden.strip_prefix('@');
    let quoted = verbatim.unwrap_or(hidden);
    let Some(quote) = quoted.chars().next().filter(|first| "\"'".contains(*first)) else {
        return Ok(None);
    };
    let before = rest.len() - quoted.len() + 1;
    let (text, length) = match verbatim {
        Some(_) => doubled(&quoted[1..], quote, at)?,
        None => escaped(&quoted[1..], quote, at)?,
    };
    Ok(Some((Token::Text(text), before + length)))
}

/// A verbatim string: a quote in it is doubled.
fn doubled(rest: &str, quote: char, at: usize) -> Result<(String, usize), Mistake> {
    let mut text = String::new();
    let mut letters = rest.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return Ok((text, place + 1));
        }
        text.push(letter);
    }
    Err(unclosed(at))
}

/// A string with escapes, which ends with its line.
fn escaped(rest: &str, quote: char, at: usize) -> Result<(String, usize), Mistake> {
    let mut text = String::new();
    let mut letters = rest.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '\n' | '\r' => break,
            '\\' => text.push(escape(&mut letters, at)?),
            letter if letter == quote => return Ok((text, place + 1)),
            letter => text.push(letter),
        }
    }
    Err(unclosed(at))
}

fn escape(letters: &mut std::str::CharIndices<'_>, at: usize) -> Result<char, Mistake> {
    let unknown = || Mistake::new(at, "Syntax error: unknown escape in a string");
    let (_, letter) = letters.next().ok_or_else(|| unclosed(at))?;
    let digits = match letter {
        'n' => return Ok('\n'),
        'r' => return Ok('\r'),
        't' => return Ok('\t'),
        'a' => return Ok('\u{7}'),
        'b' => return Ok('\u{8}'),
        'f' => return Ok('\u{c}'),
        'v' => return Ok('\u{b}'),
        '\\' | '"' | '\'' => return Ok(letter),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return Err(unknown()),
    };
    let code: String = letters.take(digits).map(|(_, digit)| digit).collect();
    u32::from_str_radix(&code, 16)
        .ok()
        .filter(|_| code.len() == digits)
        .and_then(char::from_u32)
        .ok_or_else(unknown)
}

fn unclosed(at: usize) -> Mistake {
    Mistake::new(at, "Syntax error: unclosed string")
}
