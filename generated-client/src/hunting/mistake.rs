//! The position of an error in a query.

use std::fmt;

use graph_client_runtime::Error;

/// The position of an error in a query, from the engine's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The line, counted from 1.
    pub line: u32,
    /// The character in the line, as the engine counts it.
    pub column: u32,
}

impl Position {
    /// Finds the position in the error of a refused query (400). Returns `None` if the message has no position.
    ///
    /// ```
    /// use graph_incidents::hunting::Position;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let error = client.hunt("AlertInfo\n| were Title == 'x'").await.unwrap_err();
    /// let position = Position::of(&error).unwrap();
    /// assert_eq!((position.line, position.column), (2, 3));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        match error.is_bad_request() {
            true => Self::within(error.message()),
            false => None,
        }
    }

    /// `[line:position=2:3]`, `on line [2,3]`, `Line: 2 … Position: 3`, `"line":2,"pos":3`.
    fn within(message: &str) -> Option<Self> {
        let message = message.to_lowercase();
        let after = |marker: &str| message.split_once(marker).map(|(_, rest)| rest);
        if let Some(rest) = after("line:position=").or_else(|| after("on line [")) {
            let (line, rest) = number(rest)?;
            let rest = rest.strip_prefix([':', ','])?;
            let (column, _) = number(rest)?;
            return Some(Self { line, column });
        }
        let named = |names: &[&str]| {
            let mut found = names.iter().filter_map(|name| value(&message, name));
            found.next()
        };
        Some(Self {
            line: named(&["line"])?,
            column: named(&["position", "pos"])?,
        })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// The number that follows a name and a colon or equals sign.
fn value(message: &str, name: &str) -> Option<u32> {
    let places = message.match_indices(name);
    let mut values = places.filter_map(|(place, _)| {
        let rest = message[place + name.len()..].trim_start_matches('"');
        let rest = rest.trim_start().strip_prefix([':', '='])?;
        Some(number(rest)?.0)
    });
    values.next()
}

/// A number, and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start();
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_found_in_every_form() {
        for message in [
            "Syntax error: a value is expected [line:position=3:17]",
            "Query could not be parsed at 'x' on line [3,17]",
            "A recognition error occurred.\nToken: |\nLine: 3\nPosition: 17",
            r#"{"code":"SYN0002","line":3,"pos":17,"token":"|"}"#,
        ] {
            let found = Position::within(message).unwrap();
            assert_eq!(found.to_string(), "line 3, column 17", "{message}");
        }
        for message in [
            "",
            "no position",
            "line: x, position: y",
            "[line:position=]",
            "[line:position=99999999999:1]",
            "on line [3",
        ] {
            assert_eq!(Position::within(message), None, "{message}");
        }
    }
}
