//! The budget of a tenant in a fleet of one process: the tenant's limits and the application's, both of this process.

use std::time::Duration;

use graph_incidents::RateBudget;
use graph_incidents::runtime::{BudgetSource, PermissionFuture};

/// A tenant's budget and that of its application.
#[derive(Debug, Clone)]
pub(crate) struct LocalBudget {
    tenant: RateBudget,
    application: RateBudget,
}

impl LocalBudget {
    pub(crate) fn new(tenant: RateBudget, application: RateBudget) -> Self {
        Self {
            tenant,
            application,
        }
    }
}

impl BudgetSource for LocalBudget {
    fn permission(&self) -> PermissionFuture<'_> {
        Box::pin(async {
            // Whoever waits for its tenant keeps nothing from others.
            let has_waited = BudgetSource::permission(&self.tenant).await;
            BudgetSource::permission(&self.application).await | has_waited
        })
    }

    fn throttled(&self, retry_after: Option<Duration>) {
        BudgetSource::throttled(&self.tenant, retry_after);
    }

    fn responded(&self) {
        BudgetSource::responded(&self.tenant);
    }
}
