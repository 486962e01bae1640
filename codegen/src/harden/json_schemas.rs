//! JSON schemas of the generated types (feature `schemars`): they come from the Rust types, and a test holds them against the fragment.

use super::{Module, Workshop};

impl Workshop<'_> {
    pub(super) fn json_schemas(&mut self) -> Module {
        Module {
            name: "json_schemas".to_owned(),
            doc: "JSON schemas of the generated types.".to_owned(),
            feature: Some("schemars"),
            public: false,
            pieces: Vec::new(),
        }
    }
}
