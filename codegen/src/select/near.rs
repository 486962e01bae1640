//! Suggests names that are similar to a name or pattern that matches nothing.

use std::cmp::Reverse;

/// The maximum number of suggestions.
const SHOWN: usize = 3;

/// The minimum similarity of a suggestion, in thousandths.
const SIMILAR: u32 = 600;

/// A help text with the most similar of the known names.
pub(crate) fn near<'n>(text: &str, known: impl IntoIterator<Item = &'n str>, what: &str) -> String {
    let wanted = plain(text).to_lowercase();
    let mut ranked: Vec<(Reverse<u32>, &str)> = known
        .into_iter()
        .map(|name| (Reverse(similarity(&wanted, &name.to_lowercase())), name))
        .collect();
    let count = ranked.len();
    ranked.sort_unstable();
    ranked.dedup();
    let similar: Vec<String> = ranked
        .iter()
        .take_while(|(Reverse(similarity), _)| *similarity >= SIMILAR)
        .take(SHOWN)
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    match similar.is_empty() {
        true => format!("the description has {count} {what}, none of them similar"),
        false => format!("similar: {}", similar.join(", ")),
    }
}

fn similarity(left: &str, right: &str) -> u32 {
    // A name without a namespace is compared with the last part.
    let of_last = right.rsplit('.').next().unwrap_or(right);
    let similarity = strsim::jaro_winkler(left, right).max(strsim::jaro_winkler(left, of_last));
    // Between 0 and 1; thousandths can be sorted.
    (similarity * 1000.0) as u32
}

/// A pattern without the special characters of regular expressions.
fn plain(pattern: &str) -> String {
    pattern
        .chars()
        .filter(|letter| {
            !matches!(
                letter,
                '^' | '$' | '\\' | '(' | ')' | '|' | '?' | '*' | '+' | '[' | ']'
            )
        })
        .collect()
}
