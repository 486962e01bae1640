//! A Redis for each test.

use std::sync::Arc;

use graph_incidents_fleet::{Link, LinkSettings};

pub(crate) use super::server::Redis;

impl Redis {
    /// Starts one that loses nothing when it is killed.
    pub(crate) fn start() -> Option<Self> {
        Self::with(&["--appendonly", "yes", "--appendfsync", "always"])
    }

    /// Restarts it empty.
    pub(crate) fn restart_empty(&mut self) {
        self.kill();
        self.folder = tempfile::tempdir().unwrap();
        self.restart();
    }

    pub(crate) fn link(&self) -> Arc<Link> {
        Arc::new(Link::new(&LinkSettings::new(self.address())).unwrap())
    }
}
