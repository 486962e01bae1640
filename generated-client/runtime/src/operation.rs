//! What is known of an operation before it is called.

/// An operation of the fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    permissions: &'static [&'static str],
    is_repeatable: bool,
}

impl Operation {
    /// Describes an operation.
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
            is_repeatable: !matches!(method.as_bytes(), b"POST"),
        }
    }

    /// The same, of which it is known that it can be repeated without harm.
    #[must_use]
    pub(crate) const fn repeatable(self) -> Self {
        Self {
            is_repeatable: true,
            ..self
        }
    }

    /// The same, of which it is not known that it can be repeated without harm.
    #[must_use]
    pub(crate) const fn ambiguous(self) -> Self {
        Self {
            is_repeatable: false,
            ..self
        }
    }

    /// Reading what the operation writes.
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

    /// The application permissions, any one of which suffices, the least first.
    #[must_use]
    pub const fn permissions(&self) -> &'static [&'static str] {
        self.permissions
    }

    /// Whether a call that may have been carried out can be repeated without harm.
    ///
    /// A `PATCH` of Graph sets values, so that a second one changes nothing; a `POST` appends or acts again.
    #[must_use]
    pub const fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }

    /// Whether it changes anything.
    #[must_use]
    pub fn is_write(&self) -> bool {
        !matches!(self.method, "GET" | "HEAD" | "OPTIONS")
    }
}
