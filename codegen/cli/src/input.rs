//! The description of a command and its selection: from options, or from a settings file.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use graph_client_codegen::csdl;
use graph_client_codegen::overlay::Overlay;
use graph_client_codegen::report::Report;
use graph_client_codegen::select::{Navigation, Selection};
use graph_client_codegen::settings_file::SettingsFile;
use graph_client_codegen::{Generated, Settings, generate};

use crate::Failure;
use crate::files;

/// The default settings file if neither a description nor a settings file is named.
pub const SETTINGS: &str = "graph-client.toml";

/// The input. Command line options are added to the settings file.
#[derive(Debug, Clone, Default, Args)]
pub struct Input {
    /// The settings file [default: graph-client.toml, unless a description is named]
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// The description, in OpenAPI 3.0 to 3.2
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// An overlay of the description; may be repeated
    #[arg(long = "overlay", value_name = "FILE")]
    pub overlays: Vec<PathBuf>,
    /// Select the operations of the paths that match a regular expression; may be repeated
    #[arg(long = "path", value_name = "REGEX")]
    pub paths: Vec<String>,
    /// Select an operation by its id, or as `METHOD /path`; may be repeated
    #[arg(long = "operation", value_name = "ID")]
    pub operations: Vec<String>,
    /// Select the operations of a tag; may be repeated
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Select a type; may be repeated
    #[arg(long = "type", value_name = "NAME")]
    pub types: Vec<String>,
    /// Keep a navigation property, with its type: `manager`, or `user.manager`; may be repeated
    #[arg(long = "expand", value_name = "PROPERTY")]
    pub expand: Vec<String>,
    /// How to treat other navigation properties [default: leave-out if anything is selected]
    #[arg(long, value_enum)]
    pub navigation: Option<NavigationOption>,
    /// The service's own data model in CSDL: which types extend which, and what a request may write
    #[arg(long, value_name = "FILE")]
    pub metadata: Option<PathBuf>,
    /// Turn warnings into errors
    #[arg(long)]
    pub strict: bool,
    /// Show what was selected, left out, renamed and guessed: as a `table` for people, or as `json`, alone on standard
    /// output, for programs
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, default_missing_value = "table", value_parser = report_format)]
    pub report: Option<ReportFormat>,
}

/// The format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people.
    Table,
    /// For programs, alone on standard output.
    Json,
}

fn report_format(text: &str) -> Result<ReportFormat, String> {
    match text {
        "table" => Ok(ReportFormat::Table),
        "json" => Ok(ReportFormat::Json),
        _ => Err(format!(
            "it is neither `table` nor `json`; to write the report to a file, use `--report=json > {text}`"
        )),
    }
}

/// How to treat navigation properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NavigationOption {
    /// Leave them out
    LeaveOut,
    /// Keep them as untyped JSON
    Raw,
    /// Keep them typed, with everything that they lead to
    Keep,
}

/// A description from disk, with its settings.
#[derive(Debug, Clone)]
pub struct Description {
    /// Its name in messages and headers.
    pub file: String,
    /// Its text.
    pub text: String,
    /// The settings of the generation.
    pub settings: Settings,
    /// The folder of the settings file's relative paths.
    pub folder: PathBuf,
    /// The folder of the generated modules, if the settings file names it.
    pub out: Option<PathBuf>,
    /// The name of the crate, if the settings file names it.
    pub name: Option<String>,
}

impl Input {
    /// Reads the settings file, the description and its overlays. The generated files name `command`.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read, the settings file or an overlay is invalid, or no description is
    /// named.
    pub fn read(&self, command: &str) -> Result<Description, Failure> {
        let mut description = match self.settings_path() {
            Some(path) => from_settings(&path, self.from.as_deref(), command)?,
            None => bare(self.from.as_deref(), command)?,
        };
        for path in &self.overlays {
            let text = text_of(path)?;
            let overlay = Overlay::parse(&path.display().to_string(), &text)?;
            description.settings.overlays.push(overlay);
        }
        if let Some(path) = &self.metadata {
            let text = text_of(path)?;
            let metadata = csdl::parse(&path.display().to_string(), &text)?;
            description.settings.metadata = Some(metadata);
        }
        self.add_to(&mut description.settings.selection);
        description.settings.strict |= self.strict;
        Ok(description)
    }

    fn settings_path(&self) -> Option<PathBuf> {
        match (&self.settings, &self.from) {
            (Some(path), _) => Some(path.clone()),
            (None, None) => Some(PathBuf::from(SETTINGS)),
            (None, Some(_)) => None,
        }
    }

    fn add_to(&self, selection: &mut Selection) {
        let wanted = |texts: &[String]| {
            texts
                .iter()
                .map(|text| text.as_str().into())
                .collect::<Vec<_>>()
        };
        selection.paths.extend(wanted(&self.paths));
        selection.operations.extend(wanted(&self.operations));
        selection.tags.extend(wanted(&self.tags));
        selection.types.extend(wanted(&self.types));
        selection.expand.extend(wanted(&self.expand));
        if let Some(navigation) = self.navigation {
            selection.navigation = Some(match navigation {
                NavigationOption::LeaveOut => Navigation::LeaveOut,
                NavigationOption::Raw => Navigation::Raw,
                NavigationOption::Keep => Navigation::Keep,
            });
        }
    }

    /// Writes the report in the requested format, if any. Returns the output for everything else, which must not be mixed
    /// with JSON.
    ///
    /// # Errors
    ///
    /// Returns the errors of the output.
    pub fn tell<'o>(
        &self,
        report: &Report,
        out: &'o mut dyn io::Write,
    ) -> Result<Box<dyn io::Write + 'o>, Failure> {
        match self.report {
            None => {}
            Some(ReportFormat::Table) => out.write_all(report.table().as_bytes())?,
            Some(ReportFormat::Json) => {
                // Pretty-printing a `Value` cannot fail.
                let text = serde_json::to_string_pretty(&report.to_json()).unwrap_or_default();
                writeln!(out, "{text}")?;
                return Ok(Box::new(io::stderr()));
            }
        }
        Ok(Box::new(out))
    }
}

impl Description {
    /// Generates the client.
    ///
    /// # Errors
    ///
    /// Returns every problem of the description or the selection.
    pub fn generate(&self) -> Result<Generated, Failure> {
        Ok(generate(&self.file, &self.text, &self.settings)?)
    }
}

fn from_settings(path: &Path, from: Option<&Path>, command: &str) -> Result<Description, Failure> {
    let text = files::read_text(path).map_err(|error| {
        Failure::new(format!(
            "error: cannot read {}: {error}\n  help: pass a description with --from, or a settings file with --settings",
            path.display()
        ))
    })?;
    let file = SettingsFile::parse(&path.display().to_string(), &text)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let mut settings = file.settings(command);
    for overlay in &file.overlays {
        let text = text_of(&folder.join(overlay))?;
        settings.overlays.push(Overlay::parse(overlay, &text)?);
    }
    if let Some(metadata) = &file.metadata {
        let text = text_of(&folder.join(metadata))?;
        settings.metadata = Some(csdl::parse(metadata, &text)?);
    }
    let (name, text) = match from {
        Some(from) => (from.display().to_string(), text_of(from)?),
        None => (file.from.clone(), text_of(&folder.join(&file.from))?),
    };
    Ok(Description {
        file: name,
        text,
        settings,
        out: file.out.map(|out| folder.join(out)),
        name: file.name,
        folder,
    })
}

fn bare(from: Option<&Path>, command: &str) -> Result<Description, Failure> {
    let path = from.unwrap_or(Path::new(""));
    Ok(Description {
        file: path.display().to_string(),
        text: text_of(path)?,
        settings: Settings::for_description(command),
        folder: PathBuf::new(),
        out: None,
        name: None,
    })
}

/// The text of a file, or a failure with the position of invalid UTF-8.
fn text_of(path: &Path) -> Result<String, Failure> {
    let bytes = files::read(path)
        .map_err(|error| Failure::new(format!("error: cannot read {}: {error}", path.display())))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::new(format!(
            "error[not-utf-8]: the text is not UTF-8\n  --> {}:{line}\n   = help: save it as UTF-8",
            path.display()
        ))
    })
}
