//! The value of the header `Retry-After`, in the form that the profile wants.

use std::time::Duration;

use axum::http::HeaderValue;

use crate::profile::RetryAfter;
use crate::time::Ticks;

/// The header's value in that form; none where a date of four-digit years cannot say it.
pub(crate) fn value(form: RetryAfter, wait: Duration) -> Option<HeaderValue> {
    // The fraction of a second counts in full: a caller that obeys must be granted.
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    let text = match form {
        RetryAfter::Absent => return None,
        RetryAfter::Seconds => seconds.to_string(),
        RetryAfter::Date => {
            // A date has whole seconds: rounding up again keeps the promise.
            let seconds = i64::try_from(seconds).ok()?.checked_add(1)?;
            let until = Ticks::now().later(seconds)?;
            until.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
        }
    };
    HeaderValue::from_str(&text).ok()
}
