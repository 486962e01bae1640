//! Causes of errors: each once, down to the operating system's error.

use std::error::Error as StdError;
use std::io;

/// The maximum length of a chain of causes.
const DEEPEST: usize = 16;

type Cause<'a> = &'a (dyn StdError + 'static);

/// Appends the texts of a cause to a message, without those that it already contains.
pub(super) fn append(message: &mut String, cause: Cause<'_>) {
    for text in texts(cause) {
        if !text.is_empty() && !message.contains(&text) {
            if !message.is_empty() {
                message.push_str(": ");
            }
            message.push_str(&text);
        }
    }
}

/// The operating system's error of the connection.
pub(super) fn io_kind(cause: Cause<'_>) -> Option<io::ErrorKind> {
    let errors = || chain(cause).filter_map(|cause| cause.downcast_ref::<io::Error>());
    let of_system = errors()
        .filter(|error| error.raw_os_error().is_some())
        .last();
    let known = || {
        errors()
            .filter(|error| error.kind() != io::ErrorKind::Other)
            .last()
    };
    of_system.or_else(known).map(io::Error::kind)
}

/// A cause and its own causes.
pub(super) fn chain(cause: Cause<'_>) -> impl Iterator<Item = Cause<'_>> {
    std::iter::successors(Some(cause), |cause| below(*cause)).take(DEEPEST)
}

/// The next cause. An I/O error hides its inner error: its `source` is the one below that.
fn below(cause: Cause<'_>) -> Option<Cause<'_>> {
    match cause
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => Some(inner),
        None => cause.source(),
    }
}

fn texts(cause: Cause<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    for cause in chain(cause) {
        if let Some(error) = cause.downcast_ref::<reqwest::Error>() {
            texts.push(of_connection(error));
            break;
        }
        texts.push(cause.to_string());
    }
    texts
}

/// The five layers of an HTTP client's error in one: the failed step, and the innermost reason.
fn of_connection(error: &reqwest::Error) -> String {
    let texts: Vec<String> = chain(error).map(ToString::to_string).collect();
    let last = texts.last().map_or("", String::as_str);
    let word = lower_case(last);
    let says = |part: &str| texts.iter().any(|text| text.contains(part));
    if error.is_timeout() {
        return match error.is_connect() {
            true => "connecting timed out".to_owned(),
            false => "timed out".to_owned(),
        };
    }
    if says("dns error") {
        return format!("failed to resolve the host name: {word}");
    }
    if says("certificate") || says("TLS") || says("fatal alert") || says("handshake") {
        return format!("TLS handshake failed: {word}");
    }
    if says("proxy") || says("tunnel") {
        return format!("the proxy did not connect: {word}");
    }
    word
}

/// The system's messages begin with a capital; here they are within a sentence.
fn lower_case(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Layer(&'static str, Option<Box<dyn StdError + Send + Sync>>);

    impl std::fmt::Display for Layer {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str(self.0)
        }
    }

    impl StdError for Layer {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            self.1.as_deref().map(|source| source as _)
        }
    }

    #[test]
    fn each_cause_is_printed_once_and_none_is_hidden() {
        let system = io::Error::from_raw_os_error(111);
        let word = system.to_string();
        let custom = io::Error::other(Layer("handshake", Some(system.into())));
        let outer = Layer("no token: handshake", Some(custom.into()));
        let mut message = "sign-in failed".to_owned();
        append(&mut message, &outer);
        assert_eq!(
            message,
            format!("sign-in failed: no token: handshake: {word}")
        );
        assert_eq!(io_kind(&outer), Some(io::ErrorKind::ConnectionRefused));
    }

    #[test]
    fn messages_of_the_system_start_in_lower_case_except_abbreviations() {
        assert_eq!(lower_case("Connection refused"), "connection refused");
        assert_eq!(lower_case("TLS alert"), "TLS alert");
        assert_eq!(lower_case(""), "");
    }

    #[test]
    fn the_kind_is_that_of_the_system_or_the_last_known_one() {
        let cut = io::Error::new(io::ErrorKind::UnexpectedEof, "the end");
        let outer = Layer("reading", Some(cut.into()));
        assert_eq!(io_kind(&outer), Some(io::ErrorKind::UnexpectedEof));
        assert_eq!(io_kind(&Layer("no more", None)), None);
    }
}
