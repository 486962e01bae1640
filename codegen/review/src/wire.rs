//! What a change does on the wire, by the direction in which the changed value travels.

use super::finding::Wire;

/// In which directions a value travels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Direction {
    pub(super) request: bool,
    pub(super) response: bool,
}

impl Direction {
    pub(super) const REQUEST: Self = Self {
        request: true,
        response: false,
    };
    pub(super) const RESPONSE: Self = Self {
        request: false,
        response: true,
    };

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            request: self.request || other.request,
            response: self.response || other.response,
        }
    }
}

/// What a change means, before it is known which way the value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// Nothing that travels is different.
    Nothing,
    /// Something new that nobody has to use.
    Offers,
    /// Something is gone that may be in use.
    Withdraws,
    /// Fewer values are right than before.
    Tightens,
    /// More values are right than before.
    Loosens,
    /// More values are right than before, and readers were told to expect that.
    Grows,
    /// Other values are right than before.
    Swaps,
}

impl Effect {
    /// The effect of the same change made backwards.
    #[cfg(test)]
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Offers => Self::Withdraws,
            Self::Withdraws => Self::Offers,
            Self::Tightens => Self::Loosens,
            Self::Loosens => Self::Tightens,
            // Taking back what readers were told to expect takes nothing from them.
            Self::Grows => Self::Tightens,
            Self::Nothing | Self::Swaps => self,
        }
    }

    /// What it does on the wire. A value that no operation carries breaks nobody.
    pub(super) fn on_wire(self, direction: Direction) -> Wire {
        let (request, response) = match self {
            Self::Nothing => return Wire::None,
            Self::Offers | Self::Grows => (Wire::Compatible, Wire::Compatible),
            Self::Withdraws | Self::Swaps => (Wire::Breaking, Wire::Breaking),
            Self::Tightens => (Wire::Breaking, Wire::Compatible),
            Self::Loosens => (Wire::Compatible, Wire::Breaking),
        };
        let of = |travels: bool, wire: Wire| if travels { wire } else { Wire::None };
        of(direction.request, request).max(of(direction.response, response))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Effect; 7] = [
        Effect::Nothing,
        Effect::Offers,
        Effect::Withdraws,
        Effect::Tightens,
        Effect::Loosens,
        Effect::Grows,
        Effect::Swaps,
    ];

    #[test]
    fn what_breaks_a_request_spares_a_response_when_it_is_made_backwards() {
        for effect in ALL {
            let there = effect.on_wire(Direction::REQUEST);
            let back = effect.mirrored().on_wire(Direction::RESPONSE);
            match effect {
                Effect::Tightens | Effect::Loosens => assert_eq!(there, back, "{effect:?}"),
                Effect::Offers => assert_eq!((there, back), (Wire::Compatible, Wire::Breaking)),
                Effect::Withdraws => assert_eq!((there, back), (Wire::Breaking, Wire::Compatible)),
                Effect::Grows => assert_eq!((there, back), (Wire::Compatible, Wire::Compatible)),
                Effect::Nothing | Effect::Swaps => assert_eq!(there, back, "{effect:?}"),
            }
        }
    }

    #[test]
    fn the_worse_of_two_directions_counts_and_none_breaks_nobody() {
        let both = Direction::REQUEST.and(Direction::RESPONSE);
        for effect in ALL {
            let worst = effect
                .on_wire(Direction::REQUEST)
                .max(effect.on_wire(Direction::RESPONSE));
            assert_eq!(effect.on_wire(both), worst, "{effect:?}");
            assert_eq!(effect.on_wire(Direction::default()), Wire::None);
        }
    }
}
