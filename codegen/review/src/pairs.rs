//! Pairs each schema of the base with its counterpart in the head: by name, else by similarity of content and name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::document::{Description, Spot};
use super::schema::{Form, View};
use super::words::closeness;

/// Below this similarity, a removed and an added schema are not paired.
const SURE_ENOUGH: f64 = 0.55;

/// If there are more comparisons than this, only schemas with the same last name are compared.
const MOST_COMPARISONS: usize = 100_000;

/// Members that any enumeration may have, so that they do not identify one.
const COMMON_MEMBERS: [&str; 3] = ["unknownFutureValue", "unknown", "none"];

/// The schemas that are the same on both sides.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a> {
    pub(super) to_head: HashMap<&'a str, &'a str>,
    pub(super) to_base: HashMap<&'a str, &'a str>,
    /// Renamed schemas with their certainty, by name in the base.
    pub(super) renamed: BTreeMap<&'a str, f64>,
}

impl<'a> Pairs<'a> {
    pub(super) fn find(base: &Description<'a>, head: &Description<'a>) -> Self {
        let mut pairs = Self::default();
        for name in base.schemas.keys() {
            if let Some((twin, _)) = head.schemas.get_key_value(name) {
                pairs.join(name, twin);
            }
        }
        // Pairs of referenced schemas make the next round more precise.
        while pairs.round(base, head) {}
        pairs.settle(base, head);
        pairs
    }

    /// Determines the certainty of each pair, once all pairs are known.
    fn settle(&mut self, base: &Description<'a>, head: &Description<'a>) {
        if self.renamed.is_empty() {
            return;
        }
        let old = Features::all(
            base,
            |name| self.renamed.contains_key(name),
            |name| self.new_name(name, base, head),
        );
        let is_new = |name: &str| {
            self.to_base
                .get(name)
                .is_some_and(|twin| self.renamed.contains_key(twin))
        };
        let new = Features::all(head, is_new, |name| head.short_name(name));
        let mut certainties = Vec::new();
        for before in &old {
            let after = new
                .iter()
                .find(|after| self.are_paired(before.name, after.name));
            if let Some(after) = after {
                certainties.push((before.name, before.likeness(after)));
            }
        }
        for (name, certainty) in certainties {
            if let Some(known) = self.renamed.get_mut(name) {
                *known = known.max(certainty);
            }
        }
    }

    fn new_name(&self, name: &str, base: &Description<'a>, head: &Description<'a>) -> String {
        self.to_head
            .get(name)
            .map_or_else(|| base.short_name(name), |twin| head.short_name(twin))
    }

    /// Pairs schemas that are similar by the pairs known so far; returns whether any were paired.
    fn round(&mut self, base: &Description<'a>, head: &Description<'a>) -> bool {
        let removed = Features::all(
            base,
            |name| !self.to_head.contains_key(name),
            |name| self.new_name(name, base, head),
        );
        let added = Features::all(
            head,
            |name| !self.to_base.contains_key(name),
            |name| head.short_name(name),
        );
        let before = self.renamed.len();
        for (certainty, removed, added) in candidates(&removed, &added) {
            if !self.to_head.contains_key(removed) && !self.to_base.contains_key(added) {
                self.join(removed, added);
                self.renamed.insert(removed, certainty);
            }
        }
        self.renamed.len() > before
    }

    fn join(&mut self, base: &'a str, head: &'a str) {
        self.to_head.insert(base, head);
        self.to_base.insert(head, base);
    }

    /// Whether a schema of the base and one of the head are a pair.
    pub(super) fn are_paired(&self, base: &str, head: &str) -> bool {
        self.to_head.get(base).is_some_and(|twin| *twin == head)
    }
}

/// The parts of a schema without a namesake that are compared.
struct Features<'a> {
    name: &'a str,
    kind: &'static str,
    content: BTreeSet<String>,
    /// The names of the properties: a property whose type changed still has its name.
    names: BTreeSet<&'a str>,
}

impl<'a> Features<'a> {
    fn all(
        description: &Description<'a>,
        wanted: impl Fn(&str) -> bool,
        name_of: impl Fn(&str) -> String,
    ) -> Vec<Self> {
        description
            .schemas
            .iter()
            .filter(|(name, _)| wanted(name))
            .map(|(name, spot)| Self::of(name, *spot, description, &name_of))
            .collect()
    }

    fn of(
        name: &'a str,
        spot: Spot<'a>,
        description: &Description<'a>,
        name_of: &impl Fn(&str) -> String,
    ) -> Self {
        let shape = View::of(spot, description);
        let mut content = BTreeSet::new();
        let mut names = BTreeSet::new();
        let kind = match &shape.form {
            Form::Object(object) => {
                for property in &object.properties {
                    let shape = View::read(&property.spots, description);
                    let text = shape.type_text_with(description, name_of);
                    content.insert(format!("{}: {}", property.name, text.replace('?', "")));
                    names.insert(property.name);
                }
                "object"
            }
            Form::Enumeration(enumeration) => {
                content.extend(
                    enumeration
                        .members
                        .iter()
                        .map(|member| member.value.clone()),
                );
                if content
                    .iter()
                    .any(|member| !COMMON_MEMBERS.contains(&member.as_str()))
                {
                    content.retain(|member| !COMMON_MEMBERS.contains(&member.as_str()));
                }
                "enumeration"
            }
            _ => {
                content.insert(shape.type_text(description));
                "other"
            }
        };
        Self {
            name,
            kind,
            content,
            names,
        }
    }

    /// The probability that one became the other.
    fn likeness(&self, other: &Self) -> f64 {
        if self.kind != other.kind {
            return 0.0;
        }
        let shared = self.content.intersection(&other.content).count() as f64;
        let all = self.content.union(&other.content).count() as f64;
        // A property with another type counts as half equal.
        let renamed = self.names.intersection(&other.names).count() as f64;
        let half = (renamed - shared).max(0.0);
        let (shared, all) = (shared + half / 2.0, all - half);
        // Two objects without properties have nothing else in common.
        let content = if all == 0.0 { 0.4 } else { shared / all };
        if content < 0.25 {
            return 0.0;
        }
        let name = closeness(last_name(self.name), last_name(other.name));
        0.6 * content + 0.4 * name
    }
}

fn last_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Pairs that are certain enough, the most certain first.
fn candidates<'a>(
    removed: &[Features<'a>],
    added: &[Features<'a>],
) -> Vec<(f64, &'a str, &'a str)> {
    let too_many = removed.len().saturating_mul(added.len()) > MOST_COMPARISONS;
    let mut found = Vec::new();
    for old in removed {
        for new in added {
            if too_many && !last_name(old.name).eq_ignore_ascii_case(last_name(new.name)) {
                continue;
            }
            let likeness = old.likeness(new);
            if likeness >= SURE_ENOUGH {
                found.push((likeness, old.name, new.name));
            }
        }
    }
    found.sort_by(|left, right| {
        right
            .0
            .total_cmp(&left.0)
            .then_with(|| (left.1, left.2).cmp(&(right.1, right.2)))
    });
    found
}
