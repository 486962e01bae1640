//! Device codes: issued, polled, approved or declined, and redeemed once.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use super::Caller;
use super::failure::Failure;

/// The characters of user codes: no vowels, so that they form no words.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// The device codes that wait for a person.
#[derive(Default)]
pub(super) struct Devices {
    waiting: Mutex<HashMap<String, Device>>,
}

struct Device {
    user_code: String,
    granted: Redeemed,
    expires: Instant,
    polls: u32,
    decision: Option<bool>,
}

/// The token of a device code after the person has signed in.
#[derive(Clone)]
pub(super) struct Redeemed {
    pub(super) caller: Caller,
    /// Whether a refresh token is issued, too.
    pub(super) offline: bool,
}

impl Devices {
    /// Creates a code for the device, and one for the person.
    pub(super) fn start(&self, granted: Redeemed, lifetime: Duration) -> (String, String) {
        let code = Uuid::from_u128(fastrand::u128(..)).simple().to_string();
        let user_code: String = (0..9)
            .filter_map(|_| fastrand::choice(LETTERS.iter().copied()))
            .map(char::from)
            .collect();
        let device = Device {
            user_code: user_code.clone(),
            granted,
            expires: Instant::now() + lifetime,
            polls: 0,
            decision: None,
        };
        self.waiting.lock().insert(code.clone(), device);
        (code, user_code)
    }

    /// Records the decision of the person; `false` if no device waits with that code.
    pub(super) fn decide(&self, user_code: &str, approved: bool) -> bool {
        let mut waiting = self.waiting.lock();
        let device = waiting
            .values_mut()
            .find(|device| device.user_code.eq_ignore_ascii_case(user_code));
        match device {
            Some(device) => {
                device.decision = Some(approved);
                true
            }
            None => false,
        }
    }

    /// The result of a device's poll.
    pub(super) fn poll(
        &self,
        code: &str,
        sign_in_after_polls: Option<u32>,
    ) -> Result<Redeemed, Failure> {
        let mut waiting = self.waiting.lock();
        let Some(device) = waiting.get_mut(code) else {
            return Err(Failure::new(
                "bad_verification_code",
                70_019,
                "the device code is not known",
            ));
        };
        if device.expires <= Instant::now() {
            waiting.remove(code);
            return Err(Failure::new(
                "expired_token",
                70_020,
                "the device code has expired",
            ));
        }
        device.polls = device.polls.saturating_add(1);
        let automatic = sign_in_after_polls.is_some_and(|after| device.polls > after);
        match device.decision.or(automatic.then_some(true)) {
            None => Err(Failure::new(
                "authorization_pending",
                70_016,
                "nobody has signed in yet",
            )),
            Some(false) => {
                waiting.remove(code);
                Err(Failure::new(
                    "authorization_declined",
                    70_018,
                    "the person declined",
                ))
            }
            Some(true) => {
                let granted = device.granted.clone();
                waiting.remove(code);
                Ok(granted)
            }
        }
    }
}
