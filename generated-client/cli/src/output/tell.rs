//! What is said to people on standard error, beside the results. Where nobody listens there is nobody to tell.

use std::io::Write as _;

/// Says a line.
pub(crate) fn line(text: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = writeln!(stderr, "{text}");
}

/// Prints a question; the reply is typed on the same line.
pub(crate) fn ask(text: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = write!(stderr, "{text}");
    let _ = stderr.flush();
}
