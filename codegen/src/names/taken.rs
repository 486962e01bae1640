//! Names with a meaning in Rust or in generated code.

/// Keywords of the 2024 edition, reserved ones included.
pub(super) const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Type names that generated code uses otherwise.
pub(super) const TAKEN_TYPES: [&str; 30] = [
    "Box",
    "Builder",
    "Change",
    "Client",
    "Clone",
    "DateTime",
    "Debug",
    "Default",
    "Deserialize",
    "Eq",
    "Err",
    "From",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "JsonMap",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Self",
    "Serialize",
    "Some",
    "String",
    "ToString",
    "Utc",
    "Uuid",
    "Vec",
];

/// Fields and methods that generated types use otherwise.
pub(super) const TAKEN_FIELDS: [&str; 14] = [
    "additional_properties",
    "allow_guarded",
    "base",
    "check",
    "clone",
    "default",
    "eq",
    "fmt",
    "is_empty",
    "is_null",
    "new",
    "nulls",
    "type_name",
    "unreadable",
];

/// Names that a request, or the function behind it, uses otherwise.
pub(super) const TAKEN_PARAMETERS: [&str; 22] = [
    "all",
    "body",
    "client",
    "clone",
    "core",
    "encode_path",
    "follow",
    "header_map",
    "headers",
    "info",
    "into_future",
    "items",
    "operation",
    "pages",
    "pages_from",
    "range",
    "request",
    "response",
    "result",
    "send",
    "url",
    "value",
];

/// Variants that generated enumerations use otherwise, and `Err`, which `FromStr` has as a type.
pub(super) const TAKEN_VARIANTS: [&str; 3] = ["Err", "Self", "Unrecognized"];

/// Methods that every client has.
pub(super) const TAKEN_METHODS: [&str; 15] = [
    "base_url",
    "builder",
    "clone",
    "core",
    "delete",
    "fmt",
    "from_core",
    "get",
    "into",
    "new",
    "patch",
    "post",
    "put",
    "try_into",
    "with_retry",
];
