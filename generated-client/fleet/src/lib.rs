//! Watches the security incidents of many tenants with many workers: one budget, one lease for each tenant, one stream.
//!
//! One process needs only a folder for cursors and changes. Many processes share Redis or Valkey. The README of this
//! package begins with the smallest useful setup.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod budget;
mod change;
mod files;
mod health;
mod moving;
#[cfg(feature = "otel")]
mod otel;
mod reader;
mod redis;
mod secret;
mod settings;
mod spread;
pub mod store;
mod subject;
mod tenants;
mod worker;

pub use budget::{ServiceLimits, SharedBudget, SharedBudgets, Window};
pub use change::{ChangeKind, RecordKind, StreamedChange, version};
pub use health::{read_status, serve_health};
#[cfg(feature = "otel")]
pub use otel::Otel;
pub use reader::{Delivery, FileReader, RedisReader};
pub use redis::{Link, LinkSettings};
pub use secret::{SecretFuture, SecretSource, Secrets};
pub use settings::{FleetSettings, Storage};
pub use store::{FileStore, MemoryStore, RedisStore, Store, StoreError};
pub use tenants::{Tenant, TenantFile, TenantSet, TenantSource, Tenants, check_name};
pub use worker::{
    Board, Budgets, LocalBudgets, TenantBoard, TenantState, TenantStatus, WatchSettings, Worker,
    WorkerStatus,
};
