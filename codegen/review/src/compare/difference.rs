//! A difference before its effects are known, and the part of the descriptions that differs.

use std::collections::BTreeSet;

use super::{Direction, Effect, FindingKind, Side, Spot};

/// A difference, before its effects are known.
#[derive(Debug, Clone)]
pub(crate) struct Difference<'a> {
    pub(crate) kind: FindingKind,
    pub(crate) subject: String,
    pub(crate) detail: String,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) certainty: f64,
    pub(crate) side: Side,
    pub(crate) spot: Spot<'a>,
    pub(crate) nearest: Option<Spot<'a>>,
    pub(crate) owner: Owner<'a>,
    /// The directions in which the part can travel: no request contains a read-only part.
    pub(crate) travels: Direction,
    pub(crate) touches: Vec<Touch>,
    /// A key that equal differences at other locations share if they have one cause.
    pub(crate) cause: Option<String>,
    /// The subject if the difference occurs at several locations.
    pub(crate) shared_subject: Option<String>,
}

/// The owner of a difference, which decides what it affects.
#[derive(Debug, Clone)]
pub(crate) enum Owner<'a> {
    /// A named schema, by its name on either side.
    Schema(Option<&'a str>, Option<&'a str>),
    /// A shared part: its kind (`parameters`, `responses`, …) and its name.
    Component(&'static str, &'a str),
    /// Operations, by their labels.
    Operations(BTreeSet<String>, Direction),
    /// Several at once.
    Several(Vec<Owner<'a>>),
    /// The whole description.
    Document,
    /// A part that no operation uses.
    Nobody,
}

/// The parts of the generated code that a difference can change, on either side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Touch {
    pub(crate) base: Option<Touched>,
    pub(crate) head: Option<Touched>,
}

/// A part of the generated code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Touched {
    /// A type with everything in it.
    Type(String),
    /// A field of a type, by its name on the wire.
    Field(String, String),
    /// A variant of a type, by its name on the wire.
    Variant(String, String),
    /// A method, and its request.
    Method(String),
    /// An option of a request, by method and parameter name; without a method, of every request.
    Option(String, String),
}

/// The current location of the comparison.
#[derive(Debug, Clone)]
pub(crate) struct Slot<'a> {
    pub(crate) role: Role,
    pub(crate) subject: String,
    pub(crate) owner: Owner<'a>,
    /// The directions in which the part can travel.
    pub(crate) travels: Direction,
    /// Whether the service makes the call.
    pub(crate) is_reversed: bool,
    /// Whether null is reported elsewhere: at the choice of which this is an alternative.
    pub(crate) ignores_null: bool,
    /// The parameter whose type is compared.
    pub(crate) parameter: Option<(Spot<'a>, Spot<'a>)>,
    pub(crate) touch: Touch,
    /// The whole type, if the compared one is part of it: the items of a list.
    pub(crate) whole: (Spot<'a>, Spot<'a>),
    pub(crate) cause: Option<String>,
    pub(crate) shared_subject: Option<String>,
}

/// The part that has the compared type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Schema,
    Property,
    Parameter,
    Header,
    RequestBody,
    Response,
}

impl<'a> Difference<'a> {
    /// Creates a difference at a slot.
    pub(crate) fn at(kind: FindingKind, slot: &Slot<'a>, side: Side, spot: Spot<'a>) -> Self {
        Self {
            kind,
            subject: slot.subject.clone(),
            detail: String::new(),
            from: None,
            to: None,
            effect: Effect::Nothing,
            certainty: 1.0,
            side,
            spot,
            nearest: Some(match side {
                Side::Base => slot.whole.1,
                Side::Head => slot.whole.0,
            }),
            owner: slot.owner.clone(),
            travels: slot.travels,
            touches: vec![slot.touch.clone()],
            cause: slot.cause.clone(),
            shared_subject: slot.shared_subject.clone(),
        }
    }

    /// Creates a difference at a part of both sides or of one; it is located in the head if the part is there.
    pub(crate) fn of(
        kind: FindingKind,
        slot: &Slot<'a>,
        before: Option<Spot<'a>>,
        after: Option<Spot<'a>>,
    ) -> Self {
        let (side, spot) = match (before, after) {
            (_, Some(after)) => (Side::Head, after),
            (Some(before), None) => (Side::Base, before),
            (None, None) => (Side::Head, slot.whole.1),
        };
        let mut difference = Self::at(kind, slot, side, spot);
        if let (Side::Head, Some(before)) = (side, before) {
            difference.nearest = Some(before);
        }
        difference
    }

    pub(crate) fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// Sets the counterpart on the other side if it is closer than the whole.
    pub(crate) fn opposite(mut self, spot: Option<Spot<'a>>) -> Self {
        self.nearest = spot.or(self.nearest);
        self
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    pub(crate) fn from(mut self, from: impl Into<String>) -> Self {
        self.from = Some(from.into());
        self
    }

    pub(crate) fn to(mut self, to: impl Into<String>) -> Self {
        self.to = Some(to.into());
        self
    }

    pub(crate) fn values(mut self, from: Option<String>, to: Option<String>) -> Self {
        self.from = from;
        self.to = to;
        self
    }

    pub(crate) fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    pub(crate) fn certainty(mut self, certainty: f64) -> Self {
        // A guess is no more precise than two digits.
        self.certainty = (certainty * 100.0).round() / 100.0;
        self
    }

    pub(crate) fn touch(mut self, touch: Touch) -> Self {
        self.touches = vec![touch];
        self
    }

    /// Makes the cause of a slot's difference more precise.
    pub(crate) fn specific(mut self) -> Self {
        if let Some(cause) = &mut self.cause {
            cause.push_str(&format!(
                "\u{0}{}\u{0}{:?}\u{0}{:?}",
                self.detail, self.from, self.to
            ));
        }
        self
    }

    /// Merges the same difference at another location.
    pub(super) fn join(&mut self, other: Self) {
        if let Some(subject) = &self.shared_subject {
            self.subject.clone_from(subject);
        }
        self.touches.extend(other.touches);
        self.travels = self.travels.and(other.travels);
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
    pub(crate) fn part(&self, suffix: &str) -> Self {
        Self {
            subject: format!("{}{suffix}", self.subject),
            ..self.clone()
        }
    }

    /// The same slot between two other nodes.
    pub(crate) fn between(&self, base: Spot<'a>, head: Spot<'a>) -> Self {
        Self {
            whole: (base, head),
            ..self.clone()
        }
    }

    /// The direction of what a caller sends here: for a callback, that of a response.
    pub(crate) fn sent(&self) -> Direction {
        match self.is_reversed {
            true => Direction::RESPONSE,
            false => Direction::REQUEST,
        }
    }

    /// The direction of what a caller receives.
    pub(crate) fn received(&self) -> Direction {
        self.sent().reversed()
    }
}

impl Touch {
    pub(crate) fn both(touched: Touched) -> Self {
        Self {
            base: Some(touched.clone()),
            head: Some(touched),
        }
    }

    pub(crate) fn base(touched: Touched) -> Self {
        Self {
            base: Some(touched),
            head: None,
        }
    }

    pub(crate) fn head(touched: Touched) -> Self {
        Self {
            base: None,
            head: Some(touched),
        }
    }

    /// The same for a member of the affected types.
    pub(crate) fn member(
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
