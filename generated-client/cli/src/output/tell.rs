//! Messages to people on standard error, besides the results. Errors of writing them are ignored.

use std::io::Write as _;

/// Prints a line.
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
