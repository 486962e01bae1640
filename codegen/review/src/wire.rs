//! What a change does on the wire, by the direction in which the changed value travels.

use super::finding::Wire;

/// The directions in which a value travels.
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

    /// The direction for a callback: the listener reads what the service sends as a client reads a response, and sends
    /// the response.
    pub(super) fn reversed(self) -> Self {
        Self {
            request: self.response,
            response: self.request,
        }
    }

    /// The directions that remain for a value within a part that travels only in the directions of `other`.
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

/// The meaning of a change, before the direction of the value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// Requests and responses do not change.
    Nothing,
    /// Something was added that nobody has to use.
    Offers,
    /// Something was removed that may be in use.
    Withdraws,
    /// Fewer values are valid than before.
    Tightens,
    /// More values are valid than before.
    Loosens,
    /// More values are valid than before, and readers were told to expect that.
    Grows,
    /// Other values are valid than before.
    Swaps,
    /// Something was removed, but sending it is still accepted.
    Forgets,
    /// Several changes at once: the worst effect on a request, and on a response.
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
            // Removing what readers were told to expect takes nothing from them.
            Self::Grows => Self::Tightens,
            Self::Forgets => Self::Offers,
            Self::Nothing | Self::Swaps | Self::Worst { .. } => self,
        }
    }

    /// The effect in a request, and in a response.
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

    /// The effect in each direction in which the value travels. A value that no operation carries breaks nobody.
    pub(super) fn on_wire(self, direction: Direction) -> (Option<Wire>, Option<Wire>) {
        let (request, response) = self.sides();
        (
            direction.request.then_some(request),
            direction.response.then_some(response),
        )
    }

    /// The effect if fewer values, more values, or both, are valid.
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
    fn a_change_that_breaks_requests_is_safe_for_responses_in_reverse() {
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
    fn a_value_that_is_never_sent_breaks_nobody() {
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
