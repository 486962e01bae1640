//! Formats a report for people.

use super::{Remark, Report, Treatment};

/// Counts first; then one line for each remark, in columns.
pub(super) fn table(report: &Report) -> String {
    let mut text = counts(report);
    for treatment in Treatment::ALL {
        let of_it = |remark: &&Remark| remark.treatment == treatment;
        let rows: Vec<&Remark> = report.remarks().filter(of_it).collect();
        if rows.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{}\n", treatment.words()));
        let widest = rows
            .iter()
            .map(|row| row.subject.chars().count())
            .max()
            .unwrap_or_default();
        for row in rows {
            text.push_str(&line(report, row, widest));
        }
    }
    text
}

fn counts(report: &Report) -> String {
    let parts = Treatment::ALL
        .map(|treatment| format!("{} {}", report.count(treatment), treatment.words()));
    let warnings = match report.warnings().count() {
        1 => "1 warning".to_owned(),
        count => format!("{count} warnings"),
    };
    format!("{}: {}; {warnings}\n", report.file(), parts.join(", "))
}

fn line(report: &Report, remark: &Remark, widest: usize) -> String {
    let mark = if remark.is_warning { "!" } else { " " };
    let place = match remark.position {
        Some(at) => format!("{}:{}:{}", report.file(), at.line, at.column),
        None => remark.pointer.clone(),
    };
    let reason = match remark.reason.is_empty() {
        true => String::new(),
        false => format!("  {}", remark.reason),
    };
    format!(" {mark} {:widest$}  {place}{reason}\n", remark.subject)
}
