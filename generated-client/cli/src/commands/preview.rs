//! The output of `--dry-run`: the request, and the changes.

use graph_incidents::runtime::Request;
use serde_json::Value;

use crate::exit::Failure;
use crate::output::{machine, pager, safe};

/// A line of the difference, with the old and the new value.
pub(crate) struct Difference {
    property: String,
    before: Option<String>,
    after: String,
}

impl Difference {
    /// A changed property.
    pub(crate) fn of(
        property: impl Into<String>,
        before: impl Into<String>,
        after: impl Into<String>,
    ) -> Self {
        Self {
            property: property.into(),
            before: Some(before.into()),
            after: after.into(),
        }
    }

    /// An addition.
    pub(crate) fn added(property: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            property: property.into(),
            before: None,
            after: value.into(),
        }
    }
}

/// The properties that an update would change.
pub(crate) fn differences(request: &Request, before: &Value) -> Result<Vec<Difference>, Failure> {
    let body = body(request)?;
    let changed = body.as_object().into_iter().flatten();
    let changed = changed.filter_map(|(property, after)| {
        let before = before.get(property).unwrap_or(&Value::Null);
        (before != after).then(|| Difference::of(property, before.to_string(), after.to_string()))
    });
    Ok(changed.collect())
}

/// Shows method, URL and body, and the changes.
pub(crate) fn show(request: &Request, differences: &[Difference]) -> Result<(), Failure> {
    let mut text = format!("{} {}\n", request.method(), request.url());
    if request.body().is_some() {
        text.push_str(&machine::json(&body(request)?)?);
    }
    for Difference {
        property,
        before,
        after,
    } in differences
    {
        if let Some(before) = before {
            text.push_str(&format!("- {property}: {before}\n"));
        }
        text.push_str(&format!("+ {property}: {after}\n"));
    }
    pager::print(&safe::paragraph(&text), false)
}

fn body(request: &Request) -> Result<Value, Failure> {
    serde_json::from_slice(request.body().unwrap_or(b"null"))
        .map_err(|error| Failure::other(format!("failed to read the body: {error}")))
}
