//! The properties for sorting and filtering, with realistic proportions.

use super::words;
use crate::time::Ticks;

/// The time of the tenant's latest incident: about 2026-08-03T00:00:00Z, a Monday.
const LATEST: i64 = 1_785_715_200 * Ticks::PER_SECOND;

const WEEK: i64 = 7 * 86_400 * Ticks::PER_SECOND;

/// Incidents per week; larger tenants go further back.
const WEEKLY: u64 = 1_500;

/// The load of the hours, in blocks of eight, from Monday on.
const LOAD: [i64; 21] = [
    2, 8, 5, 2, 9, 5, 2, 8, 5, 2, 8, 5, 2, 7, 4, 1, 2, 1, 1, 2, 1,
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    pub(crate) created: Ticks,
    pub(crate) updated: Ticks,
    pub(crate) assigned_to: Option<String>,
    pub(crate) classification: &'static str,
    pub(crate) determination: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) status: &'static str,
    /// The number of the incident that it was merged into.
    pub(crate) redirected_to: Option<u64>,
}

impl Sketch {
    pub(super) fn draw(random: &mut fastrand::Rng, ordinal: u64, count: u64) -> Self {
        let created = opened(random, ordinal, count);
        let age = LATEST - created.0;
        let status = status(random, ordinal, age);
        let (classification, determination) = if status == "resolved" || random.u8(..) < 25 {
            verdict(random)
        } else {
            ("unknown", "unknown")
        };
        let assigned = if status == "active" { 90 } else { 215 };
        Self {
            created,
            updated: Ticks(created.0 + 1 + touched(random, age)),
            assigned_to: (random.u8(..) < assigned).then(|| words::analyst(random)),
            classification,
            determination,
            severity: words::weighted(
                random,
                &[
                    ("informational", 12),
                    ("low", 33),
                    ("medium", 40),
                    ("high", 15),
                ],
            ),
            status,
            redirected_to: (status == "redirected")
                .then(|| ordinal - random.u64(1..=ordinal.min(6))),
        }
    }
}

/// Times increase with the number; nights and weekends are quieter.
fn opened(random: &mut fastrand::Rng, ordinal: u64, count: u64) -> Ticks {
    let back = count - ordinal;
    let weeks = (back.div_ceil(WEEKLY)) as i64;
    let position = WEEKLY - 1 - (back - 1) % WEEKLY;
    let total: i64 = LOAD.iter().sum();
    let scaled = (position as i64 * 1_000 + random.i64(0..1_000)) * total;
    let whole = WEEKLY as i64 * 1_000;
    let mut before = 0;
    for (block, load) in LOAD.iter().enumerate() {
        if scaled < (before + load) * whole {
            let within = (scaled - before * whole) as i128 * i128::from(WEEK / LOAD.len() as i64)
                / i128::from(load * whole);
            let start = LATEST - weeks * WEEK + block as i64 * (WEEK / LOAD.len() as i64);
            return Ticks(start + within as i64);
        }
        before += load;
    }
    Ticks(LATEST - (weeks - 1) * WEEK)
}

fn status(random: &mut fastrand::Rng, ordinal: u64, age: i64) -> &'static str {
    let shares: &[(&str, u32)] = if age > 2 * WEEK {
        &[
            ("resolved", 92),
            ("active", 4),
            ("inProgress", 2),
            ("redirected", 2),
        ]
    } else {
        &[
            ("active", 45),
            ("inProgress", 14),
            ("resolved", 36),
            ("awaitingAction", 3),
            ("redirected", 2),
        ]
    };
    match words::weighted(random, shares) {
        // There must be an older incident to redirect to.
        "redirected" if ordinal == 0 => "resolved",
        status => status,
    }
}

fn verdict(random: &mut fastrand::Rng) -> (&'static str, &'static str) {
    let classification = words::weighted(
        random,
        &[
            ("truePositive", 35),
            ("falsePositive", 30),
            ("informationalExpectedActivity", 20),
            ("unknown", 15),
        ],
    );
    let determinations: &[&str] = match classification {
        "truePositive" => &[
            "malware",
            "phishing",
            "multiStagedAttack",
            "compromisedAccount",
            "maliciousUserActivity",
            "unwantedSoftware",
            "apt",
            "other",
        ],
        "falsePositive" => &["notMalicious", "notEnoughDataToValidate", "other"],
        "informationalExpectedActivity" => &[
            "securityTesting",
            "confirmedActivity",
            "lineOfBusinessApplication",
            "securityPersonnel",
            "other",
        ],
        _ => &["unknown"],
    };
    (classification, words::pick(random, determinations))
}

/// Most are last changed within hours, some after weeks, none later than today.
fn touched(random: &mut fastrand::Rng, age: i64) -> i64 {
    let hours = [1, 4, 12, 30, 96, 400][random.usize(..6)];
    let latest = (hours * 3_600 * Ticks::PER_SECOND).min(age);
    random.i64(1..latest.max(2))
}
