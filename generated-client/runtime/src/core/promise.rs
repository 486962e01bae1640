//! Checks a response against the required content of its operation: a success that lacks it is an error.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::{Request, Response};
use crate::data::read::Key;
use crate::data::{JsonMap, json};
use crate::error::{Effect, Error, Kind, ServiceError};
use crate::operation::{Expected, Operation};
use crate::retry;

/// Handles a response, or returns why it cannot: then the attempt has failed, and may be retried.
pub(crate) type Reader<'r> = dyn FnMut(&Response) -> Result<(), Error> + Send + 'r;

/// The result of the check, before a response is read as a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// It has the required content.
    Kept,
    /// It is not a JSON object, or ends before the required content.
    Unread,
}

/// Looks for the required content, and reads no more of the body than necessary.
fn check(response: &Response, operation: &Operation, request: &Request) -> Result<Promise, Error> {
    let expected = operation.expected();
    if response.status == 204 && expected != Expected::Anything {
        // It was carried out, but the required content is missing and must be read.
        return Err(lacking(response, operation, "a body").with_effect(applied(operation)));
    }
    let mut search = Search::of(expected);
    let mut json = serde_json::Deserializer::from_slice(json::without_mark(&response.body));
    let is_whole = json.deserialize_map(&mut search).is_ok();
    if search.is_over() {
        return Ok(Promise::Kept);
    }
    // The text alone proves nothing: a property may have that name.
    let found = ServiceError::find(&search.error).filter(|found| found.code.is_some());
    if let Some(found) = found {
        return Err(of_service(response, operation, found));
    }
    match search.missing(request) {
        None => Ok(Promise::Kept),
        Some(_) if response.body.is_empty() => Err(lacking(response, operation, "a body")),
        Some(_) if !is_whole => Ok(Promise::Unread),
        Some(missing) => Err(lacking(response, operation, &missing)),
    }
}

/// Reads a response with the required content.
pub(crate) fn accept(
    response: &Response,
    operation: &Operation,
    request: &Request,
    read: &mut Reader<'_>,
) -> Result<(), Error> {
    if check(response, operation, request)? == Promise::Kept {
        return read(response);
    }
    // The effect of the request is then unknown.
    let error = match read(response) {
        Ok(()) => Error::new(Kind::Decode, "the response is not an object")
            .with_status(response.status)
            .with_request_id(response.request_id()),
        Err(error) => error,
    };
    Err(error.with_effect(possible(operation)))
}

/// The error of an error object with the status of a success.
fn of_service(response: &Response, operation: &Operation, body: ServiceError) -> Error {
    let asked = retry::retry_after(&response.headers).or_else(|| retry::in_words(&body.message));
    Error::new(Kind::Service, "")
        .with_status(response.status)
        .with_request_id(response.request_id())
        .with_retry_after(asked)
        .with_effect(possible(operation))
        .with_body(body)
}

fn lacking(response: &Response, operation: &Operation, what: &str) -> Error {
    Error::new(Kind::Decode, format!("the response lacks {what}"))
        .with_status(response.status)
        .with_request_id(response.request_id())
        .with_effect(possible(operation))
}

/// The possible effect of a call whose response does not report it.
pub(crate) fn possible(operation: &Operation) -> Effect {
    match operation.is_write() {
        true => Effect::Unknown,
        false => Effect::NotApplied,
    }
}

/// The effect of a successful call.
pub(crate) fn applied(operation: &Operation) -> Effect {
    match operation.is_write() {
        true => Effect::Applied,
        false => Effect::NotApplied,
    }
}

/// A walk over the members of a body, which ends once everything is found.
struct Search {
    expected: Expected,
    /// The names that were found, one bit for each.
    found: u64,
    /// The last required member with a value of the wrong kind, and the right kind.
    misfit: Option<(&'static str, &'static str)>,
    /// A possible error object.
    error: JsonMap,
}

impl Search {
    fn of(expected: Expected) -> Self {
        Self {
            expected,
            found: 0,
            misfit: None,
            error: JsonMap::new(),
        }
    }

    fn is_over(&self) -> bool {
        match self.expected {
            Expected::Anything | Expected::List | Expected::AnyOf(_) => self.found != 0,
            Expected::Keys(names) => self.found.count_ones() as usize >= names.len().min(64),
        }
    }

    /// The required kind of value for a name, and its index.
    fn place(&self, name: &str) -> Option<(usize, Need, &'static str)> {
        let (names, need): (&[&'static str], Need) = match self.expected {
            Expected::Anything => return None,
            Expected::List => (&["value"], Need::List),
            Expected::Keys(names) => (names, Need::Text),
            Expected::AnyOf(names) => (names, Need::Value),
        };
        let index = names.iter().position(|wanted| *wanted == name)?;
        Some((index, need, names[index]))
    }

    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if let Some((index, need, name)) = self.place(name) {
            let mut kind = "null";
            let read = map.next_value_seed(Probe(&mut kind));
            match need.misses(kind) {
                Some(expected) => self.misfit = Some((name, expected)),
                None => self.found |= 1 << index.min(63),
            }
            return read;
        }
        if ServiceError::is_member(name) {
            let value: Value = map.next_value()?;
            if self.expected != Expected::Anything || value.is_object() {
                self.error.insert(name.to_owned(), value);
                return Ok(());
            }
            self.found = 1;
            return Ok(());
        }
        if self.expected == Expected::Anything && !name.starts_with('@') {
            self.found = 1;
            return Ok(());
        }
        map.next_value::<IgnoredAny>().map(drop)
    }

    /// The required members that the response lacks.
    fn missing(&self, request: &Request) -> Option<String> {
        let unfound = match self.expected {
            Expected::Anything => return None,
            Expected::List => "`value`".to_owned(),
            Expected::AnyOf([name]) => format!("`{name}`"),
            Expected::AnyOf(names) => format!("every one of `{}`", names.join("`, `")),
            Expected::Keys(names) => {
                let selected = selected(request);
                let missing = names.iter().enumerate().find(|(index, name)| {
                    self.found & (1 << (*index).min(63)) == 0
                        && selected
                            .as_ref()
                            .is_none_or(|selected| selected.iter().any(|other| other == *name))
                });
                format!("`{}`", missing?.1)
            }
        };
        Some(match self.misfit {
            Some((name, expected)) => format!("{expected} in `{name}`"),
            None => unfound,
        })
    }
}

/// The names in `$select`; none if it selects everything.
fn selected(request: &Request) -> Option<Vec<String>> {
    let query = request.url.query_pairs();
    let lists: Vec<_> = query.filter(|(name, _)| name == "$select").collect();
    let names = lists.iter().flat_map(|(_, list)| list.split(','));
    let names: Vec<String> = names.map(|name| name.trim().to_owned()).collect();
    (!names.is_empty() && !names.iter().any(|name| name == "*")).then_some(names)
}

impl<'de> Visitor<'de> for &mut Search {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(name)) = map.next_key()? {
            self.member(&name, &mut map)?;
            if self.is_over() {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// The required kind of a member's value.
#[derive(Clone, Copy)]
enum Need {
    List,
    Text,
    Value,
}

impl Need {
    /// The required kind of value, if a value of that kind is not one.
    fn misses(self, kind: &str) -> Option<&'static str> {
        match (self, kind) {
            (Self::List, "a list") | (Self::Text, "a text") => None,
            (Self::List, _) => Some("a list"),
            (Self::Text, _) => Some("a text"),
            (Self::Value, "null") => Some("a value"),
            (Self::Value, _) => None,
        }
    }
}

/// Records the kind of a value without walking lists and objects.
struct Probe<'k>(&'k mut &'static str);

impl<'de> DeserializeSeed<'de> for Probe<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Probe<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        *self.0 = "a text";
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        *self.0 = "a list";
        Err(A::Error::custom("it is a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        *self.0 = "an object";
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        *self.0 = "a boolean";
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        *self.0 = "a number";
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        *self.0 = "a number";
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        *self.0 = "a number";
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
