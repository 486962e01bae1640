//! The lines of a description around a location.

/// The number of lines before and after the location.
const AROUND: usize = 3;

/// The maximum length of a shown line.
const WIDEST: usize = 160;

/// The lines around a line, with their numbers.
pub(super) fn around<'t>(lines: &[&'t str], line: usize) -> Vec<(usize, &'t str)> {
    let first = line.saturating_sub(AROUND).max(1);
    let last = (line + AROUND).min(lines.len());
    (first..=last)
        .filter_map(|number| Some((number, cut(lines.get(number - 1)?))))
        .collect()
}

fn cut(line: &str) -> &str {
    match line.char_indices().nth(WIDEST) {
        Some((end, _)) => &line[..end],
        None => line,
    }
}
