//! What happens to a document before any stage looks at it: known defects are mended, and what is asked for is selected.

use crate::diagnostic::Problems;
use crate::generate::Settings;
use crate::load::Document;
use crate::report::Report;
use crate::{corrections, lint, select};

/// Corrects a document and reduces it to the selection.
///
/// # Errors
///
/// Everything that is wrong with the corrections and with the selection.
pub fn prepare(
    document: &mut Document,
    settings: &Settings,
    report: &mut Report,
) -> Result<(), Problems> {
    let mut problems = corrected(document, settings);
    if let Err(unmatched) = selected(document, settings, report) {
        problems.extend(unmatched);
    }
    problems.into_result()
}

/// A document that was prepared, and is in order.
pub(crate) fn linted(
    mut document: Document,
    text: &str,
    settings: &Settings,
    report: &mut Report,
) -> Result<Document, Problems> {
    let mut problems = corrected(&mut document, settings);
    match selected(&mut document, settings, report) {
        Ok(()) => problems.extend(lint::check(&document)),
        // What was not selected would only hide what is wrong.
        Err(unmatched) => problems.extend(unmatched),
    }
    match problems.is_empty() {
        true => Ok(document),
        false => Err(problems.with_source_of(&document.file, text)),
    }
}

fn corrected(document: &mut Document, settings: &Settings) -> Problems {
    match corrections::apply(document, &settings.corrections) {
        Ok(()) => Problems::default(),
        Err(expired) => expired,
    }
}

fn selected(
    document: &mut Document,
    settings: &Settings,
    report: &mut Report,
) -> Result<(), Problems> {
    let remarks = select::apply(document, &settings.selection)?;
    report.extend(remarks);
    Ok(())
}
