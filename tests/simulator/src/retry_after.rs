//! The value of the header `Retry-After`, in the profile's form.

use std::time::Duration;

use axum::http::HeaderValue;

use crate::profile::RetryAfter;
use crate::time::Ticks;

/// Returns the header's value in a form; none if a date of four-digit years cannot express it.
pub(crate) fn value(form: RetryAfter, wait: Duration) -> Option<HeaderValue> {
    // The fraction of a second is rounded up: a caller that waits must be granted.
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    let text = match form {
        RetryAfter::Absent => return None,
        RetryAfter::Seconds => seconds.to_string(),
        RetryAfter::Date => {
            // A date has whole seconds: rounding up again keeps that.
            let seconds = i64::try_from(seconds).ok()?.checked_add(1)?;
            let until = Ticks::now().later(seconds)?;
            until.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
        }
    };
    HeaderValue::from_str(&text).ok()
}
