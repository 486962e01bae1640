//! The budget of a tenant in a fleet of one process: the limits of the tenant and of the application.

use std::time::Duration;

use graph_incidents::RateBudget;
use graph_incidents::runtime::{BudgetSource, PermissionFuture};

/// The budget of a tenant and of its application.
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
            // A request that waits for its tenant does not hold back others.
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
