//! Options in the query string, in the form that OData services accept.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Characters with a meaning in a query string, or not allowed in a URL. Quotes, parentheses, commas and colons stay
/// readable.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'+')
    .add(b';')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// An option with its value; nothing is written without a value.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'a, V> {
    name: &'a str,
    value: &'a V,
}

impl<'a, V: Value> Parameter<'a, V> {
    /// Creates an option. The name is not encoded: `$filter`, not `%24filter`.
    pub fn new(name: &'a str, value: &'a V) -> Self {
        Self { name, value }
    }

    /// Appends it to a URL.
    pub(crate) fn append(&self, url: &mut String) {
        if !self.value.is_present() {
            return;
        }
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(self.name);
        url.push('=');
        self.value.write(url);
    }
}

/// The value of an option.
pub trait Value {
    /// Whether there is a value.
    fn is_present(&self) -> bool {
        true
    }

    /// Writes it, encoded.
    fn write(&self, url: &mut String);
}

impl Value for &str {
    /// A space is `%20` and a plus sign `%2B`, so that they cannot be confused.
    fn write(&self, url: &mut String) {
        url.extend(utf8_percent_encode(self, ENCODED));
    }
}

impl<T: Value> Value for Option<T> {
    fn is_present(&self) -> bool {
        self.as_ref().is_some_and(Value::is_present)
    }

    fn write(&self, url: &mut String) {
        if let Some(value) = self {
            value.write(url);
        }
    }
}

impl<T: Value> Value for &T {
    fn is_present(&self) -> bool {
        T::is_present(self)
    }

    fn write(&self, url: &mut String) {
        T::write(self, url);
    }
}

macro_rules! plain {
    ($($type:ty),*) => {
        $(
            impl Value for $type {
                fn write(&self, url: &mut String) {
                    // Writing to a `String` cannot fail.
                    let _ = write!(url, "{self}");
                }
            }
        )*
    };
}

plain!(bool, f64, i32, i64, u32, u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_kept_and_the_value_is_encoded() {
        let mut url = String::from("https://host/x");
        Parameter::new("$top", &&Some(50_u32)).append(&mut url);
        Parameter::new("$skip", &None::<u32>).append(&mut url);
        Parameter::new("$filter", &Some("assignedTo eq 'a+b&c''d#é'")).append(&mut url);
        Parameter::new("$count", &true).append(&mut url);
        Parameter::new("$orderby", &&None::<u32>).append(&mut url);
        assert_eq!(
            url,
            "https://host/x?$top=50&$filter=assignedTo%20eq%20%27a%2Bb%26c%27%27d%23%C3%A9%27&$count=true"
        );
    }

    #[test]
    fn a_parser_reads_the_original_value() {
        let value = "(a eq 'x y+z%20' and b lt 2023-01-01T00:00:00Z) or c eq 'ü;=\"\\'";
        let mut url = String::from("https://host/x");
        Parameter::new("$filter", &value).append(&mut url);
        let url: url::Url = url.parse().unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs, [("$filter".to_owned(), value.to_owned())]);
    }
}
