//! Facts about an operation that are known before it is called.

use std::time::Duration;

/// An operation of the fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    permissions: &'static [&'static str],
    is_repeatable: bool,
    only_reads: bool,
    patience: Option<Patience>,
    expected: Expected,
}

/// The default time limits of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Patience {
    /// One attempt.
    pub(crate) attempt: Duration,
    /// All attempts, including the waits.
    pub(crate) total: Duration,
}

/// The required content of a successful response. A response that lacks it is an error, whatever its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Expected {
    /// Nothing is known. Only a response that is just an error object is an error.
    #[default]
    Anything,
    /// A list in `value`.
    List,
    /// An entity: these members as strings, except those that `$select` leaves out.
    Keys(&'static [&'static str]),
    /// The result of an action: at least one of these members with a value.
    AnyOf(&'static [&'static str]),
}

impl Operation {
    /// Creates the description of an operation.
    #[must_use]
    pub const fn new(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        permissions: &'static [&'static str],
    ) -> Self {
        Self {
            id,
            method,
            path,
            permissions,
            only_reads: false,
            patience: None,
            is_repeatable: matches!(method.as_bytes(), b"GET" | b"HEAD" | b"OPTIONS"),
            expected: Expected::Anything,
        }
    }

    /// Sets what a successful response must contain.
    #[must_use]
    pub const fn expecting(self, expected: Expected) -> Self {
        Self { expected, ..self }
    }

    /// Marks it as read-only, whatever its method, so that it can be retried safely.
    #[must_use]
    pub const fn only_reading(self) -> Self {
        Self {
            is_repeatable: true,
            only_reads: true,
            ..self
        }
    }

    /// Sets the default seconds for an attempt and for the whole call.
    ///
    /// A response that takes this long is expensive for the service: after a client-side timeout, the call is not
    /// retried.
    #[must_use]
    pub const fn taking_seconds(self, attempt: u64, total: u64) -> Self {
        Self {
            patience: Some(Patience {
                attempt: Duration::from_secs(attempt),
                total: Duration::from_secs(total),
            }),
            ..self
        }
    }

    /// The same, with the time limits of another.
    #[must_use]
    pub(crate) const fn with_patience(self, patience: Option<Patience>) -> Self {
        Self { patience, ..self }
    }

    pub(crate) const fn patience(&self) -> Option<Patience> {
        self.patience
    }

    /// The same, marked as safe to repeat.
    #[must_use]
    pub const fn repeatable(self) -> Self {
        Self {
            is_repeatable: true,
            ..self
        }
    }

    /// The same, marked as not safe to repeat: the version that it requires no longer exists then.
    #[must_use]
    pub(crate) const fn once(self) -> Self {
        Self {
            is_repeatable: false,
            ..self
        }
    }

    /// The operation that reads what this one writes.
    #[must_use]
    pub(crate) const fn reading(self) -> Self {
        Self {
            method: "GET",
            ..self
        }
    }

    /// `operationId`, such as `updateIncident`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// `GET`, `PATCH` …
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The path template, such as `/security/incidents/{incident-id}`.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The application permissions, each of which suffices, the least privileged first.
    #[must_use]
    pub const fn permissions(&self) -> &'static [&'static str] {
        self.permissions
    }

    /// Whether a call can be repeated without harm after its outcome was lost.
    ///
    /// A read can. A write must be marked: most updates set values, so that a second one changes nothing, but one with
    /// `@odata.bind` adds, one with `If-Match` fails, and an action acts again.
    #[must_use]
    pub const fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }

    /// What a successful response must contain.
    #[must_use]
    pub const fn expected(&self) -> Expected {
        self.expected
    }

    /// Whether it changes anything.
    #[must_use]
    pub fn is_write(&self) -> bool {
        !self.only_reads && !matches!(self.method, "GET" | "HEAD" | "OPTIONS")
    }
}
