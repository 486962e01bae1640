//! The resource usage of this process (memory, file descriptors, tasks), and whether it grows.

use std::fmt;
use std::io;
use std::time::Duration;

/// The usage at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    /// The time since the start.
    after: Duration,
    /// Resident memory in KiB; 0 if unknown.
    memory: u64,
    /// Open file descriptors; 0 if unknown.
    descriptors: usize,
    tasks: usize,
}

impl fmt::Display for Usage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            after,
            memory,
            descriptors,
            tasks,
        } = self;
        write!(
            formatter,
            "after {:>6} s          {memory} KiB, {descriptors} descriptors, {tasks} tasks",
            after.as_secs()
        )
    }
}

impl Usage {
    /// Measures the usage. Outside Linux, only tasks are counted.
    pub(super) fn after(after: Duration) -> io::Result<Self> {
        let tasks = tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks();
        if !cfg!(target_os = "linux") {
            return Ok(Self {
                after,
                memory: 0,
                descriptors: 0,
                tasks,
            });
        }
        Ok(Self {
            after,
            memory: resident_memory()?,
            descriptors: std::fs::read_dir("/proc/self/fd")?.count(),
            tasks,
        })
    }
}

/// Returns `VmRSS` of this process, in KiB. Linux only.
///
/// # Errors
///
/// Returns an error if the system does not provide it.
pub fn resident_memory() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let mut values = status
        .lines()
        .filter_map(|line| line.strip_prefix("VmRSS:"));
    let word = values
        .next()
        .and_then(|value| value.split_whitespace().next());
    let missing = || io::Error::other("no VmRSS in /proc/self/status");
    word.and_then(|word| word.parse().ok()).ok_or_else(missing)
}

/// The sample after a quarter of the time, the one in the middle, and the last.
pub(super) fn sampled(all: &[Usage]) -> Vec<Usage> {
    let last = all.len().saturating_sub(1);
    let mut places = vec![last / 4, last / 2, last];
    places.dedup();
    places
        .into_iter()
        .filter_map(|place| all.get(place).copied())
        .collect()
}

/// One of the numbers of a sample.
type Measure = fn(&Usage) -> u64;

/// Compares the third quarter with the last, where endless growth continues.
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

#[cfg(test)]
mod tests {
    use super::{Duration, Usage, leaks};

    fn samples(memory: impl Fn(u64) -> u64, tasks: impl Fn(usize) -> usize) -> Vec<Usage> {
        let at = |when: usize| Usage {
            after: Duration::from_secs(when as u64),
            memory: memory(when as u64),
            descriptors: 20,
            tasks: tasks(when),
        };
        (0..40).map(at).collect()
    }

    #[test]
    fn endless_growth_is_reported_and_levelling_off_is_not() {
        assert_eq!(leaks(&samples(|when| 20_000 + when % 7, |_| 9)), [""; 0]);
        let levels_off = samples(|when| 20_000 + 3_000 * when.min(15), |_| 9);
        assert_eq!(leaks(&levels_off), [""; 0]);
        let memory = leaks(&samples(|when| 20_000 + 3_000 * when, |_| 9));
        assert!(memory[0].starts_with("KiB of memory grow"), "{memory:?}");
        let tasks = leaks(&samples(|_| 20_000, |when| 9 + 4 * when));
        assert!(tasks[0].starts_with("tasks grow"), "{tasks:?}");
    }
}
