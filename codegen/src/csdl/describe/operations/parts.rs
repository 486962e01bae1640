//! Parts that all operations share: parameters, bodies, responses.

use crate::csdl::describe::path::{EntityPath, PathParameter};
use crate::csdl::schemas::{boolean, mapping, named, reference_to, sequence, text};
use crate::diagnostic::Position;
use crate::load::Node;

/// An operation with its path parameters, and what it sends and returns.
pub(super) fn operation(
    at: Position,
    id: &str,
    place: &EntityPath,
    parameters: Vec<Node>,
    body: Option<&str>,
    (status, success): (&str, Node),
) -> Node {
    let mut all: Vec<Node> = place
        .parameters
        .iter()
        .map(|parameter| path_parameter(at, parameter))
        .collect();
    all.extend(parameters);
    let mut entries = vec![("operationId", text(at, id))];
    if !all.is_empty() {
        entries.push(("parameters", sequence(at, all)));
    }
    if let Some(body) = body {
        let body = vec![
            ("required", boolean(at, true)),
            ("content", json(at, reference_to(at, body))),
        ];
        entries.push(("requestBody", mapping(at, body)));
    }
    let error = || mapping(at, vec![("$ref", text(at, "#/components/responses/error"))]);
    let responses = vec![
        (status.to_owned(), success),
        ("4XX".to_owned(), error()),
        ("5XX".to_owned(), error()),
    ];
    entries.push(("responses", named(at, responses)));
    mapping(at, entries)
}

/// `content` of JSON with the schema that a reference leads to.
pub(super) fn json(at: Position, reference: Node) -> Node {
    let schema = mapping(at, vec![("$ref", reference)]);
    let media = mapping(at, vec![("schema", schema)]);
    mapping(at, vec![("application/json", media)])
}

/// The response of a failure, the same for every operation.
pub(in crate::csdl::describe) fn responses(at: Position) -> Node {
    let error = mapping(
        at,
        vec![
            ("description", text(at, "The request failed.")),
            ("content", json(at, reference_to(at, super::bodies::ERROR))),
        ],
    );
    mapping(at, vec![("error", error)])
}

fn path_parameter(at: Position, parameter: &PathParameter) -> Node {
    let (kind, format) = parameter.kind;
    let mut schema = vec![("type", text(at, kind))];
    schema.extend(format.map(|format| ("format", text(at, format))));
    let schema = mapping(at, schema);
    mapping(
        at,
        vec![
            ("name", text(at, &parameter.name)),
            ("in", text(at, "path")),
            ("required", boolean(at, true)),
            ("description", text(at, &parameter.description)),
            ("schema", schema),
        ],
    )
}

fn query(at: Position, name: &str, description: &str, schema: Vec<(&str, Node)>) -> Node {
    mapping(
        at,
        vec![
            ("name", text(at, name)),
            ("in", text(at, "query")),
            ("description", text(at, description)),
            ("schema", mapping(at, schema)),
        ],
    )
}

fn number(at: Position) -> Vec<(&'static str, Node)> {
    vec![("type", text(at, "integer")), ("format", text(at, "int32"))]
}

fn list_of_texts(at: Position, name: &str, description: &str) -> Node {
    let items = mapping(at, vec![("type", text(at, "string"))]);
    let schema = vec![("type", text(at, "array")), ("items", items)];
    mapping(
        at,
        vec![
            ("name", text(at, name)),
            ("in", text(at, "query")),
            ("description", text(at, description)),
            ("style", text(at, "form")),
            ("explode", boolean(at, false)),
            ("schema", mapping(at, schema)),
        ],
    )
}

fn text_parameter(at: Position, name: &str, description: &str) -> Node {
    query(at, name, description, vec![("type", text(at, "string"))])
}

/// The options of OData for a list.
pub(super) fn list_parameters(at: Position) -> Vec<Node> {
    vec![
        query(
            at,
            "$top",
            "The maximum number of items in a page.",
            number(at),
        ),
        query(at, "$skip", "The number of items to skip.", number(at)),
        text_parameter(at, "$search", "Free text to search for."),
        text_parameter(at, "$filter", "A condition on the properties of the items."),
        query(
            at,
            "$count",
            "Whether the response includes the total number of matching items.",
            vec![("type", text(at, "boolean"))],
        ),
        list_of_texts(
            at,
            "$orderby",
            "Properties to sort by, each optionally followed by `desc`.",
        ),
        list_of_texts(at, "$select", "The properties to return."),
        list_of_texts(at, "$expand", "Related entities to return in full."),
    ]
}

/// The options of OData for one entity.
pub(super) fn select_parameter(at: Position) -> Vec<Node> {
    vec![
        list_of_texts(at, "$select", "The properties to return."),
        list_of_texts(at, "$expand", "Related entities to return in full."),
    ]
}

/// The options of OData for a count.
pub(super) fn count_parameters(at: Position) -> Vec<Node> {
    vec![
        text_parameter(at, "$search", "Free text to search for."),
        text_parameter(at, "$filter", "A condition on the properties of the items."),
    ]
}
