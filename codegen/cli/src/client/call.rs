//! Calls for the texts of a crate: reads whose paths need only strings.

use graph_client_codegen::Generated;
use graph_client_codegen::plan::{RequestItem, ResponseKind};
use graph_client_codegen::resources::feature;

/// A call, and its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// `list_users()`.
    pub(super) code: String,
    /// The method of the client.
    pub(super) method: String,
    /// `/users`.
    pub(super) path: String,
    /// Its feature.
    pub(super) feature: String,
    /// Whether the response can be printed.
    pub(super) is_json: bool,
}

/// All calls of a client that can be shown, those with the shortest paths first.
pub(super) fn calls(generated: &Generated) -> Vec<Call> {
    let mut calls: Vec<Call> = generated.plan().requests.iter().filter_map(call).collect();
    calls.sort_by_key(|call| {
        (
            !call.is_json,
            call.path.matches('/').count(),
            call.path.clone(),
        )
    });
    calls
}

fn call(request: &RequestItem) -> Option<Call> {
    let is_text = |text: &str| text == "&'a str" || text == "&str";
    let plain = request
        .path_parameters
        .iter()
        .all(|parameter| is_text(&parameter.passed.to_string()));
    let optional = request.options.iter().all(|option| !option.required);
    if request.http_method != "GET" || request.body.is_some() || !plain || !optional {
        return None;
    }
    let arguments = vec!["\"1\""; request.path_parameters.len()].join(", ");
    let mut path = String::new();
    for (index, part) in request.path.split(['{', '}']).enumerate() {
        path.push_str(if index % 2 == 0 { part } else { "1" });
    }
    // Only plain path segments are shown: quoted keys and function arguments would need encoding.
    (!path.contains(['(', '\'', ',', '='])).then(|| Call {
        code: format!("{}({arguments})", request.method.name),
        method: request.method.name.trim_start_matches("r#").to_owned(),
        path,
        feature: feature(&request.path),
        is_json: matches!(request.response_kind, ResponseKind::Json),
    })
}

#[cfg(test)]
mod tests {
    use graph_client_codegen::{Settings, generate};

    use super::*;

    /// Reads of every kind, and a write.
    const DESCRIPTION: &str = r##"openapi: 3.0.3
info: {title: Tags, version: "1"}
paths:
  /tags/{tagId}/marks/{markId}:
    get:
      operationId: getMark
      parameters:
        - {name: tagId, in: path, required: true, schema: {type: string}}
        - {name: markId, in: path, required: true, schema: {type: string}}
      responses: {"200": {$ref: "#/components/responses/tag"}}
  /tags/{tagId}:
    get:
      operationId: getTag
      parameters: [{name: tagId, in: path, required: true, schema: {type: string}}]
      responses: {"200": {$ref: "#/components/responses/tag"}}
  /tags:
    get:
      operationId: listTags
      parameters: [{name: part, in: query, schema: {type: string}}]
      responses: {"200": {$ref: "#/components/responses/tag"}}
    post:
      operationId: createTag
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Tag"}}}}
      responses: {"200": {$ref: "#/components/responses/tag"}}
  /tags/clear:
    post:
      operationId: clearTags
      responses: {"204": {description: Nothing.}}
  /photo:
    get:
      operationId: getPhoto
      responses: {"200": {description: A photo., content: {application/octet-stream: {schema: {type: string, format: binary}}}}}
  /found:
    get:
      operationId: findTag
      parameters: [{name: word, in: query, required: true, schema: {type: string}}]
      responses: {"200": {$ref: "#/components/responses/tag"}}
  /numbers/{number}:
    get:
      operationId: getNumber
      parameters: [{name: number, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {$ref: "#/components/responses/tag"}}
  /named(name='{name}'):
    get:
      operationId: getNamed
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses: {"200": {$ref: "#/components/responses/tag"}}
components:
  responses:
    tag: {description: A tag., content: {application/json: {schema: {$ref: "#/components/schemas/Tag"}}}}
  schemas:
    Tag: {type: object, properties: {id: {type: string}}}
"##;

    #[test]
    fn reads_that_need_only_ids_are_shown_those_of_json_with_short_paths_first() {
        let generated = generate("tags.yaml", DESCRIPTION, &Settings::for_fragment("x")).unwrap();
        let shown: Vec<(String, String, bool)> = calls(&generated)
            .into_iter()
            .map(|call| (call.code, call.path, call.is_json))
            .collect();
        let call = |code: &str, path: &str, is_json| (code.to_owned(), path.to_owned(), is_json);
        assert_eq!(
            shown,
            [
                call("list_tags()", "/tags", true),
                call("get_tag(\"1\")", "/tags/1", true),
                call("get_mark(\"1\", \"1\")", "/tags/1/marks/1", true),
                call("get_photo()", "/photo", false),
            ]
        );
    }
}
