//! The size of a chaos run.

use std::time::Duration;

/// The size of the fleet, and the duration of the disturbance.
#[derive(Debug, Clone)]
pub(crate) struct Size {
    pub(crate) workers: usize,
    pub(crate) tenants: usize,
    /// The disturbance of a round; a quiet period follows.
    pub(crate) trouble: Duration,
    pub(crate) rounds: usize,
    pub(crate) seed: u64,
    /// Seconds between two checks of a tenant.
    pub(crate) every: u64,
    /// Changes a second over all tenants.
    pub(crate) changes: u64,
    /// Requests that the application has over all tenants, per tenant: fewer than they would send.
    pub(crate) each_of_all: usize,
    /// The value of Redis's `appendfsync`: `always`, `everysec`.
    pub(crate) fsync: String,
}

impl Size {
    fn small() -> Self {
        Self {
            workers: 3,
            tenants: 12,
            trouble: Duration::from_secs(20),
            rounds: 1,
            seed: 7,
            every: 1,
            changes: 10,
            each_of_all: 4,
            fsync: "everysec".to_owned(),
        }
    }

    fn full() -> Self {
        Self {
            workers: 8,
            tenants: 300,
            trouble: Duration::from_secs(60),
            rounds: 3,
            every: 5,
            changes: 60,
            each_of_all: 1,
            ..Self::small()
        }
    }

    /// Requests that the application has over all tenants.
    pub(crate) fn of_all(&self) -> usize {
        self.tenants * self.each_of_all
    }

    /// The size from the command line; none if another test is requested.
    pub(crate) fn of_arguments() -> Option<Self> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        if arguments.iter().any(|argument| argument == "--list") {
            return None;
        }
        let is_full = arguments
            .iter()
            .any(|argument| argument == "--ignored" || argument == "--workers");
        let mut size = if is_full { Self::full() } else { Self::small() };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let Some(name) = argument.strip_prefix("--") else {
                // The name of another test.
                return "chaos".contains(argument.as_str()).then_some(size);
            };
            let mut number = || arguments.next().and_then(|text| text.parse::<u64>().ok());
            match name {
                "workers" => size.workers = number()? as usize,
                "tenants" => size.tenants = number()? as usize,
                "seconds" => size.trouble = Duration::from_secs(number()?),
                "rounds" => size.rounds = number()? as usize,
                "seed" => size.seed = number()?,
                "every" => size.every = number()?,
                "changes" => size.changes = number()?,
                "fsync" => size.fsync = arguments.next()?,
                "test-threads" => drop(arguments.next()),
                _ => {}
            }
        }
        Some(size)
    }
}
