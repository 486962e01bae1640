//! The command line that makes a crate again.

use clap::ValueEnum as _;

use super::Options;

/// The command with everything that decides what is generated, for the folder in which it runs now.
pub(super) fn command(command: &str, options: &Options, name: &str) -> String {
    let input = &options.input;
    let mut line = command.to_owned();
    let mut add = |option: &str, value: &str| {
        line.push_str(&format!(" --{option} {}", word(value)));
    };
    let shown = |path: &std::path::PathBuf| path.display().to_string();
    let once = [
        ("settings", input.settings.as_ref().map(shown)),
        ("from", input.from.as_ref().map(shown)),
        ("metadata", input.metadata.as_ref().map(shown)),
    ];
    for (option, value) in once {
        value.iter().for_each(|value| add(option, value));
    }
    let overlays: Vec<String> = input.overlays.iter().map(shown).collect();
    let repeated = [
        ("overlay", &overlays),
        ("path", &input.paths),
        ("operation", &input.operations),
        ("tag", &input.tags),
        ("type", &input.types),
        ("expand", &input.expand),
    ];
    for (option, values) in repeated {
        values.iter().for_each(|value| add(option, value));
    }
    let navigation = input.navigation.and_then(|one| one.to_possible_value());
    navigation
        .iter()
        .for_each(|one| add("navigation", one.get_name()));
    add("out", &options.out.display().to_string());
    add("name", name);
    if input.strict {
        line.push_str(" --strict");
    }
    line
}

/// A word as a shell reads it.
fn word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,".contains(letter);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_shell_splits_the_command_into_the_original_words() {
        assert_eq!(word("spec/tags.yaml"), "spec/tags.yaml");
        assert_eq!(word(r"^/users/\{user-id\}$"), r"'^/users/\{user-id\}$'");
        assert_eq!(word("f(a='b')"), r"'f(a='\''b'\'')'");
        assert_eq!(word(""), "''");
    }
}
