//! `@odata.nextLink`: absolute, opaque, and invalid if a caller modifies it.

use crate::call::Call;
use crate::error::Refusal;
use crate::time::Ticks;

pub(crate) const TOKEN: &str = "$skiptoken";

/// The start of the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Continuation {
    /// After the incident with this time and position: stable while others move.
    After(Ticks, u32),
    /// After this number of items.
    Offset(usize),
}

impl Continuation {
    pub(crate) fn token(self) -> String {
        let (kind, one, other) = match self {
            Self::After(time, place) => (1_u8, time.0 as u64, u64::from(place)),
            Self::Offset(offset) => (2, offset as u64, 0),
        };
        let text = format!("{kind:02x}{one:016x}{other:08x}");
        format!("{text}{:08x}", checksum(&text))
    }

    pub(crate) fn read(token: &str) -> Result<Self, Refusal> {
        Self::decoded(token).ok_or_else(|| {
            Refusal::bad_request(format!("the {TOKEN} was not made by this service")).at(TOKEN)
        })
    }

    fn decoded(token: &str) -> Option<Self> {
        let text = token.get(..26)?;
        if token.get(26..)? != format!("{:08x}", checksum(text)) {
            return None;
        }
        let one = u64::from_str_radix(text.get(2..18)?, 16).ok()?;
        let other = u32::from_str_radix(text.get(18..)?, 16).ok()?;
        match text.get(..2)? {
            "01" => Some(Self::After(Ticks(one as i64), other)),
            "02" => usize::try_from(one).ok().map(Self::Offset),
            _ => None,
        }
    }
}

/// FNV-1a: sufficient to detect a modified token.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The link to the next page: the same URL, with its options unchanged.
pub(crate) fn next_link(call: &Call, path: &str, continuation: Continuation) -> String {
    let kept = call
        .query
        .iter()
        .flat_map(|query| query.split('&'))
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or("").replace("%24", "$");
            !pair.is_empty() && name != "$skip" && name != TOKEN
        });
    let mut link = format!("{}{path}?", call.origin);
    for pair in kept {
        link.push_str(pair);
        link.push('&');
    }
    link + TOKEN + "=" + &continuation.token()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_continues_at_its_position_and_a_changed_one_is_refused() {
        for continuation in [Continuation::After(Ticks(-5), 7), Continuation::Offset(50)] {
            let token = continuation.token();
            assert_eq!(Continuation::read(&token).unwrap(), continuation);
            assert!(Continuation::read(&token.replace('7', "8").replacen('0', "1", 1)).is_err());
        }
        for junk in ["", "50", "é".repeat(40).as_str()] {
            assert!(Continuation::read(junk).is_err());
        }
    }
}
