//! Compares the parts of a whole description: servers, security, its version, and its information.

use super::super::bundle::is_files;
use super::super::document::Spot;
use super::super::finding::FindingKind;
use super::super::same::inline_text;
use super::components::slot_of;
use super::keywords::{KeywordChange, changed_keywords};
use super::{Comparison, Difference, Owner, Slot};

impl<'a> Comparison<'a> {
    pub(super) fn globals(&mut self) {
        self.root_servers();
        self.root_requirements();
        self.schemes();
        let (old, new) = (
            Spot::item(&self.base.document.root),
            Spot::item(&self.head.document.root),
        );
        let slot = slot_of("the description", Owner::Document, (old, new));
        self.format_version(&slot, old.get("openapi"), new.get("openapi"));
        self.about(&slot, old.get("info"), new.get("info"));
        let rest = changed_keywords(old, new, |key, _| {
            matches!(
                key,
                "openapi" | "info" | "servers" | "security" | "paths" | "components" | "webhooks"
            ) || is_files(key)
        });
        self.keywords(&slot, rest);
    }

    /// Patch versions of the specification do not affect requests and responses; minor versions read some keywords
    /// differently.
    fn format_version(&mut self, slot: &Slot<'a>, old: Option<Spot<'a>>, new: Option<Spot<'a>>) {
        let version =
            |spot: Option<Spot<'a>>| spot.map(|spot| inline_text(spot.node)).unwrap_or_default();
        let minor = |version: &str| version.split('.').take(2).collect::<Vec<_>>().join(".");
        [old, new]
            .into_iter()
            .flatten()
            .for_each(|spot| self.look(spot));
        let (from, to) = (version(old), version(new));
        if minor(&from) != minor(&to) {
            self.note(
                Difference::of(FindingKind::FormatVersionChanged, slot, old, new)
                    .from(from)
                    .to(to),
            );
        }
    }

    /// Compares the information about the description.
    fn about(&mut self, slot: &Slot<'a>, old: Option<Spot<'a>>, new: Option<Spot<'a>>) {
        let (Some(before), Some(after)) = (old, new) else {
            return;
        };
        self.twin(before, after);
        let changes: Vec<KeywordChange<'a>> = changed_keywords(before, after, |_, _| false);
        for (_, before, after) in &changes {
            before
                .iter()
                .chain(after)
                .for_each(|spot| self.look_at_all(*spot));
        }
        let inner = Slot {
            subject: "info".to_owned(),
            ..slot.between(before, after)
        };
        self.texts(&inner, changes);
    }
}
