//! Findings of a refresh in the formats of a review.

use std::io;
use std::path::PathBuf;

use super::levels::Levels;
use super::place::Place;
use super::report::Report;
use super::source::{Origin, Text};
use super::{Colour, Format, release, write};
use crate::Failure;
use crate::repository::Repository;

/// Findings of another comparison, for the review's formats.
pub(crate) struct Shown {
    pub(crate) review: graph_client_review::Review,
    /// The name and the text of the older side.
    pub(crate) base: (String, String),
    /// The name and the text of the newer side.
    pub(crate) head: (String, String),
    /// The file of the newer side, if it is one.
    pub(crate) head_path: Option<PathBuf>,
    pub(crate) title: String,
    pub(crate) notes: Vec<String>,
    /// The next step for the user.
    pub(crate) next: String,
}

impl Shown {
    pub(crate) fn write(
        self,
        repository: &Repository,
        format: Format,
        colour: Colour,
        out: &mut dyn io::Write,
    ) -> Result<(), Failure> {
        let report = Report {
            acceptances: self.review.findings.iter().map(|_| None).collect(),
            levels: Levels::default(),
            review: self.review,
            release: release::Release::default(),
            base: Text {
                name: self.base.0,
                text: self.base.1,
                origin: Origin::WorkingTree,
            },
            head: Text {
                origin: Origin::File(
                    self.head_path
                        .unwrap_or_else(|| PathBuf::from(&self.head.0)),
                ),
                name: self.head.0,
                text: self.head.1,
            },
            place: Place::of(repository),
            commands: repository.commands(),
            title: Some(self.title),
            notes: self.notes,
            next: Some(self.next),
        };
        write(&report, format, colour, out)
    }
}
