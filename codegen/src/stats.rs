//! The sizes of what was generated, from the plan and from progenitor's output.

use std::fmt;

use crate::emit::Origins;
use crate::plan::Plan;

/// The sizes of what was generated.
///
/// `Display` prints one line for each; [`markdown`](Self::markdown) returns a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    rows: Vec<(&'static str, String)>,
}

impl Stats {
    /// Counts.
    #[must_use]
    pub fn of(plan: &Plan, origins: &Origins) -> Self {
        let subtypes = plan.unions.iter().map(|union| union.subtypes.len());
        let members = plan.enumerations.iter().map(|item| item.members.len());
        let fields = plan.structs().map(|item| item.fields.len());
        let body_fields = plan.bodies.iter().map(|item| item.fields.len());
        let filterable = plan.queries.iter().map(|item| item.filterable().len());
        let parameters = plan
            .requests
            .iter()
            .map(|item| item.path_parameters.len() + item.options.len());
        let own = origins.own.len();
        let kept = match origins.shares.first() {
            Some((_, share)) => format!(
                "{} %, {} of {} tokens",
                share.percent(),
                share.stayed,
                share.came
            ),
            None => "nothing".to_owned(),
        };
        let counts = [
            ("operations", plan.requests.len()),
            ("parameters of operations", parameters.sum()),
            ("objects", plan.objects.len()),
            ("types distinguished by a tag", subtypes.sum()),
            ("properties of objects", fields.sum()),
            ("request bodies", plan.bodies.len()),
            ("properties of request bodies", body_fields.sum()),
            ("enumerations", plan.enumerations.len()),
            ("members of enumerations", members.sum()),
            ("properties with a typed filter", filterable.sum()),
            (
                "request functions written by progenitor",
                plan.requests.len() - own.min(plan.requests.len()),
            ),
            ("request functions of our own", own),
        ];
        let mut rows: Vec<(&'static str, String)> = counts
            .into_iter()
            .map(|(what, count)| (what, count.to_string()))
            .collect();
        rows.push(("kept of what progenitor wrote", kept));
        Self { rows }
    }

    /// Returns a Markdown table.
    #[must_use]
    pub fn markdown(&self) -> String {
        let rows = self.rows.iter();
        let rows = rows.map(|(what, count)| format!("| {what} | {count} |\n"));
        format!(
            "| generated | count |\n|---|---|\n{}",
            rows.collect::<String>()
        )
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|(what, _)| what.len()).max();
        let width = width.unwrap_or_default();
        for (what, count) in &self.rows {
            writeln!(formatter, "{what:width$}  {count}")?;
        }
        Ok(())
    }
}
