//! Messages to people on standard error, besides the results. Errors of writing them are ignored.

use std::io::Write as _;

use graph_incidents::runtime::Unreadable;

use super::safe;

/// Prints a line.
pub(crate) fn line(text: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = writeln!(stderr, "{text}");
}

/// Says what is missing because a property cannot be read.
pub(crate) fn unreadable<'a>(
    missing: &str,
    property: &str,
    mut unreadable: impl Iterator<Item = Unreadable<'a>>,
) {
    if let Some(found) = unreadable.find(|found| found.property == property) {
        line(&safe::line(&format!("warning: {missing}: {found}")));
    }
}

/// Prints a question; the reply is typed on the same line.
pub(crate) fn ask(text: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = write!(stderr, "{text}");
    let _ = stderr.flush();
}
