//! Compares what is said of a type beside its type: texts, bounds, patterns, defaults, flags, extensions.

use std::collections::BTreeSet;

use graph_client_codegen::load::{Node, Value};

use super::super::document::Place;
use super::super::finding::{Kind as Finding, Side};
use super::super::same::{inline_text, same};
use super::super::schema::Shape;
use super::super::wire::Effect;
use super::{Comparison, Difference, Slot};

/// Keywords that only tell a reader something.
pub(super) fn is_text(key: &str) -> bool {
    matches!(
        key,
        "description" | "title" | "summary" | "example" | "examples" | "externalDocs" | "tags"
    )
}

/// Keywords that say something of one kind of value only: a length of a text, a range of a number.
pub(super) fn depends_on_kind(key: &str) -> bool {
    matches!(subject_of(key), Subject::Bound { .. } | Subject::Pattern)
        || matches!(key, "x-ms-enum" | "x-ms-enum-flags")
}

/// What a keyword is about.
enum Subject {
    Text,
    Deprecation,
    /// A bound, and whether a larger value allows more.
    Bound {
        larger_allows_more: bool,
    },
    Pattern,
    Default,
    ReadOnly,
    WriteOnly,
    Extension,
    Other,
}

fn subject_of(key: &str) -> Subject {
    match key {
        _ if is_text(key) => Subject::Text,
        "deprecated" | "x-ms-deprecation" | "x-deprecated" => Subject::Deprecation,
        "maximum" | "maxLength" | "maxItems" | "maxProperties" => Subject::Bound {
            larger_allows_more: true,
        },
        "minimum" | "minLength" | "minItems" | "minProperties" | "uniqueItems"
        | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => Subject::Bound {
            larger_allows_more: false,
        },
        "pattern" => Subject::Pattern,
        "default" => Subject::Default,
        "readOnly" => Subject::ReadOnly,
        "writeOnly" => Subject::WriteOnly,
        _ if key.starts_with("x-") => Subject::Extension,
        _ => Subject::Other,
    }
}

/// One keyword on both sides; at least one of them has it.
pub(super) type Change<'a> = (&'a str, Option<Place<'a>>, Option<Place<'a>>);

impl<'a> Comparison<'a> {
    pub(super) fn facets(&mut self, slot: &Slot<'a>, old: &Shape<'a>, new: &Shape<'a>) {
        let keys: BTreeSet<&'a str> = old
            .facets
            .keys()
            .chain(new.facets.keys())
            .copied()
            .collect();
        let changes = keys
            .into_iter()
            .map(|key| {
                (
                    key,
                    old.facets.get(key).copied(),
                    new.facets.get(key).copied(),
                )
            })
            .collect();
        self.keywords(slot, changes);
    }

    /// Notes what keywords say on both sides, where it is not the same.
    pub(super) fn keywords(&mut self, slot: &Slot<'a>, changes: Vec<Change<'a>>) {
        let mut texts = Vec::new();
        let mut deprecation = Vec::new();
        for (key, before, after) in changes {
            if let (Some(before), Some(after)) = (before, after)
                && same(before.node, after.node)
            {
                continue;
            }
            match subject_of(key) {
                Subject::Text => {
                    if !self.is_same_text(key, before, after) {
                        texts.push((key, before, after));
                    }
                }
                Subject::Deprecation => deprecation.push((key, before, after)),
                subject => self.keyword(slot, &subject, (key, before, after)),
            }
        }
        self.texts(slot, texts);
        self.deprecation(slot, deprecation);
    }

    /// Texts differ where a reader reads something else; and a title follows the name of its schema.
    fn is_same_text(&self, key: &str, before: Option<Place<'a>>, after: Option<Place<'a>>) -> bool {
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
                let renamed = self
                    .pairs
                    .to_head
                    .get(name)
                    .map(|twin| last(twin))
                    .unwrap_or_default();
                old.replace(&last(name), &renamed) == new
            })
    }

    /// All that a reader is told differently of one thing is one finding.
    pub(super) fn texts(&mut self, slot: &Slot<'a>, changes: Vec<Change<'a>>) {
        let main = changes
            .iter()
            .find(|change| change.0 == "description")
            .or(changes.first());
        let Some(&(_, before, after)) = main else {
            return;
        };
        let fields: Vec<&str> = changes.iter().map(|change| change.0).collect();
        let (side, place) = self.place_of(slot, before, after);
        self.note(
            Difference::at(Finding::DocsChanged, slot, side, place)
                .detail(fields.join(", "))
                .values(text_of(before), text_of(after))
                .specific(),
        );
    }

    fn deprecation(&mut self, slot: &Slot<'a>, changes: Vec<Change<'a>>) {
        let main = changes
            .iter()
            .find(|change| change.0 == "deprecated")
            .or(changes.first());
        let Some(&(key, before, after)) = main else {
            return;
        };
        let word = |place: Option<Place<'a>>| match place {
            Some(place) if key == "deprecated" && place.node.as_bool() == Some(true) => {
                Some("deprecated".to_owned())
            }
            None if key == "deprecated" => Some("in use".to_owned()),
            place => text_of(place),
        };
        let (side, place) = self.place_of(slot, before, after);
        self.note(
            Difference::at(Finding::DeprecationChanged, slot, side, place)
                .values(word(before), word(after))
                .specific(),
        );
    }

    fn place_of(
        &self,
        slot: &Slot<'a>,
        before: Option<Place<'a>>,
        after: Option<Place<'a>>,
    ) -> (Side, Place<'a>) {
        match (before, after) {
            (_, Some(after)) => (Side::Head, after),
            (Some(before), None) => (Side::Base, before),
            (None, None) => (Side::Head, slot.whole.1),
        }
    }

    fn keyword(&mut self, slot: &Slot<'a>, subject: &Subject, change: Change<'a>) {
        let (key, before, after) = change;
        // The full flavour says of every subtype which tag it has.
        if self.flavours_differ && key == "x-ms-discriminator-value" {
            return;
        }
        let tightened = |effect: Option<bool>| match effect {
            Some(true) => Effect::Tightens,
            Some(false) => Effect::Loosens,
            None => Effect::Swaps,
        };
        let (kind, effect) = match subject {
            Subject::Bound { larger_allows_more } => (
                Finding::BoundsChanged,
                tightened(tightens(*larger_allows_more, before, after)),
            ),
            Subject::Pattern => (
                Finding::PatternChanged,
                tightened(match (before, after) {
                    (None, _) => Some(true),
                    (_, None) => Some(false),
                    _ => None,
                }),
            ),
            Subject::Default => (Finding::DefaultChanged, Effect::Offers),
            // What is read-only was refused in a request, or is from now on; a response is the same.
            Subject::ReadOnly if after.is_some() => {
                (Finding::PropertyReadOnlyChanged, Effect::Tightens)
            }
            Subject::ReadOnly => (Finding::PropertyReadOnlyChanged, Effect::Offers),
            // What is write-only was left out of responses, or is from now on; a request is the same.
            Subject::WriteOnly if after.is_some() => {
                (Finding::PropertyReadOnlyChanged, Effect::Loosens)
            }
            Subject::WriteOnly => (Finding::PropertyReadOnlyChanged, Effect::Offers),
            Subject::Extension => (
                Finding::ExtensionChanged,
                match key {
                    // Several members in one text, or one.
                    "x-ms-enum-flags" => Effect::Swaps,
                    _ => Effect::Nothing,
                },
            ),
            _ => (Finding::KeywordChanged, Effect::Swaps),
        };
        let (side, place) = self.place_of(slot, before, after);
        let mut difference = Difference::at(kind, slot, side, place)
            .detail(key)
            .values(text_of(before), text_of(after))
            .effect(effect);
        if kind == Finding::PropertyReadOnlyChanged {
            let word = |place: Option<Place<'a>>| match (place, key) {
                (None, _) => "read and written",
                (Some(_), "readOnly") => "read-only",
                (Some(_), _) => "write-only",
            };
            difference = difference.from(word(before)).to(word(after));
        }
        self.note(difference.specific());
    }
}

fn text_of(place: Option<Place<'_>>) -> Option<String> {
    place.map(|place| inline_text(place.node))
}

/// Whether a bound allows less than before; `None` where the two cannot be compared.
fn tightens(
    larger_allows_more: bool,
    before: Option<Place<'_>>,
    after: Option<Place<'_>>,
) -> Option<bool> {
    let (before, after) = match (before, after) {
        (None, _) => return Some(true),
        (_, None) => return Some(false),
        (Some(before), Some(after)) => (number(before.node)?, number(after.node)?),
    };
    Some((after > before) != larger_allows_more)
}

fn number(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Number(number) => number.as_f64(),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        _ => None,
    }
}
