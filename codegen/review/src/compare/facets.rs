//! Compares the keywords beside a type: texts, bounds, patterns, defaults, flags, extensions.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::same::{same, same_set};
use super::super::schema::View;
use super::keywords::{About, KeywordChange, about, judged, value_texts};
use super::{Comparison, Difference, Slot};

/// The values of each keyword in several parts.
type Facets<'a> = BTreeMap<&'a str, Vec<Spot<'a>>>;

impl<'a> Comparison<'a> {
    pub(super) fn facets(&mut self, slot: &Slot<'a>, old: &View<'a>, new: &View<'a>) {
        self.keywords(slot, changed_facets(&old.facets, &new.facets));
    }

    /// Reports the keywords that were added or removed together with a schema that accepts anything, which equals no
    /// schema.
    ///
    /// Returns whether it is such a schema.
    pub(super) fn anything_came_or_went(
        &mut self,
        slot: &Slot<'a>,
        side: Side,
        schema: &[Spot<'a>],
    ) -> bool {
        let view = View::read(schema, self.description(side));
        if !view.takes_anything() {
            return false;
        }
        self.read(&view);
        let nothing = BTreeMap::new();
        let (old, new) = match side {
            Side::Base => (&view.facets, &nothing),
            Side::Head => (&nothing, &view.facets),
        };
        let changes = changed_facets(old, new);
        self.keywords(slot, changes);
        true
    }

    /// Reports keywords that both sides have with different values.
    pub(super) fn keywords(&mut self, slot: &Slot<'a>, changes: Vec<KeywordChange<'a>>) {
        let mut texts = Vec::new();
        let mut deprecation = Vec::new();
        for (key, before, after) in changes {
            for spot in [before, after].into_iter().flatten() {
                self.look_at_all(spot);
            }
            if let (Some(before), Some(after)) = (before, after)
                && says_the_same(key, before, after)
            {
                continue;
            }
            match about(key) {
                About::Text => {
                    if !self.is_same_text(key, before, after) {
                        texts.push((key, before, after));
                    }
                }
                About::Deprecation => deprecation.push((key, before, after)),
                _ => self.keyword_changed(slot, key, before, after),
            }
        }
        self.texts(slot, texts);
        self.deprecation(slot, deprecation);
    }

    /// Texts differ if a reader reads something else; a title follows the name of its schema.
    fn is_same_text(&self, key: &str, before: Option<Spot<'a>>, after: Option<Spot<'a>>) -> bool {
        let (Some(before), Some(after)) = (before, after) else {
            return false;
        };
        let (Some(old), Some(new)) = (before.node.as_str(), after.node.as_str()) else {
            return false;
        };
        if old.split_whitespace().eq(new.split_whitespace()) {
            return true;
        }
        let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
        key == "title"
            && self.pairs.renamed.keys().any(|name| {
                let twin = self.pairs.to_head.get(name);
                let renamed = twin.map(|twin| last(twin)).unwrap_or_default();
                old.replace(&last(name), &renamed) == new
            })
    }

    /// All changes to the texts of one part are one finding.
    pub(super) fn texts(&mut self, slot: &Slot<'a>, changes: Vec<KeywordChange<'a>>) {
        let main = changes
            .iter()
            .find(|change| change.0 == "description")
            .or(changes.first());
        let Some(&(_, before, after)) = main else {
            return;
        };
        let mut fields: Vec<&str> = changes.iter().map(|change| change.0).collect();
        fields.dedup();
        let (from, to) = value_texts(before, after);
        self.note(
            Difference::of(FindingKind::DocsChanged, slot, before, after)
                .detail(fields.join(", "))
                .values(from, to)
                .specific(),
        );
    }

    fn deprecation(&mut self, slot: &Slot<'a>, changes: Vec<KeywordChange<'a>>) {
        let main = changes
            .iter()
            .find(|change| change.0 == "deprecated")
            .or(changes.first());
        let Some(&(key, before, after)) = main else {
            return;
        };
        let (from, to) = value_texts(before, after);
        let word = |spot: Option<Spot<'a>>, text: Option<String>| match spot {
            Some(spot) if key == "deprecated" && spot.node.as_bool() == Some(true) => {
                Some("deprecated".to_owned())
            }
            None if key == "deprecated" => Some("in use".to_owned()),
            _ => text,
        };
        self.note(
            Difference::of(FindingKind::DeprecationChanged, slot, before, after)
                .values(word(before, from), word(after, to))
                .specific(),
        );
    }

    fn keyword_changed(
        &mut self,
        slot: &Slot<'a>,
        key: &'a str,
        before: Option<Spot<'a>>,
        after: Option<Spot<'a>>,
    ) {
        // The full flavour adds its tag to every subtype.
        if self.flavours_differ && key == "x-ms-discriminator-value" {
            return;
        }
        let (kind, effect) = judged(key, before, after);
        let (from, to) = value_texts(before, after);
        let mut difference = Difference::of(kind, slot, before, after)
            .detail(key)
            .values(from, to)
            .effect(effect);
        if kind == FindingKind::PropertyReadOnlyChanged {
            let word = |spot: Option<Spot<'a>>| match (spot, key) {
                (None, _) => "read and written",
                (Some(_), "readOnly") => "read-only",
                (Some(_), _) => "write-only",
            };
            difference = difference.from(word(before)).to(word(after));
        }
        self.note(difference.specific());
    }
}

/// Equal, in any order if the order of the list has no meaning.
fn says_the_same(key: &str, before: Spot<'_>, after: Spot<'_>) -> bool {
    match key {
        "required" | "enum" => same_set(before.node, after.node),
        _ => same(before.node, after.node),
    }
}

fn changed_facets<'a>(old: &Facets<'a>, new: &Facets<'a>) -> Vec<KeywordChange<'a>> {
    let keys: BTreeSet<&'a str> = old.keys().chain(new.keys()).copied().collect();
    let spots = |facets: &Facets<'a>, key: &str| facets.get(key).cloned().unwrap_or_default();
    keys.into_iter()
        .flat_map(|key| differing(key, spots(old, key), spots(new, key)))
        .collect()
}

/// The values of one keyword on both sides if they differ: of several parts in any order.
fn differing<'a>(
    key: &'a str,
    mut old: Vec<Spot<'a>>,
    mut new: Vec<Spot<'a>>,
) -> Vec<KeywordChange<'a>> {
    old.retain(|spot| {
        let twin = new.iter().position(|twin| same(twin.node, spot.node));
        match twin {
            Some(index) => {
                new.remove(index);
                false
            }
            None => true,
        }
    });
    let count = old.len().max(new.len());
    (0..count)
        .map(|index| (key, old.get(index).copied(), new.get(index).copied()))
        .collect()
}
