//! Which version a review asks for, and how many findings of which weight it has.

use super::Review;
use super::finding::{Finding, FindingKind, Rust, Wire};

/// Which part of the version has to rise, after Semantic Versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing changed.
    None,
    /// Nothing that users have to know before they update.
    Patch,
    /// Users have more than before.
    Minor,
    /// Something that users or deployed clients rely on is gone or another.
    Major,
}

impl Verdict {
    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The least version after `version` that says this; before 1.0.0 every part stands one place further right.
    ///
    /// `None` for a version that is not three numbers.
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

    /// Whether the step from one version to another is at least as large as this asks for.
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

/// How many findings of which weight there are. One finding may count twice: for the wire and for Rust.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Findings that break the wire.
    pub wire_breaking: usize,
    /// Findings that break code which uses the crate.
    pub rust_breaking: usize,
    /// Findings that break neither and bring something: to the wire or to the crate.
    pub additive: usize,
    /// Findings about documentation alone.
    pub docs: usize,
}

impl Review {
    /// How many findings of which weight there are.
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

    /// Which version the change asks for.
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
