//! Keywords beside the type: those without effect, and the combination of several parts of one schema.

use std::cmp::Ordering;

use graph_client_codegen::load::{Node, Value};

use super::super::document::Spot;

/// The direction in which a bound narrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// A larger value allows more: `maximum`.
    Upper,
    /// A larger value allows less: `minimum`.
    Lower,
    /// A multiple allows less: `multipleOf`.
    Step,
}

/// Whether a keyword is a bound.
pub(crate) fn bound(key: &str) -> Option<Bound> {
    Some(match key {
        "maximum" | "maxLength" | "maxItems" | "maxProperties" | "maxContains" => Bound::Upper,
        "exclusiveMaximum" | "exclusiveMinimum" | "minimum" | "minLength" | "minItems"
        | "minProperties" | "uniqueItems" => Bound::Lower,
        "multipleOf" => Bound::Step,
        _ => return None,
    })
}

/// Which of two bounds allows less: `Greater` for the second one; `None` if neither contains the other.
pub(crate) fn tighter(key: &str, old: &Node, new: &Node) -> Option<Ordering> {
    let (from, to) = (number(old)?, number(new)?);
    // From 3.1 on, an exclusive bound is a number, and a larger upper bound allows more.
    let is_upper =
        bound(key) == Some(Bound::Upper) || key == "exclusiveMaximum" && old.as_bool().is_none();
    match bound(key)? {
        Bound::Step => {
            let is_multiple = |of: f64, by: f64| by != 0.0 && (of / by).fract() == 0.0;
            match (is_multiple(to, from), is_multiple(from, to)) {
                (true, true) => Some(Ordering::Equal),
                (true, false) => Some(Ordering::Greater),
                (false, true) => Some(Ordering::Less),
                (false, false) => None,
            }
        }
        _ if is_upper => from.partial_cmp(&to),
        _ => to.partial_cmp(&from),
    }
}

fn number(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Number(number) => number.as_f64(),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        _ => None,
    }
}

/// Keeps the narrowest of several bounds, which is the one that counts.
pub(super) fn keep_tightest(key: &str, spots: &mut Vec<Spot<'_>>) {
    if bound(key).is_none() {
        return;
    }
    let mut kept: Vec<Spot<'_>> = Vec::new();
    for spot in spots.drain(..) {
        let known = kept
            .iter_mut()
            .find_map(|known| Some((tighter(key, known.node, spot.node)?, known)));
        match known {
            Some((Ordering::Greater, known)) => *known = spot,
            Some(_) => {}
            None => kept.push(spot),
        }
    }
    *spots = kept;
}

/// A keyword that repeats the default.
pub(crate) fn is_default(key: &str, node: &Node) -> bool {
    match (key, &node.value) {
        (
            "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" | "exclusiveMinimum"
            | "exclusiveMaximum",
            Value::Bool(false),
        ) => true,
        ("minItems" | "minLength" | "minProperties", Value::Number(number)) => {
            number.as_f64() == Some(0.0)
        }
        ("description" | "title", Value::String(text)) => text.trim().is_empty(),
        ("description" | "title" | "summary", Value::Null) => true,
        ("externalDocs" | "x-ms-enum-flags", Value::Mapping(entries)) => entries.is_empty(),
        _ => false,
    }
}

/// Whether every string matches a pattern.
pub(crate) fn takes_all(pattern: &Node) -> bool {
    let Some(pattern) = pattern.as_str() else {
        return false;
    };
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    matches!(
        inner,
        "" | ".*"
            | "(.*)"
            | "(?:.*)"
            | ".*?"
            | ".{0,}"
            | "[\\s\\S]*"
            | "[\\S\\s]*"
            | "[\\w\\W]*"
            | "[\\d\\D]*"
            | "[^]*"
    )
}

/// The range that a format implies; Microsoft also writes it explicitly.
fn limits(format: &str) -> Option<(f64, f64)> {
    Some(match format {
        "int8" => (-128.0, 127.0),
        "uint8" => (0.0, 255.0),
        "int16" => (-32_768.0, 32_767.0),
        "uint16" => (0.0, 65_535.0),
        "int32" => (-2_147_483_648.0, 2_147_483_647.0),
        "uint32" => (0.0, 4_294_967_295.0),
        "int64" => (-9_223_372_036_854_775_808.0, 9_223_372_036_854_775_807.0),
        _ => return None,
    })
}

/// Whether a bound only repeats the range of the number's format.
pub(super) fn is_implied(format: &str, key: &str, spot: &Spot<'_>) -> bool {
    let limit = limits(format).map(|(least, most)| if key == "minimum" { least } else { most });
    matches!(key, "minimum" | "maximum")
        && limit.is_some_and(|limit| number(spot.node) == Some(limit))
}

pub(super) fn is_whole(format: &str) -> bool {
    format.starts_with("int") || format.starts_with("uint")
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_client_codegen::load;

    #[test]
    fn each_bound_tightens_in_its_own_direction() {
        let order = |key: &str, from: &str, to: &str| {
            let document = load::parse("a", &format!("a: {from}\nb: {to}\n")).ok()?;
            tighter(key, document.root.get("a")?, document.root.get("b")?)
        };
        assert_eq!(order("maxLength", "4", "3"), Some(Ordering::Greater));
        assert_eq!(order("minimum", "4", "3"), Some(Ordering::Less));
        assert_eq!(
            order("uniqueItems", "false", "true"),
            Some(Ordering::Greater)
        );
        assert_eq!(
            order("exclusiveMaximum", "10", "5"),
            Some(Ordering::Greater)
        );
        assert_eq!(
            order("exclusiveMaximum", "false", "true"),
            Some(Ordering::Greater)
        );
        assert_eq!(order("multipleOf", "5", "10"), Some(Ordering::Greater));
        assert_eq!(order("multipleOf", "10", "5"), Some(Ordering::Less));
        assert_eq!(order("multipleOf", "4", "6"), None);
    }
}
