//! The scripts that Redis runs, each of them atomically.

/// A script by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    Join,
    Leave,
    Claim,
    Renew,
    Release,
    Commit,
    Permission,
    Throttled,
    Responded,
    Bury,
}

/// Records which run of the server this is; it is sent as text, before any other script is loaded.
pub(super) const BEGIN: &str = include_str!("scripts/begin.lua");

impl Script {
    pub(super) const ALL: [Self; 10] = [
        Self::Join,
        Self::Leave,
        Self::Claim,
        Self::Renew,
        Self::Release,
        Self::Commit,
        Self::Permission,
        Self::Throttled,
        Self::Responded,
        Self::Bury,
    ];

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Join => include_str!("scripts/join.lua"),
            Self::Leave => include_str!("scripts/leave.lua"),
            Self::Claim => include_str!("scripts/claim.lua"),
            Self::Renew => include_str!("scripts/renew.lua"),
            Self::Release => include_str!("scripts/release.lua"),
            Self::Commit => include_str!("scripts/commit.lua"),
            Self::Permission => include_str!("scripts/permission.lua"),
            Self::Throttled => include_str!("scripts/throttled.lua"),
            Self::Responded => include_str!("scripts/responded.lua"),
            Self::Bury => include_str!("scripts/bury.lua"),
        }
    }
}
