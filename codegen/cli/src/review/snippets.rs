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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_lines_before_and_after_are_shown_with_their_numbers() {
        let lines = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let shown = |line| -> Vec<usize> {
            let shown = around(&lines, line).into_iter();
            shown.map(|(number, _)| number).collect()
        };
        assert_eq!(shown(1), [1, 2, 3, 4]);
        assert_eq!(shown(5), [2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(shown(9), [6, 7, 8, 9]);
        assert_eq!(around(&lines, 1)[0], (1, "a"));
    }
}
