//! Goes through two descriptions side by side and notes every difference at the place that caused it.

mod bodies;
mod components;
mod enumerations;
mod equal;
mod facets;
mod flat;
mod globals;
mod objects;
mod operations;
mod parameters;
mod renames;
mod responses;
mod schemas;
mod subtypes;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Description, Place};
use super::finding::{Kind, Side};
use super::flavour::Signals;
use super::operation::{Operation, Parameter};
use super::pairs::Pairs;
use super::wire::{Direction, Effect};

/// A difference, before it is known what it reaches.
#[derive(Debug, Clone)]
pub(super) struct Difference<'a> {
    pub(super) kind: Kind,
    pub(super) subject: String,
    pub(super) detail: String,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) effect: Effect,
    pub(super) certainty: f64,
    pub(super) side: Side,
    pub(super) place: Place<'a>,
    pub(super) nearest: Option<Place<'a>>,
    pub(super) owner: Owner<'a>,
    pub(super) touches: Vec<Touch>,
    /// What the same difference elsewhere has in common with this one, where the two have one cause.
    pub(super) cause: Option<String>,
    /// The subject where the difference is at several places.
    pub(super) shared_subject: Option<String>,
}

/// What a difference belongs to; decides what it reaches.
#[derive(Debug, Clone)]
pub(super) enum Owner<'a> {
    /// A named schema, by its name on either side.
    Schema(Option<&'a str>, Option<&'a str>),
    /// A shared part: its kind (`parameters`, `responses`, …) and its name.
    Component(&'static str, &'a str),
    /// Some operations, by their labels.
    Operations(BTreeSet<String>, Direction),
    /// Several at once.
    Several(Vec<Owner<'a>>),
    /// All of it.
    Document,
}

/// What of the generated code can differ by a difference, on either side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Touch {
    pub(super) base: Option<Touched>,
    pub(super) head: Option<Touched>,
}

/// A part of the generated code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touched {
    /// A type with all that it has.
    Type(String),
    /// A field of a type, by its name on the wire.
    Field(String, String),
    /// A variant of a type, by its name on the wire.
    Variant(String, String),
    /// A method, and the request that it makes.
    Method(String),
    /// An option of a request, by the method and the name of the parameter; of every request without a method.
    Option(String, String),
}

/// Where in the descriptions the comparison is.
#[derive(Debug, Clone)]
pub(super) struct Slot<'a> {
    pub(super) role: Role,
    pub(super) subject: String,
    pub(super) owner: Owner<'a>,
    pub(super) touch: Touch,
    /// The whole type, of which the compared one may be a part: the items of a list.
    pub(super) whole: (Place<'a>, Place<'a>),
    pub(super) cause: Option<String>,
    pub(super) shared_subject: Option<String>,
}

/// What a type is the type of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Schema,
    Property,
    Parameter,
    RequestBody,
    Response,
}

/// The state of a comparison.
pub(super) struct Comparison<'a> {
    pub(super) base: &'a Description<'a>,
    pub(super) head: &'a Description<'a>,
    pub(super) base_operations: &'a [Operation<'a>],
    pub(super) head_operations: &'a [Operation<'a>],
    pub(super) pairs: Pairs<'a>,
    /// Whether the two are written in different flavours.
    pub(super) flavours_differ: bool,
    pub(super) differences: Vec<Difference<'a>>,
    /// Named schemas that stand on the other side without a name.
    pub(super) inlined: BTreeMap<Side, BTreeSet<&'a str>>,
    depth: usize,
}

/// How deep inline types may be nested in one another.
const DEEPEST: usize = 64;

/// Compares two descriptions.
pub(super) fn compare<'a>(
    base: &'a Description<'a>,
    head: &'a Description<'a>,
    base_operations: &'a [Operation<'a>],
    head_operations: &'a [Operation<'a>],
) -> Comparison<'a> {
    let flavours_differ = Signals::of(base.document).differ(Signals::of(head.document));
    let mut comparison = Comparison {
        pairs: Pairs::find(base, head),
        base,
        head,
        base_operations,
        head_operations,
        flavours_differ,
        differences: Vec::new(),
        inlined: BTreeMap::new(),
        depth: 0,
    };
    comparison.globals();
    comparison.operations();
    comparison.components();
    comparison.schemas();
    comparison.merge();
    comparison
}

impl<'a> Comparison<'a> {
    /// Notes a difference; what is not said of it follows from where it is.
    pub(super) fn note(&mut self, difference: Difference<'a>) {
        self.differences.push(difference);
    }

    /// Makes one difference of those that have one cause.
    fn merge(&mut self) {
        let mut merged: Vec<Difference<'a>> = Vec::new();
        let mut known: BTreeMap<(Kind, String), usize> = BTreeMap::new();
        for difference in std::mem::take(&mut self.differences) {
            let Some(cause) = &difference.cause else {
                merged.push(difference);
                continue;
            };
            match known.get(&(difference.kind, cause.clone())) {
                Some(index) => merged[*index].join(difference),
                None => {
                    known.insert((difference.kind, cause.clone()), merged.len());
                    merged.push(difference);
                }
            }
        }
        self.differences = merged;
    }

    fn mark_inlined(&mut self, side: Side, name: &'a str) {
        self.inlined.entry(side).or_default().insert(name);
    }

    /// Whether a named schema stands on the other side without a name.
    fn is_inlined(&self, side: Side, name: &str) -> bool {
        self.inlined
            .get(&side)
            .is_some_and(|names| names.contains(name))
    }

    fn description(&self, side: Side) -> &'a Description<'a> {
        match side {
            Side::Base => self.base,
            Side::Head => self.head,
        }
    }
}

impl<'a> Difference<'a> {
    /// A difference at a slot.
    pub(super) fn at(kind: Kind, slot: &Slot<'a>, side: Side, place: Place<'a>) -> Self {
        Self {
            kind,
            subject: slot.subject.clone(),
            detail: String::new(),
            from: None,
            to: None,
            effect: Effect::Nothing,
            certainty: 1.0,
            side,
            place,
            nearest: Some(match side {
                Side::Base => slot.whole.1,
                Side::Head => slot.whole.0,
            }),
            owner: slot.owner.clone(),
            touches: vec![slot.touch.clone()],
            cause: slot.cause.clone(),
            shared_subject: slot.shared_subject.clone(),
        }
    }

    pub(super) fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    pub(super) fn from(mut self, from: impl Into<String>) -> Self {
        self.from = Some(from.into());
        self
    }

    pub(super) fn to(mut self, to: impl Into<String>) -> Self {
        self.to = Some(to.into());
        self
    }

    pub(super) fn values(mut self, from: Option<String>, to: Option<String>) -> Self {
        self.from = from;
        self.to = to;
        self
    }

    pub(super) fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    pub(super) fn certainty(mut self, certainty: f64) -> Self {
        // Two digits are as much as such a guess is worth.
        self.certainty = (certainty * 100.0).round() / 100.0;
        self
    }

    pub(super) fn touch(mut self, touch: Touch) -> Self {
        self.touches = vec![touch];
        self
    }

    /// The cause of a slot's difference is made precise by what differs.
    pub(super) fn specific(mut self) -> Self {
        if let Some(cause) = &mut self.cause {
            cause.push_str(&format!(
                "\u{0}{}\u{0}{:?}\u{0}{:?}",
                self.detail, self.from, self.to
            ));
        }
        self
    }

    /// Takes in the same difference at another place.
    fn join(&mut self, other: Self) {
        if let Some(subject) = &self.shared_subject {
            self.subject.clone_from(subject);
        }
        self.touches.extend(other.touches);
        let owner = std::mem::replace(&mut self.owner, Owner::Document);
        self.owner = match owner {
            Owner::Several(mut owners) => {
                owners.push(other.owner);
                Owner::Several(owners)
            }
            owner => Owner::Several(vec![owner, other.owner]),
        };
    }
}

impl<'a> Slot<'a> {
    /// The same slot for a part of its value.
    pub(super) fn part(&self, suffix: &str) -> Self {
        Self {
            subject: format!("{}{suffix}", self.subject),
            ..self.clone()
        }
    }
}

impl Touch {
    pub(super) fn both(touched: Touched) -> Self {
        Self {
            base: Some(touched.clone()),
            head: Some(touched),
        }
    }

    pub(super) fn base(touched: Touched) -> Self {
        Self {
            base: Some(touched),
            head: None,
        }
    }

    pub(super) fn head(touched: Touched) -> Self {
        Self {
            base: None,
            head: Some(touched),
        }
    }

    /// The same, for a member of the types that are touched.
    pub(super) fn member(
        &self,
        base: Option<&str>,
        head: Option<&str>,
        make: impl Fn(String, String) -> Touched,
    ) -> Self {
        let of = |touched: &Option<Touched>, member: Option<&str>| match (touched, member) {
            (Some(Touched::Type(name) | Touched::Method(name)), Some(member)) => {
                Some(make(name.clone(), member.to_owned()))
            }
            (Some(other), Some(_)) => Some(other.clone()),
            _ => None,
        };
        Self {
            base: of(&self.base, base),
            head: of(&self.head, head),
        }
    }
}
