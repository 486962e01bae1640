//! The implementations of the contract's operations.

use std::sync::Arc;

use crate::contract::Operation;
use crate::entities::{Catalogue, Entity};
use crate::handler::Handler;

/// The implementation of an operation.
#[derive(Clone)]
pub(crate) enum Action {
    BuiltIn(BuiltIn),
    Entity(Arc<Entity>),
    Handler(Handler),
    /// The contract has the operation, but it is not implemented.
    NotImplemented,
}

/// The simulator's special implementation for incidents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BuiltIn {
    ListIncidents,
    CountIncidents,
    MergeIncidents,
    GetIncident,
    UpdateIncident,
    CreateComment,
    ListIncidentAlerts,
    GetIncidentAlert,
    ListAlerts,
    GetAlert,
    UpdateAlert,
    CreateAlertComment,
    MoveAlerts,
    Hunt,
}

impl BuiltIn {
    /// The operations of the contract with a special implementation for incidents.
    const NAMES: [(&str, Self); 14] = [
        ("listIncidents", Self::ListIncidents),
        ("countIncidents", Self::CountIncidents),
        ("mergeIncidents", Self::MergeIncidents),
        ("getIncident", Self::GetIncident),
        ("updateIncident", Self::UpdateIncident),
        ("createIncidentComment", Self::CreateComment),
        ("listIncidentAlerts", Self::ListIncidentAlerts),
        ("getIncidentAlert", Self::GetIncidentAlert),
        ("listAlerts", Self::ListAlerts),
        ("getAlert", Self::GetAlert),
        ("updateAlert", Self::UpdateAlert),
        ("createAlertComment", Self::CreateAlertComment),
        ("moveAlertsToIncident", Self::MoveAlerts),
        ("runHuntingQuery", Self::Hunt),
    ];

    fn named(id: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(name, _)| *name == id)
            .map(|(_, operation)| *operation)
    }
}

/// The implementation of an operation of the contract.
///
/// Incidents and alerts have their own store: an unknown operation on their paths is not one on entities.
pub(crate) fn of(catalogue: &Catalogue, operation: &Operation) -> Action {
    let concerns_incidents = catalogue.is_of_incidents(&operation.path);
    match (BuiltIn::named(&operation.id), concerns_incidents) {
        (Some(known), true) => Action::BuiltIn(known),
        (_, true) => Action::NotImplemented,
        _ => catalogue
            .entity(operation)
            .map_or(Action::NotImplemented, |entity| {
                Action::Entity(Arc::new(entity))
            }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;

    #[test]
    fn everything_known_about_incidents_is_in_the_contract() {
        let contract = Contract::embedded().unwrap();
        for (name, known) in BuiltIn::NAMES {
            let operation = contract
                .operations
                .iter()
                .find(|operation| operation.id == name)
                .unwrap_or_else(|| panic!("{name} is not in the contract"));
            let catalogue = Catalogue::new(&contract);
            assert!(matches!(of(&catalogue, operation), Action::BuiltIn(found) if found == known));
        }
    }
}
