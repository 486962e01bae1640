//! What happens to a document before the lint: it is corrected, read as OpenAPI 3.0, and reduced to what is asked for.

use crate::diagnostic::Problems;
use crate::load::Document;
use crate::model::Whole;
use crate::report::{Remark, Report};
use crate::settings::Settings;
use crate::{
    corrections, leave_out, lint, marks, newer, overlay, select, subtypes, tell_apart, weaken,
};

/// Corrects a document, reads it as OpenAPI 3.0 and reduces it to the selection.
///
/// # Errors
///
/// Everything that is wrong with the corrections and with the selection, and what OpenAPI 3.0 cannot say.
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

/// A document that was prepared and is valid.
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
        // What cannot be read or selected would only hide what is wrong.
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

/// How often a description is looked at again after it was weakened: what goes may have hidden more.
const ROUNDS: usize = 5;

/// What the lint says, once what a client can do without is out, and the operations that cannot be made.
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
