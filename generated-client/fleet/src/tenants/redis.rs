//! Tenants in Redis: a hash with a JSON text for each, which can change while the fleet runs.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use redis::cmd;

use super::{Tenant, TenantSource, Tenants, check_name};
use crate::redis::Link;
use crate::store::{StoreError, read};

/// Tenants in Redis, in the hash `tenants` of the fleet: JSON as in the file, without a secret.
#[derive(Debug)]
pub struct TenantSet {
    link: Arc<Link>,
    last: Mutex<Option<i64>>,
}

impl TenantSet {
    /// Creates a source on a connection.
    #[must_use]
    pub fn new(link: Arc<Link>) -> Self {
        Self {
            link,
            last: Mutex::new(None),
        }
    }

    /// Adds a tenant, or changes it.
    ///
    /// # Errors
    ///
    /// Returns an error if the name or the tenant is invalid, or Redis does not respond.
    pub async fn add(&self, name: &str, tenant: &Tenant) -> Result<(), StoreError> {
        check_name(name).map_err(StoreError::Invalid)?;
        tenant.check().map_err(StoreError::Invalid)?;
        let text = serde_json::to_string(tenant).map_err(|error| {
            StoreError::Invalid(format!("failed to write a tenant as JSON: {error}"))
        })?;
        let add = cmd("HSET")
            .arg(self.tenants())
            .arg(name)
            .arg(text)
            .to_owned();
        self.link.send(&add).await?;
        self.tell().await
    }

    /// Removes a tenant; returns whether it existed. Its cursor stays: if it is added again, watching continues there.
    ///
    /// # Errors
    ///
    /// Returns an error if Redis does not respond.
    pub async fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let remove = cmd("HDEL").arg(self.tenants()).arg(name).to_owned();
        let removed: u64 = read(self.link.send(&remove).await?)?;
        self.tell().await?;
        Ok(removed > 0)
    }

    /// Returns all tenants. One that cannot be read is reported in the log, and does not affect the others.
    ///
    /// # Errors
    ///
    /// Returns an error if Redis does not respond.
    pub async fn all(&self) -> Result<Tenants, StoreError> {
        let all = cmd("HGETALL").arg(self.tenants()).to_owned();
        let all: Vec<(String, String)> = read(self.link.send(&all).await?)?;
        let mut tenants = Tenants::new();
        for (name, text) in all {
            let tenant = check_name(&name).and_then(|()| Tenant::from_json(&text));
            match tenant {
                Ok(tenant) => {
                    tenants.insert(name, tenant);
                }
                Err(reason) => {
                    tracing::error!(target: "graph_incidents_fleet", tenant = %name.escape_default(), reason, "a tenant in Redis is invalid");
                }
            }
        }
        Ok(tenants)
    }

    fn tenants(&self) -> String {
        self.link.key("tenants")
    }

    /// Notifies the workers of a change.
    async fn tell(&self) -> Result<(), StoreError> {
        let tell = cmd("INCR").arg(self.link.key("tenants:version")).to_owned();
        self.link.send(&tell).await.map(|_| ())
    }
}

impl TenantSource for TenantSet {
    fn changed(&self) -> BoxFuture<'_, Result<Option<Tenants>, StoreError>> {
        Box::pin(async {
            let version = cmd("GET").arg(self.link.key("tenants:version")).to_owned();
            let version: Option<i64> = read(self.link.send(&version).await?)?;
            let version = version.unwrap_or_default();
            if *self.last.lock().unwrap_or_else(PoisonError::into_inner) == Some(version) {
                return Ok(None);
            }
            let tenants = self.all().await?;
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(version);
            Ok(Some(tenants))
        })
    }
}
