//! Scopes of unique names: a later name that is taken gets an alternative.

use std::collections::BTreeSet;

/// The names of one scope: the types of a client, the fields of a struct, the members of an enumeration.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// Takes a name if it is free.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// Takes the first free name; if there is none, the first name with a number.
    ///
    /// `separator` precedes the number: `tag_2` is a field, `Tag2` a type.
    pub(super) fn claim<'n>(
        &mut self,
        candidates: impl IntoIterator<Item = &'n str>,
        separator: &str,
    ) -> String {
        let mut first = None;
        for candidate in candidates {
            if self.take(candidate) {
                return candidate.to_owned();
            }
            first.get_or_insert(candidate);
        }
        let first = first.unwrap_or_default().trim_end_matches('_');
        let numbered = |number: usize| format!("{first}{separator}{number}");
        let free = (2..).map(numbered).find(|name| self.take(name));
        free.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn a_later_claim_gets_another_name() {
        let mut scope = Scope::default();
        assert_eq!(scope.claim(["Tag", "TagRequest"], ""), "Tag");
        assert_eq!(scope.claim(["Tag", "TagRequest"], ""), "TagRequest");
        assert_eq!(scope.claim(["Tag", "TagRequest"], ""), "Tag2");
        assert_eq!(scope.claim(["Tag"], ""), "Tag3");
        assert_eq!(scope.claim(["type_"], "_"), "type_");
        assert_eq!(scope.claim(["type_"], "_"), "type_2");
    }
}
