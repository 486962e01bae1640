//! How to generate: corrections, a selection, and how strict to be.

use crate::corrections::Correction;
use crate::csdl::Metadata;
use crate::marks::Marks;
use crate::overlay::Overlay;
use crate::select::Selection;

/// How to generate.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The command that makes the files, as their header names it.
    pub command: String,
    /// Corrections as data, applied first.
    pub overlays: Vec<Overlay>,
    /// Known defects of the fragment.
    pub corrections: Vec<Correction>,
    /// What is known of the description beside its text.
    pub marks: Marks,
    /// The service's own data model: which types extend which, and what a request may write.
    pub metadata: Option<Metadata>,
    /// What the client is made of. Default: the whole description.
    pub selection: Selection,
    /// Whether a component that no operation leads to is an error: in a fragment of your own it is one,
    /// in a slice of somebody else's description it is not.
    pub refuse_unused: bool,
    /// Whether operations that cannot be made are left out with a warning, and operations that share an id are named by
    /// their paths: of somebody else's description. In a fragment of your own both are errors.
    pub leave_out: bool,
    /// Whether whatever makes the client less than the document is an error. Default: false.
    pub strict: bool,
    /// Whether what each resource needs stands behind a Cargo feature of its own, see [`crate::resources`]. Default:
    /// false.
    pub resources: bool,
}

impl Settings {
    /// Settings for a fragment of your own, every part of which is used.
    #[must_use]
    pub fn for_fragment(command: impl Into<String>) -> Self {
        Self {
            command: command.into(),
            overlays: Vec::new(),
            corrections: Vec::new(),
            marks: Marks::default(),
            metadata: None,
            selection: Selection::new(),
            refuse_unused: true,
            leave_out: false,
            strict: false,
            resources: false,
        }
    }

    /// For a description of somebody else's, or a part of one.
    #[must_use]
    pub fn for_description(command: impl Into<String>) -> Self {
        Self {
            refuse_unused: false,
            leave_out: true,
            ..Self::for_fragment(command)
        }
    }

    /// Makes the client of a part of the description.
    #[must_use]
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Corrects the description by an overlay, before anything else looks at it.
    #[must_use]
    pub fn overlay(mut self, overlay: Overlay) -> Self {
        self.overlays.push(overlay);
        self
    }

    /// Says what is known of the description beside its text.
    #[must_use]
    pub fn marks(mut self, marks: Marks) -> Self {
        self.marks = marks;
        self
    }

    /// Adds the service's own data model, as [`crate::csdl::parse`] reads it.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// Turns warnings into errors.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Mends a known defect before anything else looks at the fragment.
    #[must_use]
    pub fn correction(mut self, correction: Correction) -> Self {
        self.corrections.push(correction);
        self
    }
}
