//! Who uses a schema: requests, answers, errors. It decides what kind of Rust type a schema becomes.

use std::collections::BTreeSet;

use super::{Content, Kind, Model};

/// The schemas, sorted by who uses them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bodies of requests that no answer holds: types that are written, never read.
    pub bodies: BTreeSet<String>,
    /// Bodies of `PATCH`: what they leave out keeps its value.
    pub patches: BTreeSet<String>,
    /// Error bodies and what only they hold; the runtime reads them.
    pub errors: BTreeSet<String>,
}

impl Usage {
    /// Follows every reference from every operation.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let mut answers = BTreeSet::new();
        let mut errors = BTreeSet::new();
        let mut bodies = BTreeSet::new();
        let mut patches = BTreeSet::new();
        for operation in &model.operations {
            if let Content::Json(shape) = &operation.success.content
                && let Some(name) = shape.named()
            {
                reach(model, name, &mut answers);
            }
            if let Some(name) = &operation.error {
                reach(model, name, &mut errors);
            }
            if let Some(name) = operation.body.as_ref().and_then(|body| body.shape.named()) {
                bodies.insert(name.to_owned());
                if operation.method == "PATCH" {
                    patches.insert(name.to_owned());
                }
            }
        }
        bodies.retain(|name| !answers.contains(name) && model.object(name).is_some());
        patches.retain(|name| bodies.contains(name));
        let mut sent = BTreeSet::new();
        for name in &bodies {
            reach(model, name, &mut sent);
        }
        errors.retain(|name| !answers.contains(name) && !sent.contains(name));
        Self {
            bodies,
            patches,
            errors,
        }
    }
}

/// Adds a schema and everything that it refers to.
fn reach(model: &Model, name: &str, reached: &mut BTreeSet<String>) {
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        let Some(schema) = model.schema(&name) else {
            continue;
        };
        if !reached.insert(name) {
            continue;
        }
        match &schema.kind {
            Kind::Page(item) => open.extend(item.named().map(str::to_owned)),
            Kind::Object(object) => {
                let shapes = object.properties.iter().map(|property| &property.shape);
                open.extend(shapes.filter_map(|shape| shape.named()).map(str::to_owned));
                open.extend(object.base.clone());
                let subtypes = object.discriminator.iter().flat_map(|d| d.mapping.values());
                open.extend(subtypes.cloned());
            }
            Kind::Enumeration(_) | Kind::Open => {}
        }
    }
}
