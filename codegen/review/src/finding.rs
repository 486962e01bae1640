//! What a review finds: one finding for each cause, with its effect on the wire and on Rust code.

use std::fmt;

use sha2::{Digest, Sha256};

/// Declares each kind together with its name, so that neither can be forgotten.
macro_rules! kinds {
    ($($variant:ident = $name:literal: $doc:literal,)*) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FindingKind {
            $(#[doc = $doc] $variant,)*
        }

        impl FindingKind {
            /// Every kind, in the order of a report.
            pub const ALL: &'static [FindingKind] = &[$(FindingKind::$variant,)*];

            /// Returns the name in reports, in kebab case.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Whether a whole part, with its content, was added or removed.
            pub(crate) fn is_of_whole(self) -> bool {
                self.as_str().ends_with("-added") || self.as_str().ends_with("-removed")
            }

            /// Returns one sentence that describes the kind.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self {
                    $(Self::$variant => $doc,)*
                }
            }
        }
    };
}

kinds! {
    OperationRemoved = "operation-removed": "An operation is gone.",
    OperationMoved = "operation-moved": "An operation has another method or path.",
    OperationRenamed = "operation-renamed": "An operation has another operationId.",
    OperationAdded = "operation-added": "An operation is new.",
    ParameterRemoved = "parameter-removed": "A parameter is gone.",
    ParameterRenamed = "parameter-renamed": "A parameter has another name.",
    ParameterAdded = "parameter-added": "A parameter is new.",
    ParameterRequiredChanged = "parameter-required-changed": "A parameter became required, or optional.",
    ParameterTypeChanged = "parameter-type-changed": "A parameter has another type or format.",
    ParameterStyleChanged = "parameter-style-changed": "A parameter is serialized in another way (style, explode).",
    ParameterEnumIntroduced = "parameter-enum-introduced": "A parameter that accepted any value accepts only a closed set.",
    ParameterEnumDropped = "parameter-enum-dropped": "A parameter with a closed set of values accepts any value.",
    ParameterEnumChanged = "parameter-enum-changed": "The closed set of values of a parameter has other members.",
    RequestBodyRemoved = "request-body-removed": "An operation no longer has a request body.",
    RequestBodyAdded = "request-body-added": "An operation has a request body.",
    RequestBodyRequiredChanged = "request-body-required-changed": "A body became required, or optional.",
    RequestBodyMediaTypeChanged = "request-body-media-type-changed": "A body has other media types.",
    RequestBodyTypeChanged = "request-body-type-changed": "A body has another type.",
    ResponseRemoved = "response-removed": "A response is gone.",
    ResponseAdded = "response-added": "A response is new.",
    ResponseStatusChanged = "response-status-changed": "A response has another status.",
    ResponseBodyRemoved = "response-body-removed": "A response no longer has a body.",
    ResponseBodyAdded = "response-body-added": "A response that had no body has one.",
    ResponseMediaTypeChanged = "response-media-type-changed": "A response has other media types.",
    ResponseTypeChanged = "response-type-changed": "A response has another type.",
    ResponseHeaderRemoved = "response-header-removed": "A header of a response is gone.",
    ResponseHeaderAdded = "response-header-added": "A header of a response is new.",
    ResponseHeaderChanged = "response-header-changed": "A header of a response has changed.",
    EncodingChanged = "encoding-changed": "A part of a form is encoded in another way.",
    CallbackRemoved = "callback-removed": "The service no longer calls back.",
    CallbackAdded = "callback-added": "The service calls back.",
    ResponseLinkRemoved = "response-link-removed": "A link of a response is gone.",
    ResponseLinkAdded = "response-link-added": "A link of a response is new.",
    ResponseLinkChanged = "response-link-changed": "A link of a response has changed.",
    SchemaRemoved = "schema-removed": "A named schema is gone.",
    SchemaRenamed = "schema-renamed": "A named schema has another name.",
    SchemaAdded = "schema-added": "A named schema is new.",
    SchemaTypeChanged = "schema-type-changed": "A named schema has another type.",
    SchemaBaseChanged = "schema-base-changed": "A named schema extends another one, and has other properties for it.",
    AdditionalPropertiesChanged = "additional-properties-changed": "Undeclared properties are now refused, accepted, or have another type.",
    PropertyRemoved = "property-removed": "A property is gone.",
    PropertyRenamed = "property-renamed": "A property has another name.",
    PropertyAdded = "property-added": "A property is new.",
    PropertyTypeChanged = "property-type-changed": "A property has another type.",
    PropertyFormatChanged = "property-format-changed": "A property has another format.",
    PropertyNullableChanged = "property-nullable-changed": "A property may be null, or no longer may.",
    PropertyRequiredChanged = "property-required-changed": "A property became required, or optional.",
    PropertyReadOnlyChanged = "property-read-only-changed": "A property became read-only or write-only, or no longer is.",
    EnumMemberRemoved = "enum-member-removed": "A member of an enumeration is gone.",
    EnumMemberRenamed = "enum-member-renamed": "A member of an enumeration has another name.",
    EnumMemberAdded = "enum-member-added": "A member of an enumeration is new.",
    EnumClosed = "enum-closed": "An open enumeration is now closed.",
    EnumOpened = "enum-opened": "A closed enumeration is now open.",
    DiscriminatorRemoved = "discriminator-removed": "A discriminator is gone.",
    DiscriminatorAdded = "discriminator-added": "A discriminator is new.",
    DiscriminatorChanged = "discriminator-changed": "Another property is the discriminator.",
    DiscriminatorMappingRemoved = "discriminator-mapping-removed": "A discriminator no longer lists a subtype.",
    DiscriminatorMappingAdded = "discriminator-mapping-added": "A discriminator lists a new subtype.",
    DiscriminatorMappingChanged = "discriminator-mapping-changed": "A discriminator value maps to another type, or a type to another value.",
    BoundsChanged = "bounds-changed": "A length, size or range has changed.",
    PatternChanged = "pattern-changed": "The pattern of a string has changed.",
    DefaultChanged = "default-changed": "The default value has changed.",
    DeprecationChanged = "deprecation-changed": "Something became deprecated, or no longer is.",
    SecurityChanged = "security-changed": "Other security schemes are required.",
    ScopesChanged = "scopes-changed": "Other permissions, scopes or roles are required.",
    ServerRemoved = "server-removed": "A server is gone.",
    ServerChanged = "server-changed": "A server has another address.",
    ServerAdded = "server-added": "A server is new.",
    ExtensionChanged = "extension-changed": "An extension (`x-…`) has changed.",
    ComponentRemoved = "component-removed": "A shared part that no operation uses is gone.",
    ComponentAdded = "component-added": "A shared part that no operation uses is new.",
    FormatVersionChanged = "format-version-changed": "The description is written in another version of OpenAPI.",
    NotUnderstood = "not-understood": "A change that no rule covers.",
    DocsChanged = "docs-changed": "The documentation has changed.",
    SourcesDisagree = "sources-disagree": "Two sources about the service disagree.",
    DecisionExpired = "decision-expired": "Upstream now agrees with a decision that was made against it.",
}

impl fmt::Display for FindingKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The effect of a change on the wire: on deployed clients and on the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wire {
    /// Requests and responses do not change.
    None,
    /// Deployed clients and services keep working.
    Compatible,
    /// A deployed client or service sends something that is refused, or receives something that it cannot read.
    Breaking,
}

impl Wire {
    /// Returns the name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }
}

impl Wire {
    /// The severity of a finding: that of the more severe of its two axes.
    pub(super) fn max_rust(self, rust: Rust) -> u8 {
        let wire = match self {
            Self::None => 0,
            Self::Compatible => 1,
            Self::Breaking => 2,
        };
        let rust = match rust {
            Rust::None => 0,
            Rust::Additive => 1,
            Rust::Breaking => 2,
        };
        wire.max(rust)
    }
}

/// The effect of a change on code that uses the generated crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rust {
    /// The public items do not change.
    None,
    /// Public items were added or deprecated.
    Additive,
    /// A public item was removed or changed.
    Breaking,
}

impl Rust {
    /// Returns the name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Additive => "additive",
            Self::Breaking => "breaking",
        }
    }
}

/// One of the two descriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The older one.
    Base,
    /// The newer one.
    Head,
}

impl Side {
    /// Returns the other side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Base => Self::Head,
            Self::Head => Self::Base,
        }
    }

    /// Returns the name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Head => "head",
        }
    }
}

/// A location in one of the two descriptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Which description.
    pub side: Side,
    /// The name of the description.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The JSON pointer, with `#` in front.
    pub pointer: String,
}

/// One change, at the location that caused it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// Identifies the change, independent of its line in the file: see [`identifier`].
    pub id: String,
    /// The kind of change.
    pub kind: FindingKind,
    /// The changed part: `Incident.tenantId`, `PATCH /security/incidents/{}`.
    pub subject: String,
    /// The changed detail of the subject, if its name does not tell: an extension, a bound, a field of the
    /// documentation.
    pub detail: String,
    /// The old value.
    pub from: Option<String>,
    /// The new value.
    pub to: Option<String>,
    /// The effect on the wire: the worse of the effects on requests and responses.
    pub wire: Wire,
    /// The effect on requests; `None` if no request contains the part.
    pub request: Option<Wire>,
    /// The effect on responses; `None` if no response contains the part.
    pub response: Option<Wire>,
    /// Whether a rule covers the change. A change that no rule covers counts as breaking.
    pub understood: bool,
    /// The effect on code that uses the generated crate.
    pub rust: Rust,
    /// The certainty, from 0 to 1; below 1 for a guessed rename.
    pub certainty: f64,
    /// The location of the change.
    pub at: Location,
    /// The nearest location in the other description, if there is one: the same part, or the part that contained it.
    pub nearest: Option<Location>,
    /// The operations that the change affects, then the types.
    pub used_by: Vec<String>,
    /// The public items of the generated crate that change with it, with `-` or `+` in front.
    pub rust_items: Vec<String>,
}

impl Finding {
    /// Creates a finding of another comparison than a review, such as a refresh: it affects neither the wire nor Rust
    /// code.
    #[must_use]
    pub fn told(kind: FindingKind, subject: &str, at: Location) -> Self {
        Self {
            id: identifier(kind, subject, "", None, None),
            kind,
            subject: subject.to_owned(),
            detail: String::new(),
            from: None,
            to: None,
            wire: Wire::None,
            request: None,
            response: None,
            understood: true,
            rust: Rust::None,
            certainty: 1.0,
            at,
            nearest: None,
            used_by: Vec::new(),
            rust_items: Vec::new(),
        }
    }

    /// Sets the old and the new value.
    #[must_use]
    pub fn with_change(mut self, from: Option<String>, to: Option<String>) -> Self {
        self.id = identifier(
            self.kind,
            &self.subject,
            &self.detail,
            from.as_deref(),
            to.as_deref(),
        );
        self.from = from;
        self.to = to;
        self
    }
}

/// Returns a short identifier of a change that depends on the change alone, not on its line or on other changes.
#[must_use]
pub fn identifier(
    kind: FindingKind,
    subject: &str,
    detail: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> String {
    let mut hasher = Sha256::new();
    for part in [
        kind.as_str(),
        subject,
        detail,
        from.unwrap_or("\u{1}"),
        to.unwrap_or("\u{1}"),
    ] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
