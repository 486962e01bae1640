//! Compares the media types of a body, and its content in each of them.

use super::super::document::Spot;
use super::super::finding::{FindingKind, Side};
use super::super::same::same;
use super::super::wire::Effect;
use super::bodies::of_itself;
use super::keywords::changed_keywords;
use super::{Comparison, Difference, Role, Slot};

/// A media type with its parameters in normal form, and its content.
#[derive(Debug, Clone)]
struct MediaType<'a> {
    name: String,
    spot: Spot<'a>,
}

impl<'a> Comparison<'a> {
    pub(super) fn content(
        &mut self,
        slot: &Slot<'a>,
        old: Spot<'a>,
        new: Spot<'a>,
        kind: FindingKind,
    ) {
        if let (Some(from), Some(to)) = (old.get("content"), new.get("content")) {
            self.twin(from, to);
        }
        let (before, after) = (media_types(old), media_types(new));
        for media_type in before.iter().chain(&after) {
            self.look(media_type.spot);
        }
        if slot.role == Role::Response && before.is_empty() != after.is_empty() {
            return self.body_came_or_went(slot, old, new);
        }
        let pairs = pairs(&before, &after);
        let lost: Vec<_> = before
            .iter()
            .filter(|from| !after.iter().any(|to| to.name == from.name))
            .collect();
        let gained: Vec<_> = after
            .iter()
            .filter(|to| !before.iter().any(|from| from.name == to.name))
            .collect();
        if !lost.is_empty() || !gained.is_empty() {
            self.media_types_changed(slot, kind, (&before, &lost), (&after, &gained));
        }
        let mut seen: Vec<(Spot<'a>, Spot<'a>)> = Vec::new();
        for (from, to) in pairs {
            let (from, to) = (from.spot, to.spot);
            self.twin(from, to);
            // The same change in several media types is one change.
            let is_repeated = seen
                .iter()
                .any(|(old, new)| same(old.node, from.node) && same(new.node, to.node));
            match is_repeated {
                true => {
                    self.look_at_all(from);
                    self.look_at_all(to);
                }
                false => {
                    seen.push((from, to));
                    self.media_type(slot, from, to);
                }
            }
        }
    }

    fn body_came_or_went(&mut self, slot: &Slot<'a>, old: Spot<'a>, new: Spot<'a>) {
        let difference = match (old.get("content"), new.get("content")) {
            (_, Some(content)) if !media_types(new).is_empty() => {
                Difference::at(FindingKind::ResponseBodyAdded, slot, Side::Head, content)
                    .to(self.content_text(Side::Head, new))
                    .effect(Effect::Offers)
            }
            (Some(content), _) => {
                Difference::at(FindingKind::ResponseBodyRemoved, slot, Side::Base, content)
                    .from(self.content_text(Side::Base, old))
                    .effect(Effect::Withdraws)
            }
            (None, _) => return,
        };
        self.note(difference.specific());
    }

    fn media_types_changed(
        &mut self,
        slot: &Slot<'a>,
        kind: FindingKind,
        (before, lost): (&[MediaType<'a>], &[&MediaType<'a>]),
        (after, gained): (&[MediaType<'a>], &[&MediaType<'a>]),
    ) {
        let is_covered = |media_type: &MediaType<'a>, ranges: &[MediaType<'a>]| {
            ranges
                .iter()
                .any(|range| covers(&range.name, &media_type.name))
        };
        let withdraws = lost.iter().any(|media_type| !is_covered(media_type, after));
        let widens = gained
            .iter()
            .any(|range| before.iter().any(|known| covers(&range.name, &known.name)));
        let effect = match (withdraws, widens) {
            (true, _) => Effect::Withdraws,
            (false, true) => Effect::Loosens,
            (false, false)
                if gained
                    .iter()
                    .all(|media_type| is_covered(media_type, before)) =>
            {
                Effect::Tightens
            }
            (false, false) => Effect::Offers,
        };
        let names = |types: &[MediaType<'a>]| {
            let mut names: Vec<&str> = types
                .iter()
                .map(|media_type| media_type.name.as_str())
                .collect();
            names.sort_unstable();
            names.join(", ")
        };
        let spot = |types: &[&MediaType<'a>]| types.first().map(|media_type| media_type.spot);
        self.note(
            Difference::of(kind, slot, spot(lost), spot(gained))
                .from(names(before))
                .to(names(after))
                .effect(effect)
                .specific(),
        );
        let is_paired = |index: usize| index == 1;
        if !(is_paired(lost.len()) && is_paired(gained.len())) {
            lost.iter()
                .chain(gained)
                .for_each(|media_type| self.look_at_all(media_type.spot));
        }
    }

    /// Compares the content of a body in one media type.
    fn media_type(&mut self, slot: &Slot<'a>, from: Spot<'a>, to: Spot<'a>) {
        for key in ["schema", "itemSchema"] {
            match (from.get(key), to.get(key)) {
                (Some(before), Some(after)) => {
                    self.types(&slot.between(before, after), before, after)
                }
                (Some(before), None) => {
                    self.schema_came_or_went(slot, Side::Base, before, Effect::Loosens);
                }
                (None, Some(after)) => {
                    self.schema_came_or_went(slot, Side::Head, after, Effect::Tightens);
                }
                (None, None) => {}
            }
        }
        self.encodings(slot, from.get("encoding"), to.get("encoding"));
        let changes = changed_keywords(from, to, |key, _| {
            matches!(key, "schema" | "itemSchema" | "encoding")
        });
        self.keywords(&of_itself(&slot.between(from, to)), changes);
    }

    /// Without a schema, any content is valid.
    fn schema_came_or_went(&mut self, slot: &Slot<'a>, side: Side, spot: Spot<'a>, effect: Effect) {
        self.look(spot);
        if self.anything_came_or_went(slot, side, &[spot]) {
            return;
        }
        let text = self.text(side, spot);
        let (from, to) = match side {
            Side::Base => (text, "any".to_owned()),
            Side::Head => ("any".to_owned(), text),
        };
        let kind = super::kinds::type_kind(slot.role);
        self.note(
            Difference::at(kind, slot, side, spot)
                .from(from)
                .to(to)
                .effect(effect)
                .specific(),
        );
        self.look_at_all(spot);
    }

    /// The type of a body in one word.
    pub(super) fn content_text(&self, side: Side, spot: Spot<'a>) -> String {
        match media_types(spot).first() {
            Some(media_type) => match media_type.spot.get("schema") {
                Some(schema) => self.text(side, schema),
                None => media_type.name.clone(),
            },
            None => "nothing".to_owned(),
        }
    }
}

/// The same media type on both sides; the same body with another media type also counts.
fn pairs<'m, 'a>(
    before: &'m [MediaType<'a>],
    after: &'m [MediaType<'a>],
) -> Vec<(&'m MediaType<'a>, &'m MediaType<'a>)> {
    let twin = |from: &MediaType<'a>| after.iter().find(|to| to.name == from.name);
    let mut pairs: Vec<_> = before
        .iter()
        .filter_map(|from| Some((from, twin(from)?)))
        .collect();
    let lost: Vec<_> = before.iter().filter(|from| twin(from).is_none()).collect();
    let gained: Vec<_> = after
        .iter()
        .filter(|to| !before.iter().any(|from| from.name == to.name))
        .collect();
    if let ([from], [to]) = (lost.as_slice(), gained.as_slice()) {
        pairs.push((from, to));
    }
    pairs
}

/// The media types of a body.
fn media_types(spot: Spot<'_>) -> Vec<MediaType<'_>> {
    let content = spot.get("content");
    let entries = content.map(|content| content.entries()).unwrap_or_default();
    entries
        .iter()
        .filter(|entry| !entry.key.starts_with("x-"))
        .map(|entry| MediaType {
            name: normal(&entry.key),
            spot: Spot::of(entry),
        })
        .collect()
}

/// A media type in lower case, with sorted parameters. JSON is UTF-8, with or without a charset.
pub(super) fn normal(name: &str) -> String {
    let mut parts = name.split(';').map(|part| part.trim().to_lowercase());
    let main = parts.next().unwrap_or_default();
    let is_json = main.ends_with("/json") || main.ends_with("+json");
    let mut parameters: Vec<String> = parts
        .map(|parameter| match parameter.split_once('=') {
            Some((key, value)) => format!("{}={}", key.trim(), value.trim().trim_matches('"')),
            None => parameter,
        })
        .filter(|parameter| !(parameter.is_empty() || is_json && parameter == "charset=utf-8"))
        .collect();
    parameters.sort();
    std::iter::once(main)
        .chain(parameters)
        .collect::<Vec<_>>()
        .join(";")
}

/// Whether a media type is in a range such as `image/*`.
pub(super) fn covers(range: &str, name: &str) -> bool {
    if range == name {
        return false;
    }
    let main = name.split(';').next().unwrap_or(name);
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => main.split('/').next() == Some(kind),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_a_media_type_have_no_order_and_json_is_utf_8() {
        assert_eq!(
            normal("Application/JSON; charset=UTF-8"),
            "application/json"
        );
        assert_eq!(normal("a/b; y=2;x=\"1\""), normal("a/b;x=1; y=2"));
        assert_eq!(
            normal("text/plain; charset=utf-16"),
            "text/plain;charset=utf-16"
        );
    }

    #[test]
    fn a_range_covers_its_media_types() {
        assert!(covers("*/*", "image/png"));
        assert!(covers("image/*", "image/png;q=1"));
        assert!(!covers("image/*", "text/plain"));
        assert!(!covers("image/png", "image/png"));
    }
}
