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
