//! The version bump that a review requires, and the number of findings by severity.

use super::Review;
use super::finding::{Finding, FindingKind, Rust, Wire};

/// Which part of the version must be incremented, by Semantic Versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing changed.
    None,
    /// Nothing that users must know before they update.
    Patch,
    /// Something was added for users.
    Minor,
    /// Something that users or deployed clients rely on was removed or changed.
    Major,
}

impl Verdict {
    /// Returns the name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// Returns the lowest version after `version` with this bump. Before 1.0.0, a major change increments the second
    /// part, and a minor change the third.
    ///
    /// Returns `None` if `version` is not three numbers.
    ///
    /// ```
    /// use graph_client_review::Verdict;
    ///
    /// assert_eq!(Verdict::Major.next("1.4.2").as_deref(), Some("2.0.0"));
    /// assert_eq!(Verdict::Major.next("0.4.2").as_deref(), Some("0.5.0"));
    /// assert_eq!(Verdict::Minor.next("0.4.2").as_deref(), Some("0.4.3"));
    /// assert_eq!(Verdict::None.next("0.4.2").as_deref(), Some("0.4.2"));
    /// ```
    #[must_use]
    pub fn next(self, version: &str) -> Option<String> {
        let [major, minor, patch] = numbers(version)?;
        let [major, minor, patch] = match (self, major) {
            (Self::None, _) => [major, minor, patch],
            (Self::Major, 1..) => [major + 1, 0, 0],
            (Self::Minor, 1..) | (Self::Major, 0) => [major, minor + 1, 0],
            (Self::Patch, _) | (Self::Minor, 0) => [major, minor, patch + 1],
        };
        Some(format!("{major}.{minor}.{patch}"))
    }

    /// Returns whether the step between two versions is at least this bump.
    ///
    /// ```
    /// use graph_client_review::Verdict;
    ///
    /// assert!(Verdict::Minor.is_said_by("1.4.2", "1.5.0"));
    /// assert!(!Verdict::Minor.is_said_by("1.4.2", "1.4.3"));
    /// ```
    #[must_use]
    pub fn is_said_by(self, before: &str, after: &str) -> bool {
        let least = self.next(before);
        match (least.as_deref().and_then(numbers), numbers(after)) {
            (Some(least), Some(after)) => after >= least,
            _ => false,
        }
    }
}

fn numbers(version: &str) -> Option<[u64; 3]> {
    let release = version.split(['-', '+']).next()?;
    let mut parts = release.split('.').map(|part| part.parse().ok());
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(major), Some(minor), Some(patch), None) => Some([major?, minor?, patch?]),
        _ => None,
    }
}

/// The number of findings by severity. A finding counts twice if it breaks both the wire and Rust code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Findings that break the wire.
    pub wire_breaking: usize,
    /// Findings that break code that uses the crate.
    pub rust_breaking: usize,
    /// Findings that break nothing and add something, to the wire or to the crate.
    pub additive: usize,
    /// Findings that only change documentation.
    pub docs: usize,
}

impl Review {
    /// Counts the findings by severity.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let count = |wanted: &dyn Fn(&Finding) -> bool| {
            self.findings
                .iter()
                .filter(|finding| wanted(finding))
                .count()
        };
        Summary {
            wire_breaking: count(&|finding| finding.wire == Wire::Breaking),
            rust_breaking: count(&|finding| finding.rust == Rust::Breaking),
            additive: count(&|finding| {
                let breaks = finding.wire == Wire::Breaking || finding.rust == Rust::Breaking;
                let brings = finding.wire == Wire::Compatible || finding.rust == Rust::Additive;
                !breaks && brings
            }),
            docs: count(&|finding| finding.kind == FindingKind::DocsChanged),
        }
    }

    /// Returns the version bump that the change requires.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let of_findings = self
            .findings
            .iter()
            .map(|finding| match (finding.wire, finding.rust) {
                (Wire::Breaking, _) | (_, Rust::Breaking) => Verdict::Major,
                (_, Rust::Additive) => Verdict::Minor,
                _ => Verdict::Patch,
            });
        let of_other_items = match self.rust.of_other_items {
            Rust::None => Verdict::None,
            Rust::Additive => Verdict::Minor,
            Rust::Breaking => Verdict::Major,
        };
        of_findings
            .max()
            .unwrap_or(Verdict::None)
            .max(of_other_items)
    }
}
