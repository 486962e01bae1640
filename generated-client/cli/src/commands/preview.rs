//! What `--dry-run` shows: the request, and what would change.

use serde_json::Value;

use crate::exit::Failure;
use crate::output::{machine, safe};

/// Shows method, address and body, and each property that would be another one.
pub(crate) fn show(
    method: &str,
    address: &str,
    body: &Value,
    before: Option<&Value>,
) -> Result<(), Failure> {
    let mut text = format!("{method} {address}\n{}", machine::json(body)?);
    if let Some(before) = before {
        for (property, after) in body.as_object().into_iter().flatten() {
            let before = before.get(property).unwrap_or(&Value::Null);
            if before != after {
                text.push_str(&format!("- {property}: {before}\n+ {property}: {after}\n"));
            }
        }
    }
    crate::output::pager::print(&safe::paragraph(&text), false)
}
