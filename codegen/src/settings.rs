//! The settings of a generation: corrections, a selection, and strictness.

use crate::corrections::Correction;
use crate::csdl::Metadata;
use crate::marks::Marks;
use crate::overlay::Overlay;
use crate::select::Selection;

/// The settings of a generation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The command that generates the files, for their headers.
    pub command: String,
    /// Overlays, applied first.
    pub overlays: Vec<Overlay>,
    /// Corrections of known defects in the fragment.
    pub corrections: Vec<Correction>,
    /// Facts that the description does not contain.
    pub marks: Marks,
    /// The service's own data model: which types extend which, and what a request may write.
    pub metadata: Option<Metadata>,
    /// The parts to generate. Default: the whole description.
    pub selection: Selection,
    /// Whether a component that no operation uses is an error: it is in your own fragment, but not in a part of another
    /// author's description.
    pub refuse_unused: bool,
    /// Whether to leave out operations that cannot be generated, with a warning, and to name operations with the same
    /// id by their paths: for another author's description. In your own fragment, both are errors.
    pub leave_out: bool,
    /// Whether a warning about a part that the client lacks is an error. Default: false.
    pub strict: bool,
    /// Whether the code of each resource is behind its own Cargo feature, see [`crate::resources`]. Default: false.
    pub resources: bool,
}

impl Settings {
    /// Creates settings for your own fragment, all of which is used.
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

    /// Creates settings for another author's description, or a part of one.
    #[must_use]
    pub fn for_description(command: impl Into<String>) -> Self {
        Self {
            refuse_unused: false,
            leave_out: true,
            ..Self::for_fragment(command)
        }
    }

    /// Selects the parts to generate.
    #[must_use]
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Adds an overlay, which is applied before anything else reads the description.
    #[must_use]
    pub fn overlay(mut self, overlay: Overlay) -> Self {
        self.overlays.push(overlay);
        self
    }

    /// Sets facts that the description does not contain.
    #[must_use]
    pub fn marks(mut self, marks: Marks) -> Self {
        self.marks = marks;
        self
    }

    /// Sets the service's own data model, as parsed by [`crate::csdl::parse`].
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

    /// Adds a correction, which is applied before anything else reads the fragment.
    #[must_use]
    pub fn correction(mut self, correction: Correction) -> Self {
        self.corrections.push(correction);
        self
    }
}
