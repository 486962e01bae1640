//! What happened to a document on its way to a client: what was selected, left out, renamed and guessed.
//!
//! Every stage reports such decisions here, with their location in the document. A remark that weakens the client is a
//! warning; a strict run turns warnings into errors.

mod table;

use serde_json::{Value, json};

use crate::diagnostic::{Position, Problem, Problems};

/// What happened to a part of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Treatment {
    /// It was requested, and is in the client.
    Selected,
    /// It is not in the client.
    LeftOut,
    /// It is in the client under a name that does not follow from its own name alone.
    Renamed,
    /// The document does not specify it: it follows from something else.
    Guessed,
}

impl Treatment {
    /// All treatments, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Selected, Self::LeftOut, Self::Renamed, Self::Guessed];

    /// Returns its name in a table.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Selected => "selected",
            Self::LeftOut => "left out",
            Self::Renamed => "renamed",
            Self::Guessed => "guessed",
        }
    }

    /// Returns its name in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Selected => "selected",
            Self::LeftOut => "left_out",
            Self::Renamed => "renamed",
            Self::Guessed => "guessed",
        }
    }
}

/// One decision about a part of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What happened.
    pub treatment: Treatment,
    /// The rule that decided it, in kebab case; the same in every version.
    pub rule: &'static str,
    /// The part: ``operation `getTag` ``, ``property `user.manager` ``.
    pub subject: String,
    /// The reason, as a lower-case sentence fragment.
    pub reason: String,
    /// Whether the client lacks part of the document because of it; something that the user requested is not a warning.
    pub is_warning: bool,
    /// The location in the file; `None` if there is no single one.
    pub position: Option<Position>,
    /// The JSON pointer of the node, with `#` in front.
    pub pointer: String,
}

impl Remark {
    fn place(&self) -> (Treatment, Option<Position>, &str, &str) {
        (self.treatment, self.position, &self.pointer, self.rule)
    }
}

/// All remarks on a document, sorted by treatment and location, without duplicates.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::report::{Remark, Report, Treatment};
///
/// let mut report = Report::new("tags.yaml");
/// report.push(Remark {
///     treatment: Treatment::LeftOut,
///     rule: "callbacks",
///     subject: "callback `tagChanged`".to_owned(),
///     reason: "a client receives no calls".to_owned(),
///     is_warning: true,
///     position: None,
///     pointer: "#/paths/~1tags/post/callbacks".to_owned(),
/// });
/// assert_eq!(report.warnings().count(), 1);
/// assert_eq!(report.to_json()["counts"]["left_out"], 1);
/// assert!(report.table().contains("callback `tagChanged`"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    file: String,
    sorted: Vec<Remark>,
}

impl Report {
    /// Creates an empty report on a file.
    #[must_use]
    pub fn new(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            sorted: Vec::new(),
        }
    }

    /// Returns the file that the remarks are about.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Adds a remark in order.
    pub fn push(&mut self, remark: Remark) {
        let place = |known: &Remark| {
            known
                .place()
                .cmp(&remark.place())
                .then_with(|| known.subject.cmp(&remark.subject))
        };
        if let Err(index) = self.sorted.binary_search_by(place) {
            self.sorted.insert(index, remark);
        }
    }

    /// Adds the remarks of another stage.
    pub fn extend(&mut self, remarks: impl IntoIterator<Item = Remark>) {
        for remark in remarks {
            self.push(remark);
        }
    }

    /// Returns every remark.
    pub fn remarks(&self) -> impl Iterator<Item = &Remark> {
        self.sorted.iter()
    }

    /// Returns the remarks on parts of the document that the client lacks.
    pub fn warnings(&self) -> impl Iterator<Item = &Remark> {
        self.sorted.iter().filter(|remark| remark.is_warning)
    }

    /// Returns the number of remarks with a treatment.
    #[must_use]
    pub fn count(&self, treatment: Treatment) -> usize {
        let of_it = |remark: &&Remark| remark.treatment == treatment;
        self.sorted.iter().filter(of_it).count()
    }

    /// Returns the warnings as problems, for a run that allows none.
    ///
    /// # Errors
    ///
    /// Returns one problem for each warning.
    pub fn strict(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        for remark in self.warnings() {
            problems.push(Problem {
                rule: remark.rule,
                message: format!("{} is {}: {}", remark.subject, remark.treatment.words(), remark.reason),
                file: self.file.clone(),
                position: remark.position,
                pointer: remark.pointer.clone(),
                help: "`strict` makes warnings errors: remove it from the selection, or turn `strict` off".to_owned(),
            });
        }
        problems.into_result()
    }

    /// Returns the report as JSON: `{"file", "counts", "remarks"}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut counts = serde_json::Map::new();
        for treatment in Treatment::ALL {
            counts.insert(treatment.key().to_owned(), json!(self.count(treatment)));
        }
        counts.insert("warnings".to_owned(), json!(self.warnings().count()));
        let remarks: Vec<Value> = self.sorted.iter().map(entry).collect();
        json!({"file": self.file, "counts": counts, "remarks": remarks})
    }

    /// Returns the report as a table for people: counts first, then what was left out, renamed and guessed.
    #[must_use]
    pub fn table(&self) -> String {
        table::table(self)
    }
}

fn entry(remark: &Remark) -> Value {
    json!({
        "treatment": remark.treatment.key(),
        "rule": remark.rule,
        "subject": remark.subject,
        "reason": remark.reason,
        "warning": remark.is_warning,
        "line": remark.position.map(|position| position.line),
        "column": remark.position.map(|position| position.column),
        "pointer": remark.pointer,
    })
}

#[cfg(test)]
mod tests;
