//! The section of a user's manifest that lists the resources' features, which this command keeps up to date.

use crate::Failure;

/// The start of the section.
const BEGIN: &str = "# <resources>";
/// The end of the section.
const END: &str = "# </resources>";

/// Whether a manifest has the section. Without it, the user wants no features.
pub(super) fn are_wanted(manifest: &str) -> bool {
    manifest.lines().any(|line| line.trim() == BEGIN)
}

/// The section, with a feature for each resource and one for all of them.
pub(super) fn part(resources: &[String]) -> String {
    let all: Vec<String> = resources.iter().map(|name| format!("{name:?}")).collect();
    let each: String = resources
        .iter()
        .map(|name| format!("{name} = []\n"))
        .collect();
    format!("{BEGIN}\nall = [{}]\n{each}{END}\n", all.join(", "))
}

/// The manifest with the current section.
pub(super) fn replaced(manifest: &str, resources: &[String]) -> Result<String, Failure> {
    let mut text = String::with_capacity(manifest.len());
    let mut lines = manifest.lines();
    for line in lines.by_ref() {
        if line.trim() == BEGIN {
            break;
        }
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(&part(resources));
    if !lines.by_ref().any(|line| line.trim() == END) {
        return Err(Failure::new(format!(
            "error: Cargo.toml: no `{END}` follows `{BEGIN}`\n  help: restore it, or remove `{BEGIN}` to have no features"
        )));
    }
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_the_part_stays() {
        let names = ["tags".to_owned()];
        let before = "[features]\nmine = []\n# <resources>\nold = []\n# </resources>\n[lib]\n";
        assert!(are_wanted(before) && !are_wanted("[features]\n"));
        assert_eq!(
            replaced(before, &names).unwrap(),
            "[features]\nmine = []\n# <resources>\nall = [\"tags\"]\ntags = []\n# </resources>\n[lib]\n"
        );
        let cut = replaced("# <resources>\nold = []\n", &names).unwrap_err();
        assert!(cut.to_string().contains("no `# </resources>` follows"));
    }
}
