//! When the service asks to retry: headers in three spellings, and text in a message.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::telemetry;

/// Headers of services of Azure.
const IN_MILLISECONDS: [&str; 2] = ["retry-after-ms", "x-ms-retry-after-ms"];

/// The requested delay from the headers: milliseconds before seconds; a date is relative to the response's own `Date`,
/// so that a wrong clock on this side does not matter.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let header = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let found = IN_MILLISECONDS
        .into_iter()
        .find_map(|name| duration(header(name)?, 0.001))
        .or_else(|| {
            let text = header(RETRY_AFTER.as_str())?;
            duration(text, 1.0).or_else(|| until(text, headers))
        });
    if found.is_none() {
        let mut names = IN_MILLISECONDS.into_iter().chain([RETRY_AFTER.as_str()]);
        if let Some((name, value)) = names.find_map(|name| Some((name, headers.get(name)?))) {
            telemetry::unreadable_delay(name, &String::from_utf8_lossy(value.as_bytes()));
        }
    }
    found
}

/// A number in a unit of seconds. A number that is too large means a very long time.
fn duration(text: &str, unit: f64) -> Option<Duration> {
    let number: f64 = text.parse().ok()?;
    if !number.is_finite() {
        return None;
    }
    let seconds = (number * unit).max(0.0);
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

fn until(text: &str, headers: &HeaderMap) -> Option<Duration> {
    let then = httpdate::parse_http_date(text).ok()?;
    let now = headers
        .get(DATE)
        .and_then(|date| date.to_str().ok())
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now);
    Some(then.duration_since(now).unwrap_or_default())
}

/// The requested delay from the text of an error: "Try again in 5 seconds".
pub(crate) fn in_words(message: &str) -> Option<Duration> {
    let message = message.to_ascii_lowercase();
    let (_, rest) = ["again in ", "again after ", "retry after ", "retry in "]
        .iter()
        .find_map(|words| message.split_once(words))?;
    let rest = rest.trim_start();
    let end = rest.find(|next: char| !next.is_ascii_digit() && next != '.');
    let (number, unit) = rest.split_at(end.unwrap_or(rest.len()));
    let unit = unit.trim_start();
    let unit = match unit {
        _ if unit.starts_with("ms") || unit.starts_with("millisecond") => 0.001,
        _ if unit.starts_with('s') => 1.0,
        _ if unit.starts_with('m') => 60.0,
        _ if unit.starts_with('h') => 3_600.0,
        _ => return None,
    };
    duration(number.trim_end_matches('.'), unit)
}
