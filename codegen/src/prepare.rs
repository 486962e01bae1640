//! Prepares a document for the lint: corrects it, converts it to OpenAPI 3.0, and reduces it to the selection.

use crate::diagnostic::Problems;
use crate::load::Document;
use crate::model::Whole;
use crate::report::{Remark, Report};
use crate::settings::Settings;
use crate::{
    corrections, leave_out, lint, marks, newer, overlay, select, subtypes, tell_apart, weaken,
};

/// Corrects a document, converts it to OpenAPI 3.0, and reduces it to the selection.
///
/// # Errors
///
/// Returns every problem of the corrections and of the selection, and everything that OpenAPI 3.0 cannot express.
pub fn prepare(
    document: &mut Document,
    settings: &Settings,
    report: &mut Report,
) -> Result<(), Problems> {
    let mut problems = corrected(document, settings);
    if let Err(others) = selected(document, settings, report) {
        problems.extend(others);
    }
    problems.into_result()
}

/// A document that is prepared and valid.
pub(crate) fn linted(
    mut document: Document,
    text: &str,
    settings: &Settings,
    report: &mut Report,
) -> Result<(Document, Whole), Problems> {
    let mut problems = corrected(&mut document, settings);
    let mut whole = Whole::default();
    match selected(&mut document, settings, report) {
        Ok(names) => {
            whole = names;
            problems.extend(found(&mut document, settings, report));
        }
        // Problems of parts that cannot be read or selected would hide the real cause.
        Err(others) => problems.extend(others),
    }
    match problems.is_empty() {
        true => Ok((document, whole)),
        false => Err(problems.with_source_of(&document.file, text)),
    }
}

fn corrected(document: &mut Document, settings: &Settings) -> Problems {
    let mut problems = Problems::default();
    for outcome in [
        overlay::apply(document, &settings.overlays),
        corrections::apply(document, &settings.corrections),
    ] {
        if let Err(expired) = outcome {
            problems.extend(expired);
        }
    }
    problems
}

fn selected(
    document: &mut Document,
    settings: &Settings,
    report: &mut Report,
) -> Result<Whole, Problems> {
    newer::read_as_3_0(document, report)?;
    let renamed = match settings.leave_out {
        true => tell_apart::tell_apart(document),
        false => Vec::new(),
    };
    marks::apply(document, &settings.marks)?;
    subtypes::complete(document, settings, report);
    let whole = Whole::of(document);
    let remarks = select::apply(document, &settings.selection)?;
    report.extend(remarks);
    let is_there = |remark: &Remark| document.root.pointer(&remark.pointer).is_some();
    report.extend(renamed.into_iter().filter(is_there));
    Ok(whole)
}

/// How often a weakened description is checked again: what was removed may have hidden more problems.
const ROUNDS: usize = 5;

/// Returns the lint's problems after removing the parts that a client can do without, and the operations that cannot be
/// generated.
fn found(document: &mut Document, settings: &Settings, report: &mut Report) -> Problems {
    let mut problems = lint::check(document);
    if !settings.leave_out {
        return problems;
    }
    for _ in 0..ROUNDS {
        if !weaken::weaken(document, &problems, report) {
            break;
        }
        problems = lint::check(document);
    }
    match leave_out::leave_out(document, &problems, report) {
        true => lint::check(document),
        false => problems,
    }
}
