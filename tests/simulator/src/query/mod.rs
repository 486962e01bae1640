//! Query options of lists, within the profile's limits.

mod link;
mod order;

use crate::contract::{Contract, Operation};
use crate::error::Refusal;
use crate::filter::{Condition, condition};
use crate::freshness::Freshness;

pub(crate) use link::{Continuation, next_link};
pub(crate) use order::{Order, compare};

/// The position of a delta query.
pub(crate) const DELTA_TOKEN: &str = "$deltatoken";

/// The decoded query options of a call, without duplicates.
pub(crate) struct Options {
    given: Vec<(String, String)>,
}

/// The options of a list.
#[derive(Default)]
pub(crate) struct ListQuery {
    pub(crate) condition: Option<Condition>,
    pub(crate) order: Vec<Order>,
    pub(crate) top: Option<usize>,
    pub(crate) skip: usize,
    pub(crate) count: bool,
    pub(crate) continuation: Option<Continuation>,
    /// The state of the latest writes for filters and orders.
    pub(crate) index: Freshness,
    /// Whether a page begins with the last item of the previous one.
    pub(crate) repeats: bool,
}

impl ListQuery {
    /// The item that the next page begins after; a page of one item is never repeated, or the list would not end.
    pub(crate) fn last_of_page<'a, T>(&self, items: &'a [T]) -> Option<&'a T> {
        let back = if self.repeats && items.len() > 1 {
            2
        } else {
            1
        };
        items
            .len()
            .checked_sub(back)
            .and_then(|last| items.get(last))
    }

    /// The offset of the next page.
    pub(crate) fn next_offset(&self, end: usize, items: usize) -> usize {
        end - usize::from(self.repeats && items > 1)
    }

    /// The start of this page.
    pub(crate) fn start(&self) -> Continuation {
        self.continuation.unwrap_or(Continuation::Offset(self.skip))
    }
}

impl Options {
    /// Refuses OData options that the operation does not support, and repeated ones; other options are ignored.
    pub(crate) fn read(
        operation: &Operation,
        given: Vec<(String, String)>,
    ) -> Result<Self, Refusal> {
        let known = &operation.query;
        for (index, (name, _)) in given.iter().enumerate() {
            let expected = !name.starts_with('$')
                || name == link::TOKEN
                || name == DELTA_TOKEN
                || known.iter().any(|option| &option.name == name);
            if !expected {
                return Err(Refusal::bad_request(format!(
                    "the query option '{name}' is not supported here"
                ))
                .at(name));
            }
            if name.starts_with('$') && given.iter().take(index).any(|(earlier, _)| earlier == name)
            {
                return Err(
                    Refusal::bad_request(format!("the query option '{name}' is repeated")).at(name),
                );
            }
        }
        Ok(Self { given })
    }

    /// Assumed: a text option without a value counts as absent.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.given
            .iter()
            .find(|(given, value)| given == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The value of an option that is not a string and therefore must not be empty.
    fn value(&self, name: &str) -> Option<&str> {
        let given = self.given.iter().find(|(given, _)| given == name);
        given.map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Result<Option<usize>, Refusal> {
        self.value(name)
            .map(|text| {
                text.parse::<i32>()
                    .ok()
                    .and_then(|number| usize::try_from(number).ok())
                    .ok_or_else(|| {
                        Refusal::bad_request(format!(
                            "Invalid value '{text}' for {name}: it is not a whole number from 0 on."
                        ))
                        .at(name)
                    })
            })
            .transpose()
    }

    fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.value(name) {
            None => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(text) => Err(Refusal::bad_request(format!(
                "Invalid value '{text}' for {name}: it is neither true nor false."
            ))
            .at(name)),
        }
    }

    /// The items of a list, without duplicates.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<&str>, Refusal> {
        let items: Vec<&str> = self
            .text(name)
            .map_or_else(Vec::new, |text| text.split(',').map(str::trim).collect());
        match items
            .iter()
            .enumerate()
            .find(|(index, item)| items[..*index].contains(item))
        {
            Some((_, item)) => {
                Err(Refusal::bad_request(format!("'{item}' is repeated in {name}")).at(name))
            }
            None => Ok(items),
        }
    }

    /// The properties to return; all of them without the option.
    pub(crate) fn select(
        &self,
        contract: &Contract,
        schema: &str,
    ) -> Result<Option<Vec<String>>, Refusal> {
        if self.text("$select").is_none() {
            return Ok(None);
        }
        let names = self.list("$select")?;
        if names.contains(&"*") {
            return Ok(None);
        }
        let known = contract.object(schema);
        if let Some(stranger) = names
            .iter()
            .find(|name| !known.is_some_and(|object| object.properties.contains_key(**name)))
        {
            return Err(Refusal::bad_request(format!(
                "Could not find a property named '{stranger}' on type '{}'.",
                crate::validate::type_name(schema)
            ))
            .at("$select"));
        }
        Ok(Some(names.into_iter().map(str::to_owned).collect()))
    }

    /// Whether a navigation property is expanded; some schemas have none.
    pub(crate) fn expands(&self, navigation: Option<&str>, schema: &str) -> Result<bool, Refusal> {
        let names = self.list("$expand")?;
        match names.iter().find(|name| Some(**name) != navigation) {
            Some(stranger) => Err(Refusal::bad_request(format!(
                "Could not find a navigation property named '{stranger}' on type '{}'.",
                crate::validate::type_name(schema)
            ))
            .at("$expand")),
            None => Ok(!names.is_empty()),
        }
    }

    /// The options of a list or a count.
    pub(crate) fn list_query(
        &self,
        contract: &Contract,
        schema: &str,
    ) -> Result<ListQuery, Refusal> {
        let filter = self
            .text("$filter")
            .map(|text| condition(contract, schema, text))
            .transpose()?;
        let search = self
            .text("$search")
            .map(|text| Condition::Mentions(text.trim_matches('"').to_lowercase()));
        let condition = match (filter, search) {
            (Some(filter), Some(search)) => Some(Condition::All(vec![filter, search])),
            (filter, search) => filter.or(search),
        };
        Ok(ListQuery {
            condition,
            order: Order::read(contract, schema, &self.list("$orderby")?)?,
            top: self.number("$top")?,
            skip: self.number("$skip")?.unwrap_or(0),
            count: self.flag("$count")?,
            continuation: self.text(link::TOKEN).map(Continuation::read).transpose()?,
            ..ListQuery::default()
        })
    }
}
