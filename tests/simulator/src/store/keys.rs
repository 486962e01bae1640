//! The properties of an incident that lists sort and filter by, kept beside its text.

use super::{Object, text_of};
use crate::time::Ticks;

/// What the indexes hold of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) created: Ticks,
    pub(crate) updated: Ticks,
}

impl Keys {
    pub(crate) fn of(incident: &Object) -> Self {
        let time = |name| {
            text_of(incident, name)
                .and_then(Ticks::parse)
                .unwrap_or(Ticks(0))
        };
        Self {
            created: time("createdDateTime"),
            updated: time("lastUpdateDateTime"),
        }
    }
}
