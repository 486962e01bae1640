//! The user's manifest: the name of the crate, and the section of the resources' features, which this command keeps up to
//! date.

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

/// The name of the package, as far as it is written in the usual way.
pub(super) fn package_name(manifest: &str) -> Option<String> {
    let lines = manifest.lines().map(str::trim);
    let of_package = lines.skip_while(|line| *line != "[package]").skip(1);
    let mut own = of_package.take_while(|line| !line.starts_with('['));
    let value = own.find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "name").then(|| value.trim())
    })?;
    let quote = value
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))?;
    let (name, _) = value.get(1..)?.split_once(quote)?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_that_of_the_package() {
        let name = |text: &str| package_name(text);
        assert_eq!(
            name("[lib]\nname = \"a\"\n[package]\nname = 'b-c' # ours\n"),
            Some("b-c".to_owned())
        );
        assert_eq!(
            name("[package]\nversion.workspace = true\n[lib]\nname = \"a\"\n"),
            None
        );
        assert_eq!(name("[package]\nname.workspace = true\n"), None);
        assert_eq!(name("[package]\nname = \"\u{e9}\n"), None);
    }

    #[test]
    fn text_around_the_resources_is_kept() {
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
