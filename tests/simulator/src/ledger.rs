//! The ledger of every request and every write: a test can check that nothing was lost or done twice.

use std::collections::VecDeque;

use parking_lot::Mutex;
use serde::Serialize;
use serde_json::Value;

use crate::time::Ticks;

/// How many requests are kept; older ones are only counted.
const REMEMBERED: usize = 100_000;

/// A request, and its response.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RequestEntry {
    /// The sequence number from 1, in the order of the responses.
    pub sequence: u64,
    /// When the response was ready: UTC, up to seven fraction digits.
    pub at: String,
    /// `GET`, `PATCH`, …
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The operation, if the path belongs to one.
    pub operation: Option<String>,
    /// The status of the response.
    pub status: u16,
    /// The names of the faults that were applied.
    pub faults: Vec<&'static str>,
    /// The reason for each of them, in the same order: the rule and its counts, or the script.
    pub reasons: Vec<String>,
    /// The application that called; empty if its token was refused.
    pub application: String,
    /// The time between the end of the request and the start of the response, in microseconds, without delays of
    /// faults.
    pub duration_us: u64,
    /// The service's id of the request.
    pub request_id: String,
    /// The caller's id of the request.
    pub client_request_id: String,
    /// The body as sent, truncated to 4 KiB; invalid UTF-8 is replaced.
    pub body: String,
}

/// A change to an incident or an alert.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WriteEntry {
    /// The sequence number from 1, in the order of the writes.
    pub sequence: u64,
    /// The time: the new `lastUpdateDateTime` of the changed record.
    pub at: String,
    /// The operation that made it, or `service` for a change by the service itself.
    pub operation: String,
    /// The incident; for an alert, the one that it belongs to afterwards.
    pub incident: String,
    /// The alert; none if the incident itself was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// The id of its request; empty for a change by the service itself.
    pub request_id: String,
    /// The properties that were set, or the comment.
    pub change: Value,
}

/// A write before it is entered in the ledger.
pub(crate) struct Write<'a> {
    pub(crate) at: Ticks,
    pub(crate) operation: &'a str,
    pub(crate) incident: &'a str,
    pub(crate) alert: Option<&'a str>,
    pub(crate) request_id: &'a str,
    pub(crate) change: Value,
}

/// Everything that happened since the start.
#[derive(Default)]
pub struct Ledger {
    requests: Mutex<Counted<RequestEntry>>,
    sign_ins: Mutex<Counted<RequestEntry>>,
    writes: Mutex<Counted<WriteEntry>>,
}

struct Counted<T> {
    total: u64,
    entries: VecDeque<T>,
}

impl<T> Default for Counted<T> {
    fn default() -> Self {
        Self {
            total: 0,
            entries: VecDeque::new(),
        }
    }
}

impl<T: Clone> Counted<T> {
    fn after(&self, sequence: u64, limit: usize) -> Vec<T> {
        let newer = usize::try_from(self.total.saturating_sub(sequence)).unwrap_or(usize::MAX);
        let wanted = newer.min(limit).min(self.entries.len());
        self.entries
            .iter()
            .skip(self.entries.len() - wanted)
            .cloned()
            .collect()
    }

    fn push(&mut self, entry: impl FnOnce(u64) -> T) {
        self.total += 1;
        if self.entries.len() == REMEMBERED {
            self.entries.pop_front();
        }
        self.entries.push_back(entry(self.total));
    }
}

impl Ledger {
    /// Returns the requests, oldest first; at most the last 100,000.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestEntry> {
        self.requests.lock().entries.iter().cloned().collect()
    }

    /// Returns the requests to the token endpoints, oldest first; at most the last 100,000. Secrets in their bodies are
    /// replaced.
    #[must_use]
    pub fn sign_ins(&self) -> Vec<RequestEntry> {
        self.sign_ins.lock().entries.iter().cloned().collect()
    }

    /// Returns the writes, oldest first; at most the last 100,000.
    #[must_use]
    pub fn writes(&self) -> Vec<WriteEntry> {
        self.writes.lock().entries.iter().cloned().collect()
    }

    /// The sign-ins after a sequence number, oldest first, limited to the latest ones.
    #[must_use]
    pub fn sign_ins_after(&self, sequence: u64, limit: usize) -> Vec<RequestEntry> {
        self.sign_ins.lock().after(sequence, limit)
    }

    /// The requests after a sequence number, oldest first, limited to the latest ones.
    #[must_use]
    pub fn requests_after(&self, sequence: u64, limit: usize) -> Vec<RequestEntry> {
        self.requests.lock().after(sequence, limit)
    }

    /// The writes after a sequence number, oldest first, limited to the latest ones.
    #[must_use]
    pub fn writes_after(&self, sequence: u64, limit: usize) -> Vec<WriteEntry> {
        self.writes.lock().after(sequence, limit)
    }

    /// Returns the number of requests.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.requests.lock().total
    }

    /// Returns the number of writes.
    #[must_use]
    pub fn write_count(&self) -> u64 {
        self.writes.lock().total
    }

    /// Enters a request, and returns its number.
    pub(crate) fn request(&self, mut entry: RequestEntry) -> u64 {
        let mut requests = self.requests.lock();
        requests.push(|sequence| {
            entry.sequence = sequence;
            entry
        });
        requests.total
    }

    /// The request with a number, if it is still kept.
    pub(crate) fn entry(&self, sequence: u64) -> Option<RequestEntry> {
        let requests = self.requests.lock();
        let back = requests.total.checked_sub(sequence)?;
        let index = requests
            .entries
            .len()
            .checked_sub(usize::try_from(back).ok()? + 1)?;
        requests.entries.get(index).cloned()
    }

    pub(crate) fn sign_in(&self, mut entry: RequestEntry) {
        self.sign_ins.lock().push(|sequence| {
            entry.sequence = sequence;
            entry
        });
    }

    pub(crate) fn write(&self, write: Write<'_>) {
        self.writes.lock().push(|sequence| WriteEntry {
            sequence,
            at: write.at.to_string(),
            operation: write.operation.to_owned(),
            incident: write.incident.to_owned(),
            alert: write.alert.map(str::to_owned),
            request_id: write.request_id.to_owned(),
            change: write.change,
        });
    }
}
