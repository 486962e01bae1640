//! The lines of a description around a place.

/// How many lines are shown before and after the place.
const AROUND: usize = 3;

/// How much of a line is shown.
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
