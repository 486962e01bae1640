//! A simulator and its client for each thread, started once.

use std::cell::OnceCell;
use std::future::Future;

use graph_incidents::{Client, RetryPolicy};
use graph_incidents_simulator::Simulator;
use tokio::runtime::Runtime;

use crate::kept::runtime;

/// A simulator, its client, and the runtime of both.
pub(crate) struct Local {
    runtime: Runtime,
    pub(crate) simulator: Simulator,
    pub(crate) client: Client,
}

impl Local {
    fn start() -> Self {
        let runtime = runtime();
        let simulator = runtime
            .block_on(Simulator::builder().start())
            .expect("a simulator starts on loopback");
        let client = Client::builder()
            .token(simulator.token())
            .base_url(simulator.base_url())
            .retry(RetryPolicy::none())
            .build()
            .expect("the client is built");
        Self {
            runtime,
            simulator,
            client,
        }
    }

    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

/// Calls a function with the simulator of this thread.
pub(crate) fn with_local<T>(act: impl FnOnce(&Local) -> T) -> T {
    thread_local! {
        static LOCAL: OnceCell<Local> = const { OnceCell::new() };
    }
    LOCAL.with(|local| act(local.get_or_init(Local::start)))
}
