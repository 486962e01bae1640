//! Reads a settings file: the description, the selection, and the treatment of the rest.
//!
//! Paths are relative to the file; the caller resolves them.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Position, Problem, Problems};
use crate::marks::Marks;
use crate::select::{Navigation, Selection, Wanted};
use crate::settings::Settings;

/// The content of a settings file.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::settings_file::SettingsFile;
///
/// let file = SettingsFile::parse(
///     "graph-client.toml",
///     r#"
/// from = "spec/users.yaml"
/// overlays = ["spec/fixes.yaml"]
/// out = "src/generated"
///
/// [select]
/// paths = ['^/users(/\{user-id\})?$']
/// expand = ["user.manager"]
/// "#,
/// )?;
/// assert_eq!(file.from, "spec/users.yaml");
///
/// let problems = SettingsFile::parse("graph-client.toml", "from = \"a\"\npath = \"b\"").unwrap_err();
/// assert!(problems.to_string().contains("graph-client.toml:2:1"));
/// # Ok::<(), graph_client_codegen::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SettingsFile {
    /// The description.
    pub from: String,
    /// Its overlays, in the order of application.
    pub overlays: Vec<String>,
    /// The folder of the generated modules.
    pub out: Option<String>,
    /// The name of the crate for the `client` command.
    pub name: Option<String>,
    /// Whether warnings are errors. Default: false.
    pub strict: bool,
    /// Whether a component that no operation uses is an error. Default: false.
    pub refuse_unused: bool,
    /// Facts that the description does not contain.
    pub marks: Marks,
    /// The service's own data model, in CSDL.
    pub metadata: Option<String>,
    /// The parts to generate. Default: the whole description.
    pub selection: Selection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    from: String,
    #[serde(default)]
    overlays: Vec<String>,
    out: Option<String>,
    name: Option<String>,
    #[serde(default)]
    strict: bool,
    #[serde(default, rename = "refuse-unused")]
    refuse_unused: bool,
    metadata: Option<String>,
    #[serde(default)]
    marks: RawMarks,
    #[serde(default)]
    select: RawSelection,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct RawMarks {
    read_only: Vec<Spanned<String>>,
    immutable: Vec<Spanned<String>>,
    required: Vec<Spanned<String>>,
    repeatable: Vec<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawSelection {
    paths: Vec<Spanned<String>>,
    operations: Vec<Spanned<String>>,
    tags: Vec<Spanned<String>>,
    types: Vec<Spanned<String>>,
    expand: Vec<Spanned<String>>,
    navigation: Option<RawNavigation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawNavigation {
    LeaveOut,
    Raw,
    Keep,
}

impl SettingsFile {
    /// Parses a settings file. `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// Returns the first problem, with line and column: invalid TOML, an unknown key, a value of the wrong kind, no
    /// `from`.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        let raw: Raw = toml::from_str(text).map_err(|error| refusal(file, text, &error))?;
        let origin = |wanted: Spanned<String>| Wanted {
            origin: Some((file.to_owned(), position(text, &wanted.span()))),
            text: wanted.into_inner(),
        };
        let all = |wanted: Vec<Spanned<String>>| wanted.into_iter().map(origin).collect();
        let (select, marks) = (raw.select, raw.marks);
        Ok(Self {
            marks: Marks {
                read_only: all(marks.read_only),
                immutable: all(marks.immutable),
                required: all(marks.required),
                repeatable: all(marks.repeatable),
            },
            metadata: raw.metadata,
            from: raw.from,
            overlays: raw.overlays,
            out: raw.out,
            name: raw.name,
            strict: raw.strict,
            refuse_unused: raw.refuse_unused,
            selection: Selection {
                paths: all(select.paths),
                operations: all(select.operations),
                tags: all(select.tags),
                types: all(select.types),
                expand: all(select.expand),
                navigation: select.navigation.map(|navigation| match navigation {
                    RawNavigation::LeaveOut => Navigation::LeaveOut,
                    RawNavigation::Raw => Navigation::Raw,
                    RawNavigation::Keep => Navigation::Keep,
                }),
            },
        })
    }

    /// Returns the settings of the file. The caller reads and adds the overlays and metadata.
    #[must_use]
    pub fn settings(&self, command: impl Into<String>) -> Settings {
        let mut settings = Settings::for_description(command)
            .select(self.selection.clone())
            .marks(self.marks.clone())
            .strict(self.strict);
        settings.refuse_unused = self.refuse_unused;
        settings
    }
}

fn refusal(file: &str, text: &str, error: &toml::de::Error) -> Problems {
    let mut problems = Problems::default();
    problems.push(Problem {
        rule: "invalid-settings",
        message: error.message().lines().collect::<Vec<_>>().join("; "),
        file: file.to_owned(),
        position: error.span().map(|span| position(text, &span)),
        pointer: "#".to_owned(),
        help: "the README of graph-client-cli lists the keys".to_owned(),
    });
    problems.with_source_of(file, text)
}

/// Line and column of a byte offset.
fn position(text: &str, span: &Range<usize>) -> Position {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    Position {
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        SettingsFile::parse("graph-client.toml", text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn settings_keep_their_locations() {
        let text = "from = 'a.yaml'\n[select]\npaths = [\n  '^/users$',\n  \"é\", 'x']\nnavigation = 'leave-out'\n";
        let file = SettingsFile::parse("graph-client.toml", text).unwrap();
        let places: Vec<_> = file
            .selection
            .paths
            .iter()
            .map(|wanted| wanted.origin.clone().unwrap().1)
            .collect();
        assert_eq!(
            places,
            [
                Position { line: 4, column: 3 },
                Position { line: 5, column: 3 },
                Position { line: 5, column: 8 }
            ]
        );
        assert_eq!(file.selection.navigation, Some(Navigation::LeaveOut));
        assert!(file.settings("x").selection.paths[0].text == "^/users$");
    }

    #[test]
    fn unknown_keys_and_wrong_types_are_refused_at_their_location() {
        for (text, place, shown) in [
            (
                "from = 'a'\n[select]\npath = ['b']\n",
                ":3:1",
                "unknown field `path`",
            ),
            (
                "from = 'a'\nsrtict = true\n",
                ":2:1",
                "unknown field `srtict`",
            ),
            ("from = 5\n", ":1:8", "invalid type"),
            ("out = 'b'\n", "", "missing field `from`"),
            (
                "from = 'a'\n[select]\nnavigation = 'none'\n",
                ":3:14",
                "unknown variant `none`",
            ),
            ("from = 'a\n", ":1:", "invalid"),
            ("from = 'a'\nfrom = 'b'\n", ":2:1", "duplicate key"),
        ] {
            let problems = refused(text);
            assert!(
                problems.contains(&format!("graph-client.toml{place}")),
                "{problems}"
            );
            assert!(problems.contains(shown), "{problems}");
        }
    }
}
