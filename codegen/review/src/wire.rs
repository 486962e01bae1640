//! What a change does on the wire, by the direction in which the changed value travels.

use super::finding::Wire;

/// In which directions a value travels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
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

    pub(super) const BOTH: Self = Self {
        request: true,
        response: true,
    };

    /// What the service sends to a listener is read by it as a response is, and what comes back is sent.
    pub(super) fn reversed(self) -> Self {
        Self {
            request: self.response,
            response: self.request,
        }
    }

    /// What of it passes a part that travels only so.
    pub(super) fn through(self, other: Self) -> Self {
        Self {
            request: self.request && other.request,
            response: self.response && other.response,
        }
    }

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
    /// Something is gone from what travels, and whoever still sends it is not refused.
    Forgets,
    /// Several changes at once: the worst that they do to a request, and to a response.
    Worst {
        /// In a request.
        request: Wire,
        /// In a response.
        response: Wire,
    },
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
            Self::Forgets => Self::Offers,
            Self::Nothing | Self::Swaps | Self::Worst { .. } => self,
        }
    }

    /// What it does in a request, and in a response.
    pub(super) fn sides(self) -> (Wire, Wire) {
        match self {
            Self::Nothing => (Wire::None, Wire::None),
            Self::Offers | Self::Grows => (Wire::Compatible, Wire::Compatible),
            Self::Withdraws | Self::Swaps => (Wire::Breaking, Wire::Breaking),
            Self::Tightens => (Wire::Breaking, Wire::Compatible),
            Self::Loosens | Self::Forgets => (Wire::Compatible, Wire::Breaking),
            Self::Worst { request, response } => (request, response),
        }
    }

    /// What it does in each direction in which the value travels. A value that no operation carries breaks nobody.
    pub(super) fn on_wire(self, direction: Direction) -> (Option<Wire>, Option<Wire>) {
        let (request, response) = self.sides();
        (
            direction.request.then_some(request),
            direction.response.then_some(response),
        )
    }

    /// Of fewer and of more values that are right: what that means.
    pub(super) fn of_values(fewer: bool, more: bool) -> Self {
        match (fewer, more) {
            (false, false) => Self::Nothing,
            (true, false) => Self::Tightens,
            (false, true) => Self::Loosens,
            (true, true) => Self::Swaps,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Effect; 8] = [
        Effect::Nothing,
        Effect::Offers,
        Effect::Withdraws,
        Effect::Tightens,
        Effect::Loosens,
        Effect::Grows,
        Effect::Swaps,
        Effect::Forgets,
    ];

    #[test]
    fn what_breaks_a_request_spares_a_response_when_it_is_made_backwards() {
        for effect in ALL {
            let (there, _) = effect.sides();
            let (_, back) = effect.mirrored().sides();
            match effect {
                Effect::Tightens | Effect::Loosens => assert_eq!(there, back, "{effect:?}"),
                Effect::Offers => assert_eq!((there, back), (Wire::Compatible, Wire::Breaking)),
                Effect::Withdraws => assert_eq!((there, back), (Wire::Breaking, Wire::Compatible)),
                Effect::Grows | Effect::Forgets => {
                    assert_eq!((there, back), (Wire::Compatible, Wire::Compatible))
                }
                Effect::Nothing | Effect::Swaps | Effect::Worst { .. } => {
                    assert_eq!(there, back, "{effect:?}")
                }
            }
        }
    }

    #[test]
    fn a_value_that_travels_nowhere_breaks_nobody() {
        for effect in ALL {
            assert_eq!(effect.on_wire(Direction::default()), (None, None));
            let (request, response) = effect.sides();
            assert_eq!(effect.on_wire(Direction::REQUEST), (Some(request), None));
            assert_eq!(
                effect.on_wire(Direction::BOTH),
                (Some(request), Some(response))
            );
        }
    }
}
