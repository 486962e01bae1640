//! The similarity of two names.

use std::collections::BTreeSet;

use heck::ToSnakeCase as _;

/// From 0 (nothing in common) to 1 (equal except for case and separators).
pub(super) fn closeness(left: &str, right: &str) -> f64 {
    let (left, right) = (left.to_snake_case(), right.to_snake_case());
    let (plain_left, plain_right) = (left.replace('_', ""), right.replace('_', ""));
    if plain_left == plain_right {
        return 1.0;
    }
    let spelling = strsim::normalized_damerau_levenshtein(&plain_left, &plain_right);
    let shared = shared_words(&left, &right);
    // Similar words never score as high as equal ones.
    spelling.max(shared).min(0.95)
}

/// The share of the shorter name's words that the longer one has, minus a little for each additional word.
fn shared_words(left: &str, right: &str) -> f64 {
    let words = |text: &str| -> BTreeSet<String> {
        text.split('_')
            .map(|word| word.strip_suffix('s').unwrap_or(word).to_owned())
            .filter(|word| !word.is_empty())
            .collect()
    };
    let (left, right) = (words(left), words(right));
    let (fewer, more) = (left.len().min(right.len()), left.len().max(right.len()));
    if fewer == 0 {
        return 0.0;
    }
    let shared = left.intersection(&right).count() as f64;
    let of_shorter = shared / fewer as f64;
    let of_longer = shared / more as f64;
    0.6 * of_shorter + 0.4 * of_longer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_recognized_as_close() {
        for (left, right) in [
            ("tags", "customTags"),
            ("innererror", "innerError"),
            ("aadTenantId", "tenantId"),
            ("compromisedUser", "compromisedAccount"),
            ("aadIdentityProtection", "azureAdIdentityProtection"),
            ("notRemediated", "unremediated"),
            ("alert_v2", "alert"),
            ("main", "MainError"),
        ] {
            assert!(
                closeness(left, right) >= 0.5,
                "{left} {right} {}",
                closeness(left, right)
            );
        }
        for (left, right) in [
            ("clean", "notMalicious"),
            ("severity", "displayName"),
            ("a", ""),
        ] {
            assert!(
                closeness(left, right) < 0.5,
                "{left} {right} {}",
                closeness(left, right)
            );
        }
    }
}
