//! Refuses descriptions that a refresh left for a person to write.

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
                    // What a service sends may say anything; a property may be called so, too.
                    ("example" | "examples" | "default", _)
                        if !place.pointer.ends_with("/properties") => {}
                    _ => open.push(child),
                }
            }
            open.extend(place.items());
        }
    }
}
