//! Converts exclusive bounds, which are numbers from OpenAPI 3.1 on.

use crate::load::{Node, Value};

use super::set;

/// `exclusiveMinimum: 5` is `minimum: 5, exclusiveMinimum: true`.
pub(super) fn exclusive(
    node: &mut Node,
    keyword: &str,
    bound: &str,
    is_narrower: fn(f64, f64) -> bool,
) {
    let Some(exclusive) = node.get(keyword) else {
        return;
    };
    let (position, Value::Number(number)) = (exclusive.position, exclusive.value.clone()) else {
        return;
    };
    let new = number.as_f64().unwrap_or_default();
    let old = match node.get(bound).map(|bound| &bound.value) {
        Some(Value::Number(old)) => old.as_f64(),
        _ => None,
    };
    match old {
        Some(old) if !is_narrower(new, old) => drop(node.remove(keyword)),
        _ => {
            set(node, bound, Value::Number(number), position);
            set(node, keyword, Value::Bool(true), position);
        }
    }
}
