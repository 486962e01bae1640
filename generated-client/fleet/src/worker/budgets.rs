//! The budget of a tenant, in this process or in Redis.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use graph_incidents::RateBudget;
use graph_incidents::runtime::{BudgetSource, PermissionFuture};

use crate::budget::{LocalBudget, ServiceLimits, SharedBudget, SharedBudgets, of};

/// The budgets of tenants.
#[derive(Debug)]
#[non_exhaustive]
pub enum Budgets {
    /// Of this process.
    Local(LocalBudgets),
    /// In Redis.
    Shared(SharedBudgets),
}

/// Creates budgets of this process. They start full: requests of earlier processes are not known.
#[derive(Debug)]
pub struct LocalBudgets {
    limits: ServiceLimits,
    budgets: Mutex<HashMap<String, RateBudget>>,
}

impl LocalBudgets {
    /// Creates budgets with these limits.
    #[must_use]
    pub fn new(limits: ServiceLimits) -> Self {
        Self {
            limits,
            budgets: Mutex::default(),
        }
    }

    fn of(&self, tenant: &str, application: &str) -> LocalBudget {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut budget =
            |name: String, windows| budgets.entry(name).or_insert_with(|| of(windows)).clone();
        LocalBudget::new(
            budget(format!("tenant:{tenant}"), &self.limits.tenant),
            budget(
                format!("application:{application}"),
                &self.limits.application,
            ),
        )
    }
}

impl Budgets {
    pub(super) fn of(&self, tenant: &str, application: &str) -> OneBudget {
        match self {
            Self::Local(budgets) => OneBudget::Local(budgets.of(tenant, application)),
            Self::Shared(budgets) => OneBudget::Shared(budgets.of(tenant, application)),
        }
    }
}

/// The budget of a tenant, in this process or in Redis.
#[derive(Debug)]
pub(super) enum OneBudget {
    Local(LocalBudget),
    Shared(SharedBudget),
}

impl OneBudget {
    fn source(&self) -> &dyn BudgetSource {
        match self {
            Self::Local(budget) => budget,
            Self::Shared(budget) => budget,
        }
    }
}

impl BudgetSource for OneBudget {
    fn permission(&self) -> PermissionFuture<'_> {
        self.source().permission()
    }

    fn throttled(&self, retry_after: Option<Duration>) {
        self.source().throttled(retry_after);
    }

    fn responded(&self) {
        self.source().responded();
    }
}
