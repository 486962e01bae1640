//! Whether two nodes are equal, wherever they are and in whatever order.

use graph_client_codegen::load::{Node, Value};

/// Equal except for positions and the order of keys.
pub(super) fn same(left: &Node, right: &Node) -> bool {
    match (&left.value, &right.value) {
        (Value::Mapping(left), Value::Mapping(right)) => {
            left.len() == right.len()
                && left.iter().enumerate().all(|(index, entry)| {
                    // The keys nearly always have the same order.
                    let twin = match right.get(index) {
                        Some(twin) if twin.key == entry.key => Some(twin),
                        _ => right.iter().find(|twin| twin.key == entry.key),
                    };
                    twin.is_some_and(|twin| same(&entry.node, &twin.node))
                })
        }
        (Value::Sequence(left), Value::Sequence(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Value::Number(left), Value::Number(right)) => {
            // Floats cannot tell all integers of 64 bits apart.
            let are_whole = !left.is_f64() && !right.is_f64();
            left == right || (!are_whole && left.as_f64() == right.as_f64())
        }
        (left, right) => left == right,
    }
}

/// Equal as sets if both are lists of scalars.
pub(super) fn same_set(left: &Node, right: &Node) -> bool {
    match (left.as_sequence(), right.as_sequence()) {
        (Some(left), Some(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|item| right.iter().any(|twin| same(item, twin)))
        }
        _ => same(left, right),
    }
}

/// A node in one line for readers: a string without quotes, anything else as JSON.
pub(super) fn inline_text(node: &Node) -> String {
    match &node.value {
        Value::String(text) => text.trim().to_owned(),
        _ => node.to_json().to_string(),
    }
}
