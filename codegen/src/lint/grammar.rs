//! The supported part of OpenAPI 3.0: the keywords of each kind of object, and their kinds of values.
//!
//! A keyword is listed if the generator uses it, or if omitting it changes neither a type nor a request. All others are
//! refused, because a keyword that is silently ignored makes a client that is silently wrong.

/// The kind of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Tag,
    ExternalDocs,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Response,
    Header,
    Components,
    SecurityScheme,
    Example,
    Schema,
    Discriminator,
    EnumDetails,
    EnumMember,
    FlagsDetails,
    Permissions,
    PermissionList,
}

/// The kind of a keyword's value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holds {
    Text,
    Flag,
    Number,
    /// A non-negative integer.
    Count,
    Anything,
    /// A list of strings.
    Texts,
    /// A list of scalars.
    Scalars,
    /// A mapping from strings to strings.
    TextByName,
    /// A list of mappings from strings to lists of strings.
    TextsByNames,
    One(NodeKind),
    List(NodeKind),
    ByName(NodeKind),
    FlagOr(NodeKind),
}

use Holds::{
    Anything, ByName, Count, Flag, FlagOr, List, Number, One, Scalars, Text, TextByName, Texts,
    TextsByNames,
};

impl NodeKind {
    /// Its name in the specification, with an article.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Document => "a document",
            Self::Info => "`info`",
            Self::Contact => "`contact`",
            Self::License => "`license`",
            Self::Server => "a server",
            Self::ServerVariable => "a server variable",
            Self::Tag => "a tag",
            Self::ExternalDocs => "`externalDocs`",
            Self::PathItem => "a path",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::MediaType => "a media type",
            Self::Response => "a response",
            Self::Header => "a header",
            Self::Components => "`components`",
            Self::SecurityScheme => "a security scheme",
            Self::Example => "an example",
            Self::Schema => "a schema",
            Self::Discriminator => "`discriminator`",
            Self::EnumDetails => "`x-ms-enum`",
            Self::EnumMember => "a member of `x-ms-enum`",
            Self::FlagsDetails => "`x-ms-enum-flags`",
            Self::Permissions => "`x-graph-permissions`",
            Self::PermissionList => "a list of permissions",
        }
    }

    /// The section of `components` that a reference at its location may point into.
    pub(super) fn section(self) -> Option<&'static str> {
        match self {
            Self::Parameter => Some("parameters"),
            Self::RequestBody => Some("requestBodies"),
            Self::Response => Some("responses"),
            Self::Header => Some("headers"),
            Self::Example => Some("examples"),
            Self::Schema => Some("schemas"),
            _ => None,
        }
    }

    /// The supported keywords.
    pub(super) fn keywords(self) -> &'static [(&'static str, Holds)] {
        match self {
            Self::Document => DOCUMENT,
            Self::Info => INFO,
            Self::Contact => &[("name", Text), ("url", Text), ("email", Text)],
            Self::License => &[("name", Text), ("url", Text)],
            Self::Server => &[
                ("url", Text),
                ("description", Text),
                ("variables", ByName(NodeKind::ServerVariable)),
            ],
            Self::ServerVariable => &[("enum", Texts), ("default", Text), ("description", Text)],
            Self::Tag => &[
                ("name", Text),
                ("description", Text),
                ("externalDocs", One(NodeKind::ExternalDocs)),
            ],
            Self::ExternalDocs => &[("description", Text), ("url", Text)],
            Self::PathItem => PATH_ITEM,
            Self::Operation => OPERATION,
            Self::Parameter => PARAMETER,
            Self::RequestBody => &[
                ("description", Text),
                ("content", ByName(NodeKind::MediaType)),
                ("required", Flag),
            ],
            Self::MediaType => &[
                ("schema", One(NodeKind::Schema)),
                ("example", Anything),
                ("examples", ByName(NodeKind::Example)),
            ],
            Self::Response => &[
                ("description", Text),
                ("headers", ByName(NodeKind::Header)),
                ("content", ByName(NodeKind::MediaType)),
                ("links", Anything),
            ],
            Self::Header => HEADER,
            Self::Components => COMPONENTS,
            // The caller supplies the client's tokens, whatever the description says.
            Self::SecurityScheme => SECURITY_SCHEME,
            Self::Example => &[
                ("summary", Text),
                ("description", Text),
                ("value", Anything),
                ("externalValue", Text),
            ],
            Self::Schema => SCHEMA,
            Self::Discriminator => &[("propertyName", Text), ("mapping", TextByName)],
            Self::EnumDetails => &[
                ("name", Text),
                ("modelAsString", Flag),
                ("values", List(NodeKind::EnumMember)),
            ],
            Self::EnumMember => ENUM_MEMBER,
            Self::FlagsDetails => &[("isFlags", Flag)],
            Self::Permissions => &[
                ("delegated", One(NodeKind::PermissionList)),
                ("application", One(NodeKind::PermissionList)),
            ],
            Self::PermissionList => &[("least", Texts), ("higher", Texts)],
        }
    }

    /// Keywords that would change the meaning, and what to write instead.
    pub(super) fn unsupported(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Document => &[("webhooks", NEWER)],
            Self::Operation => &[("callbacks", "remove it: the client receives no calls")],
            Self::PathItem => &[("$ref", "write the operations here")],
            Self::Parameter => &[
                ("content", "describe the parameter with a `schema`"),
                (
                    "allowReserved",
                    "remove it: reserved characters are always encoded",
                ),
            ],
            Self::MediaType => &[("encoding", "remove it: bodies are JSON")],
            Self::Schema => &[
                ("not", "describe what the value is, not what it is not"),
                (
                    "const",
                    "write `enum` with one member: OpenAPI 3.0 has no `const`",
                ),
                ("examples", "write `example`: OpenAPI 3.0 schemas have one"),
                ("patternProperties", NEWER),
                ("propertyNames", NEWER),
                ("unevaluatedProperties", NEWER),
                ("unevaluatedItems", NEWER),
                ("dependentRequired", NEWER),
                ("dependentSchemas", NEWER),
                ("dependencies", NEWER),
                ("prefixItems", NEWER),
                ("additionalItems", NEWER),
                ("contains", NEWER),
                ("if", NEWER),
                ("then", NEWER),
                ("else", NEWER),
                ("$defs", "move the schemas to `components`"),
                ("definitions", "move the schemas to `components`"),
                ("$id", NEWER),
                ("$schema", NEWER),
                ("$anchor", NEWER),
                ("$dynamicRef", NEWER),
                ("$comment", "write a YAML comment"),
            ],
            _ => &[],
        }
    }
}

const NEWER: &str = "remove it: OpenAPI 3.0 does not have it";

const PATH_ITEM: &[(&str, Holds)] = &[
    ("summary", Text),
    ("description", Text),
    ("get", One(NodeKind::Operation)),
    ("put", One(NodeKind::Operation)),
    ("post", One(NodeKind::Operation)),
    ("delete", One(NodeKind::Operation)),
    ("options", One(NodeKind::Operation)),
    ("head", One(NodeKind::Operation)),
    ("patch", One(NodeKind::Operation)),
    ("trace", One(NodeKind::Operation)),
    ("servers", List(NodeKind::Server)),
    ("parameters", List(NodeKind::Parameter)),
];

const OPERATION: &[(&str, Holds)] = &[
    ("tags", Texts),
    ("summary", Text),
    ("description", Text),
    ("externalDocs", One(NodeKind::ExternalDocs)),
    ("operationId", Text),
    ("parameters", List(NodeKind::Parameter)),
    ("requestBody", One(NodeKind::RequestBody)),
    ("responses", ByName(NodeKind::Response)),
    ("deprecated", Flag),
    ("security", TextsByNames),
    ("servers", List(NodeKind::Server)),
    ("x-graph-permissions", One(NodeKind::Permissions)),
    ("x-graph-roles", Texts),
    ("x-graph-clouds", Texts),
    ("x-graph-documented", Flag),
    ("x-graph-reads", Flag),
    ("x-graph-attempt-seconds", Count),
    ("x-graph-total-seconds", Count),
    ("x-graph-repeatable", Flag),
];

const SCHEMA: &[(&str, Holds)] = &[
    ("title", Text),
    ("description", Text),
    ("type", Text),
    ("format", Text),
    ("enum", Scalars),
    ("nullable", Flag),
    ("deprecated", Flag),
    ("properties", ByName(NodeKind::Schema)),
    ("required", Texts),
    ("additionalProperties", FlagOr(NodeKind::Schema)),
    ("allOf", List(NodeKind::Schema)),
    ("anyOf", List(NodeKind::Schema)),
    ("oneOf", List(NodeKind::Schema)),
    ("items", One(NodeKind::Schema)),
    ("discriminator", One(NodeKind::Discriminator)),
    ("minProperties", Count),
    ("maxProperties", Count),
    ("minItems", Count),
    ("maxItems", Count),
    ("minLength", Count),
    ("maxLength", Count),
    ("minimum", Number),
    ("maximum", Number),
    // The service checks these.
    ("pattern", Text),
    ("multipleOf", Number),
    ("exclusiveMinimum", Flag),
    ("exclusiveMaximum", Flag),
    ("uniqueItems", Flag),
    // Requests and responses have different schemas here.
    ("readOnly", Flag),
    ("writeOnly", Flag),
    // Documentation.
    ("default", Anything),
    ("example", Anything),
    ("externalDocs", One(NodeKind::ExternalDocs)),
    ("xml", Anything),
    ("x-ms-enum", One(NodeKind::EnumDetails)),
    ("x-ms-enum-flags", One(NodeKind::FlagsDetails)),
    ("x-graph-key", Flag),
    ("x-graph-filterable", Flag),
    ("x-graph-orderable", Flag),
    ("x-graph-beta-only", Flag),
    ("x-graph-clearable", Flag),
    ("x-graph-conflicts", TextsByNames),
    ("x-graph-documented-by", Text),
    ("x-ms-navigationProperty", Flag),
    ("x-ms-mutability", Texts),
];

/// Keywords that may be beside `$ref`, because they change no type.
pub(super) const BESIDE_REFERENCE: &[(&str, Holds)] = &[
    ("description", Text),
    ("summary", Text),
    ("deprecated", Flag),
    ("x-graph-filterable", Flag),
    ("x-graph-orderable", Flag),
    ("x-graph-documented-by", Text),
    ("x-ms-mutability", Texts),
];

const DOCUMENT: &[(&str, Holds)] = &[
    ("openapi", Text),
    ("info", One(NodeKind::Info)),
    ("servers", List(NodeKind::Server)),
    ("paths", ByName(NodeKind::PathItem)),
    ("components", One(NodeKind::Components)),
    ("security", TextsByNames),
    ("tags", List(NodeKind::Tag)),
    ("externalDocs", One(NodeKind::ExternalDocs)),
    ("x-graph-refused-clouds", TextByName),
];

const PARAMETER: &[(&str, Holds)] = &[
    ("name", Text),
    ("in", Text),
    ("description", Text),
    ("required", Flag),
    ("deprecated", Flag),
    ("allowEmptyValue", Flag),
    ("style", Text),
    ("explode", Flag),
    ("schema", One(NodeKind::Schema)),
    ("example", Anything),
    ("examples", ByName(NodeKind::Example)),
];

const HEADER: &[(&str, Holds)] = &[
    ("description", Text),
    ("required", Flag),
    ("deprecated", Flag),
    ("style", Text),
    ("explode", Flag),
    ("schema", One(NodeKind::Schema)),
    ("example", Anything),
    ("examples", ByName(NodeKind::Example)),
];

const COMPONENTS: &[(&str, Holds)] = &[
    ("schemas", ByName(NodeKind::Schema)),
    ("responses", ByName(NodeKind::Response)),
    ("parameters", ByName(NodeKind::Parameter)),
    ("examples", ByName(NodeKind::Example)),
    ("requestBodies", ByName(NodeKind::RequestBody)),
    ("headers", ByName(NodeKind::Header)),
    ("securitySchemes", ByName(NodeKind::SecurityScheme)),
    ("links", Anything),
];

const SECURITY_SCHEME: &[(&str, Holds)] = &[
    ("type", Text),
    ("description", Text),
    ("name", Text),
    ("in", Text),
    ("scheme", Text),
    ("bearerFormat", Text),
    ("flows", Anything),
    ("openIdConnectUrl", Text),
];

const ENUM_MEMBER: &[(&str, Holds)] = &[
    ("value", Text),
    ("name", Text),
    ("description", Text),
    ("x-graph-beta-only", Flag),
    ("x-graph-evolvable", Flag),
    ("x-graph-guarded", Text),
    ("x-graph-page-only", Text),
    ("x-graph-rank", Count),
    ("x-graph-number", Number),
];

const INFO: &[(&str, Holds)] = &[
    ("title", Text),
    ("description", Text),
    ("termsOfService", Text),
    ("contact", One(NodeKind::Contact)),
    ("license", One(NodeKind::License)),
    ("version", Text),
];
