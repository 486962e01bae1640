//! Properties of a condition, each with the operators that fit its type.

use std::marker::PhantomData;

use chrono::{DateTime, SecondsFormat, Timelike as _, Utc};
use uuid::Uuid;

use crate::data::enumeration::OpenEnum;
use crate::data::rank::RankedEnum;

use super::Filter;

/// A nullable string.
#[derive(Debug, Clone, Copy)]
pub struct TextField(&'static str);

impl TextField {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Compares for equality.
    pub fn eq(self, text: impl AsRef<str>) -> Filter {
        Filter::comparison(self.0, "eq", &quoted(text.as_ref()))
    }

    /// Requires another value, or null.
    pub fn ne(self, text: impl AsRef<str>) -> Filter {
        Filter::comparison(self.0, "ne", &quoted(text.as_ref()))
    }

    /// Requires null.
    pub fn is_null(self) -> Filter {
        Filter::comparison(self.0, "eq", "null")
    }

    /// Requires a value.
    pub fn is_not_null(self) -> Filter {
        Filter::comparison(self.0, "ne", "null")
    }
}

/// A member of an enumeration.
#[derive(Debug, Clone, Copy)]
pub struct EnumField<T>(&'static str, PhantomData<T>);

impl<T> EnumField<T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name, PhantomData)
    }
}

impl<T: OpenEnum> EnumField<T> {
    /// Requires this member.
    pub fn eq(self, member: T) -> Filter {
        Filter::comparison(self.0, "eq", &quoted(member.as_str()))
    }

    /// Requires another member, or null.
    pub fn ne(self, member: T) -> Filter {
        Filter::comparison(self.0, "ne", &quoted(member.as_str()))
    }

    /// Requires one of these members. An empty set matches nothing.
    pub fn any_of(self, members: impl IntoIterator<Item = T>) -> Filter {
        let name = self.0;
        members
            .into_iter()
            .map(|member| Filter::comparison(name, "eq", &quoted(member.as_str())))
            .reduce(Filter::or)
            .unwrap_or_else(|| {
                Filter::comparison(name, "eq", "null").and(Filter::comparison(name, "ne", "null"))
            })
    }

    /// Requires null.
    pub fn is_null(self) -> Filter {
        Filter::comparison(self.0, "eq", "null")
    }

    /// Requires a value.
    pub fn is_not_null(self) -> Filter {
        Filter::comparison(self.0, "ne", "null")
    }
}

impl<T: RankedEnum> EnumField<T> {
    /// Requires this member or one with a higher rank. A member without a rank is neither higher nor lower than others:
    /// then only that member matches.
    pub fn at_least(self, member: T) -> Filter {
        let ranked = T::ranked().iter();
        let higher: Vec<T> = ranked.filter(|other| **other >= member).cloned().collect();
        match higher.is_empty() {
            true => self.eq(member),
            false => self.any_of(higher),
        }
    }
}

/// A point in time.
#[derive(Debug, Clone, Copy)]
pub struct DateField(&'static str);

impl DateField {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Requires exactly this time.
    pub fn eq(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "eq", &date_literal(time))
    }

    /// Requires another time, or null.
    pub fn ne(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "ne", &date_literal(time))
    }

    /// Requires a later time.
    pub fn gt(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "gt", &date_literal(time))
    }

    /// Requires this time or a later one.
    pub fn ge(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "ge", &date_literal(time))
    }

    /// Requires an earlier time.
    pub fn lt(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "lt", &date_literal(time))
    }

    /// Requires this time or an earlier one.
    pub fn le(self, time: DateTime<Utc>) -> Filter {
        Filter::comparison(self.0, "le", &date_literal(time))
    }

    /// Requires a time from the first (inclusive) to the second (exclusive).
    pub fn within(self, times: std::ops::Range<DateTime<Utc>>) -> Filter {
        self.ge(times.start).and(self.lt(times.end))
    }
}

/// A number, a boolean or a GUID: a value without quotes.
#[derive(Debug, Clone, Copy)]
pub struct PlainField<T>(&'static str, PhantomData<T>);

impl<T> PlainField<T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name, PhantomData)
    }

    /// Requires null.
    pub fn is_null(self) -> Filter {
        Filter::comparison(self.0, "eq", "null")
    }

    /// Requires a value.
    pub fn is_not_null(self) -> Filter {
        Filter::comparison(self.0, "ne", "null")
    }
}

macro_rules! plain {
    ($($type:ty),*) => {
        $(
            impl PlainField<$type> {
                /// Requires this value.
                pub fn eq(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "eq", &value.to_string())
                }

                /// Requires another value, or null.
                pub fn ne(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "ne", &value.to_string())
                }
            }
        )*
    };
}

macro_rules! ordered {
    ($($type:ty),*) => {
        $(
            impl PlainField<$type> {
                /// Requires a greater value.
                pub fn gt(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "gt", &value.to_string())
                }

                /// Requires this value or a greater one.
                pub fn ge(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "ge", &value.to_string())
                }

                /// Requires a smaller value.
                pub fn lt(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "lt", &value.to_string())
                }

                /// Requires this value or a smaller one.
                pub fn le(self, value: $type) -> Filter {
                    Filter::comparison(self.0, "le", &value.to_string())
                }
            }
        )*
    };
}

plain!(bool, i32, i64, f64, Uuid);
ordered!(i32, i64, f64);

/// A quoted string, with quotes in it doubled.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A time in OData's format: without quotes, in UTC, with at most seven fraction digits, as the service stores it.
fn date_literal(time: DateTime<Utc>) -> String {
    let ticks = time.nanosecond() % 1_000_000_000 / 100;
    let seconds = time.to_rfc3339_opts(SecondsFormat::Secs, true);
    match ticks {
        0 => seconds,
        ticks => {
            let fraction = format!("{ticks:07}");
            format!(
                "{}.{}Z",
                seconds.trim_end_matches('Z'),
                fraction.trim_end_matches('0')
            )
        }
    }
}
