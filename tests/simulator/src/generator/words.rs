//! Words for generated texts, and ways to choose among them.

pub(super) const MODIFIERS: &[&str] = &[
    "Microsoft 365 Defender-IncidentCreation",
    "Microsoft 365 Defender-AlertCorrelation",
    "Microsoft 365 Defender-IncidentUpdate",
];
pub(super) const CLOSINGS: &[&str] = &[
    "Closed after review.",
    "Resolved automatically: all alerts are closed.",
    "Duplicate of an older finding.",
    "Test by our own team.",
];
pub(super) const REMARKS: &[&str] = &[
    "Called the user back.",
    "Device isolated.",
    "Waiting for the owner.",
    "Same sender as last week.",
    "Mail pulled from all mailboxes.",
];
pub(super) const FILES: &[&str] = &[
    "invoice.js",
    "loader.dll",
    "powershell.exe",
    "svchost.exe",
    "notes.docm",
    "update.msi",
    "bericht.xlsm",
];
pub(super) const FOLDERS: &[&str] = &[
    "C:\\Windows\\System32",
    "C:\\Users\\Public",
    "/usr/local/bin",
    "/tmp/.cache",
    "C:\\ProgramData\\Temp",
];
pub(super) const TECHNIQUES: &[&str] = &[
    "T1059.001",
    "T1566.001",
    "T1078",
    "T1110.003",
    "T1490",
    "T1021.006",
];
pub(super) const CATEGORIES: &[&str] = &[
    "InitialAccess",
    "Execution",
    "Persistence",
    "CredentialAccess",
    "LateralMovement",
    "Exfiltration",
    "Impact",
];
pub(super) const NAMES: &[&str] = &[
    "north",
    "payroll",
    "archive",
    "gateway",
    "orders",
    "build-agent",
    "reports",
    "lab",
    "kiosk",
    "café",
];

const WHATS: &[&str] = &[
    "Suspicious sign-in",
    "Malware prevented",
    "Phishing mail reported",
    "Credential access attempt",
    "Unusual mass download",
    "Lateral movement",
    "Ransomware activity",
    "Mail forwarding rule created",
    "Password spray",
    "Command and control traffic",
];
const WHERES: &[&str] = &[
    "involving one user",
    "on one endpoint",
    "on multiple endpoints",
    "reported by multiple sources",
    "in a cloud application",
    "from an anonymous address",
];
const STORIES: &[&str] = &[
    "Somebody signed in from a place that was never seen before.",
    "A macro fetched a loader, which was stopped.",
    "A mail with a lure went to many people; three opened it.",
    "A device talked to a server that others control.",
    "An account read far more files than it ever did.",
];
const GIVEN: &[&str] = &[
    "mira", "adele", "kai", "lee", "joão", "ines", "sam", "olu", "petra", "yuki",
];
const FAMILY: &[&str] = &["okafor", "vance", "carter", "stone"];

pub(super) fn pick<'a>(random: &mut fastrand::Rng, list: &[&'a str]) -> &'a str {
    list.get(random.usize(..list.len().max(1)))
        .copied()
        .unwrap_or_default()
}

/// Chooses by weight.
pub(super) fn weighted<'a>(random: &mut fastrand::Rng, list: &[(&'a str, u32)]) -> &'a str {
    let total: u32 = list.iter().map(|(_, weight)| weight).sum();
    let mut left = random.u32(..total.max(1));
    for (word, weight) in list {
        match left.checked_sub(*weight) {
            Some(rest) => left = rest,
            None => return word,
        }
    }
    ""
}

/// Few people do most of the work.
pub(super) fn analyst(random: &mut fastrand::Rng) -> String {
    let busy = random.f64() * random.f64();
    let index = (busy * (GIVEN.len() * FAMILY.len()) as f64) as usize;
    let (given, family) = (
        GIVEN[index % GIVEN.len()],
        FAMILY[index / GIVEN.len() % FAMILY.len()],
    );
    format!("{given}.{family}@contoso.example")
}

/// A person's name, as written or as an account name.
pub(super) fn person(random: &mut fastrand::Rng, written: bool) -> String {
    let (given, family) = (pick(random, GIVEN), pick(random, FAMILY));
    if !written {
        return format!("{given}.{family}");
    }
    let capital = |name: &str| -> String {
        let mut letters = name.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect()
    };
    format!("{} {}", capital(given), capital(family))
}

pub(super) fn title(random: &mut fastrand::Rng) -> String {
    format!("{} {}", pick(random, WHATS), pick(random, WHERES))
}

pub(super) fn description(random: &mut fastrand::Rng) -> String {
    format!("{} {}", pick(random, STORIES), pick(random, STORIES))
}

pub(super) fn hex(random: &mut fastrand::Rng, digits: usize) -> String {
    (0..digits)
        .filter_map(|_| char::from_digit(random.u32(..16), 16))
        .collect()
}
