//! The subject of a lease: the incidents of a tenant, or its alerts.

use std::collections::BTreeMap;

use crate::change::RecordKind;
use crate::tenants::{Tenant, Tenants};

/// Separates a tenant's name, which cannot contain it, from the kind of records.
const MARK: char = '+';

/// The incidents of a tenant, or its alerts: each has its own lease and cursor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Subject {
    pub(crate) tenant: String,
    pub(crate) kind: RecordKind,
    pub(crate) reached: Tenant,
}

/// The name of a subject in the store: for incidents, the name of the tenant.
pub(crate) fn name_of(tenant: &str, kind: RecordKind) -> String {
    match kind {
        RecordKind::Incident => tenant.to_owned(),
        RecordKind::Alert => format!("{tenant}{MARK}alerts"),
    }
}

/// The tenant of a subject.
pub(crate) fn tenant_of(subject: &str) -> &str {
    subject
        .split_once(MARK)
        .map_or(subject, |(tenant, _)| tenant)
}

/// The subjects of tenants, by name.
pub(crate) fn all(tenants: &Tenants, has_alerts: bool) -> BTreeMap<String, Subject> {
    let kinds: &[RecordKind] = match has_alerts {
        true => &[RecordKind::Incident, RecordKind::Alert],
        false => &[RecordKind::Incident],
    };
    let each = tenants.iter().flat_map(|(tenant, reached)| {
        kinds.iter().map(move |kind| {
            let subject = Subject {
                tenant: tenant.clone(),
                kind: *kind,
                reached: reached.clone(),
            };
            (name_of(tenant, *kind), subject)
        })
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incidents_and_alerts_of_a_tenant_are_distinct_and_belong_to_it() {
        for kind in [RecordKind::Incident, RecordKind::Alert] {
            assert_eq!(
                tenant_of(&name_of("contoso.example", kind)),
                "contoso.example"
            );
        }
        assert_ne!(
            name_of("a", RecordKind::Incident),
            name_of("a", RecordKind::Alert)
        );
        assert!(crate::tenants::check_name(&name_of("a", RecordKind::Alert)).is_err());
    }
}
