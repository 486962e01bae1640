//! Refuses placeholders for descriptions that a refresh left to a person.

use crate::load::Place;
use crate::refresh::UNWRITTEN;

use super::Linter;

impl<'a> Linter<'a> {
    pub(super) fn check_unwritten(&mut self) {
        let mut open = vec![Place::new(&self.document.root, "#")];
        while let Some(place) = open.pop() {
            for (key, child) in place.entries() {
                match (key, child.node.as_str()) {
                    ("description" | "summary", Some(text)) if text.trim() == UNWRITTEN => {
                        self.report(
                            &child,
                            "unwritten",
                            "the description has not been written yet".to_owned(),
                            "describe in your own words what it is, when it is null and what to watch out for",
                        );
                    }
                    // Values of the service may contain the text, and a property may have it as its name.
                    ("example" | "examples" | "default", _)
                        if !place.pointer.ends_with("/properties") => {}
                    _ => open.push(child),
                }
            }
            open.extend(place.items());
        }
    }
}
