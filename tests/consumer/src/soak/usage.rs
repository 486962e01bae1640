//! What this process uses: memory, descriptors, tasks; and whether that grows.

use std::fmt;
use std::io;

/// What is used at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    /// Resident memory in KiB; 0 where the system does not say.
    memory: u64,
    /// Open descriptors; 0 where the system does not say.
    descriptors: usize,
    tasks: usize,
}

impl fmt::Display for Usage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            memory,
            descriptors,
            tasks,
        } = self;
        write!(
            formatter,
            "{memory} KiB, {descriptors} descriptors, {tasks} tasks"
        )
    }
}

impl Usage {
    /// Looks, on Linux; elsewhere only tasks are counted.
    pub(super) fn now() -> io::Result<Self> {
        let tasks = tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks();
        if !cfg!(target_os = "linux") {
            return Ok(Self {
                memory: 0,
                descriptors: 0,
                tasks,
            });
        }
        let status = std::fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let memory = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        Ok(Self {
            memory: memory.unwrap_or(0),
            descriptors: std::fs::read_dir("/proc/self/fd")?.count(),
            tasks,
        })
    }
}

/// The first, the middle and the last sample, with their numbers.
pub(super) fn sampled(all: &[Usage]) -> Vec<(usize, Usage)> {
    let last = all.len().saturating_sub(1);
    let mut places = vec![last / 4, last / 2, last];
    places.dedup();
    places
        .into_iter()
        .filter_map(|place| Some((place, *all.get(place)?)))
        .collect()
}

/// One of the numbers of a sample.
type Measure = fn(&Usage) -> u64;

/// Compares the third quarter with the last: what grows without end grows there too.
pub(super) fn leaks(all: &[Usage]) -> Vec<String> {
    let half = all.len() / 2;
    let (third, last) = all[half..].split_at((all.len() - half) / 2);
    if third.len() < 3 {
        return Vec::new();
    }
    let middle = |quarter: &[Usage], of: Measure| {
        let mut values: Vec<u64> = quarter.iter().map(of).collect();
        values.sort_unstable();
        values[values.len() / 2]
    };
    let kinds: [(&str, Measure, u64); 3] = [
        ("KiB of memory", |usage| usage.memory, 4_096),
        ("descriptors", |usage| usage.descriptors as u64, 16),
        ("tasks", |usage| usage.tasks as u64, 16),
    ];
    let mut leaks = Vec::new();
    for (name, of, slack) in kinds {
        let (before, after) = (middle(third, of), middle(last, of));
        if after > before + before / 10 + slack {
            leaks.push(format!("{name} grow: {before}, then {after}"));
        }
    }
    leaks
}
