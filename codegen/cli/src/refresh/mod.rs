//! `graph-client refresh`: compares the fragment with the service's current description of itself.
//!
//! The comparison is [`graph_client_codegen::refresh`]; the results are reported in the review's formats.

mod decisions;
mod fetch;
mod issue;
mod provenance;
mod tell;

use std::fs;
use std::future::Future;
use std::io;

use clap::{Args, ValueEnum};
use graph_client_codegen::csdl;
use graph_client_codegen::edit::edit;
use graph_client_codegen::load::{self, Document, Node};
use graph_client_codegen::refresh::{Difference, Refresh, UNWRITTEN};

use crate::files;
use crate::repository::Repository;
use crate::review::{Colour, Format};
use crate::sync::Change;
use crate::{Failure, Outcome, counted, transaction};

use decisions::PROVENANCE;
use fetch::Source;

/// The texts to compare the fragment with, and how to treat the differences.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The service's metadata: a file, or a URL, such as `graph.microsoft.com/beta/$metadata` with its scheme
    #[arg(long, value_name = "FILE|URL")]
    pub metadata: String,
    /// Microsoft's OpenAPI description of the same service, to compare with the metadata: a file, or a URL
    #[arg(long, value_name = "FILE|URL")]
    pub description: Option<String>,
    /// The version of the metadata [default: from its URL, else the fragment's]
    #[arg(long, value_enum)]
    pub version: Option<Version>,
    /// The cloud of the metadata [default: from its URL, else global]
    #[arg(long, value_enum)]
    pub cloud: Option<Cloud>,
    /// Edit the fragment, and record the sources of its new parts in provenance.yaml
    #[arg(long)]
    pub apply: bool,
    /// With --apply: also remove what upstream no longer has
    #[arg(long, requires = "apply")]
    pub prune: bool,
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// When to colour the text
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
    /// Open or update one issue of this repository with the report; needs GITHUB_TOKEN
    #[arg(long, value_name = "OWNER/NAME", conflicts_with = "apply")]
    pub issue: Option<String>,
}

impl Options {
    /// Creates options that compare the fragment with a text and change nothing.
    #[must_use]
    pub fn against(metadata: &str) -> Self {
        Self {
            metadata: metadata.to_owned(),
            description: None,
            version: None,
            cloud: None,
            apply: false,
            prune: false,
            format: Format::Text,
            color: Colour::Never,
            issue: None,
        }
    }
}

/// A version of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Version {
    /// beta
    #[value(name = "beta")]
    Beta,
    /// v1.0
    #[value(name = "v1.0")]
    V1,
}

impl Version {
    fn as_str(self) -> &'static str {
        match self {
            Self::Beta => "beta",
            Self::V1 => "v1.0",
        }
    }
}

/// A cloud with metadata of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Cloud {
    /// The worldwide cloud
    Global,
    /// The clouds of the US Government
    UsGovernment,
}

impl Cloud {
    fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovernment => "usGovernment",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Global => "worldwide cloud",
            Self::UsGovernment => "clouds of the US Government",
        }
    }
}

/// The input of a run.
#[derive(Debug, Clone)]
struct Run {
    version: String,
    cloud: Cloud,
}

impl Run {
    fn of(options: &Options, fragment: &Document) -> Self {
        let named = |version: &str| options.metadata.contains(&format!("/{version}/"));
        let version = match options.version {
            Some(version) => version.as_str().to_owned(),
            None if named("v1.0") => "v1.0".to_owned(),
            None if named("beta") => "beta".to_owned(),
            None => version_of(fragment),
        };
        let is_address = options.metadata.starts_with("http");
        let cloud = match options.cloud {
            Some(cloud) => cloud,
            None if is_address && options.metadata.contains("graph.microsoft.us/") => {
                Cloud::UsGovernment
            }
            None => Cloud::Global,
        };
        Self { version, cloud }
    }
}

/// The version in the URL of the fragment's first server.
fn version_of(fragment: &Document) -> String {
    let server = fragment
        .root
        .pointer("#/servers/0/url")
        .and_then(Node::as_str);
    let last = server.and_then(|url| url.trim_end_matches('/').rsplit('/').next());
    last.unwrap_or("beta").to_owned()
}

/// All input files, as they were at the start of the run.
struct Inputs {
    /// The fragment's path relative to the root of the repository.
    name: String,
    fragment: String,
    /// The path of the decisions relative to the root.
    provenance_name: String,
    provenance: String,
    metadata: Source,
    description: Option<Source>,
}

/// Compares, and writes the report; with `--apply`, edits the fragment.
///
/// # Errors
///
/// Returns an error if a text cannot be fetched or read, the decisions are invalid, or the layout of the fragment
/// cannot be edited: nothing is written then.
pub fn run(
    repository: &Repository,
    options: &Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let name = repository.description()?.to_owned();
    let provenance_name = repository
        .beside(PROVENANCE)
        .unwrap_or_else(|| PROVENANCE.to_owned());
    let inputs = Inputs {
        fragment: repository.text()?,
        provenance: read_provenance(repository, &provenance_name)?,
        metadata: Source::get(&options.metadata, "--metadata")?,
        description: options
            .description
            .as_deref()
            .map(|name| Source::get(name, "--description"))
            .transpose()?,
        name,
        provenance_name,
    };
    let fragment = load::parse(&inputs.name, &inputs.fragment)?;
    let metadata = csdl::parse(&inputs.metadata.name, &inputs.metadata.text)?;
    let description = inputs
        .description
        .as_ref()
        .map(|source| load::parse(&source.name, &source.text))
        .transpose()?;
    let (provenance, keeps) = decisions::read(&inputs.provenance_name, &inputs.provenance)?;
    let run = Run::of(options, &fragment);
    let refresh = Refresh::new(&fragment, &metadata);
    let mut found = tell::Found::of(&refresh, &run, &keeps);
    if let Some(description) = &description {
        found.add_description(&fragment, &metadata, description, &run, &keeps);
    }
    let report = tell::RefreshReport {
        repository,
        options,
        inputs: &inputs,
        run: &run,
        refresh: &refresh,
        found: &found,
    };
    if let Some(tracker) = &options.issue {
        return issue::open_or_update(&report, tracker, out);
    }
    report.write(options.format, out)?;
    if options.apply {
        return apply(&report, &provenance, out);
    }
    Ok(match found.is_empty() {
        true => Outcome::Fine,
        false => Outcome::Differs,
    })
}

fn read_provenance(repository: &Repository, name: &str) -> Result<String, Failure> {
    let path = repository.root().join(name);
    match files::read_text(&path) {
        Ok(text) => Ok(text),
        // A fragment without the file has made no decisions.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok("sources: {}\nfacts: []\ndecisions: []\n".to_owned())
        }
        Err(error) => Err(Failure::at(&path, &error)),
    }
}

/// Edits the fragment and the provenance; a second run finds nothing to do.
fn apply(
    report: &tell::RefreshReport<'_>,
    provenance: &Document,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let (inputs, found) = (report.inputs, report.found);
    let prunes = report.options.prune;
    let edits = report.refresh.edits(&found.differences, UNWRITTEN, prunes);
    let fragment = edit(&inputs.name, &inputs.fragment, &edits)?;
    let today = chrono::Utc::now().date_naive().to_string();
    let new_provenance = provenance::with_source(
        provenance,
        &inputs.provenance,
        report.run,
        &inputs.metadata,
        &edits,
        &today,
    )?;
    let changes: Vec<Change> = [
        (&inputs.provenance_name, &inputs.provenance, new_provenance),
        (&inputs.name, &inputs.fragment, fragment.clone()),
    ]
    .into_iter()
    .filter(|(_, before, text)| *before != text)
    .map(|(path, before, text)| Change::Update {
        path: path.into(),
        before: before.clone(),
        text,
    })
    .collect();
    replace(report.repository, &changes, out)?;
    let unwritten = fragment.matches(UNWRITTEN).count();
    if unwritten > 0 {
        writeln!(
            out,
            "{:>12} write {} that say `{UNWRITTEN}`, then `{}`",
            "Next",
            counted(unwritten, "description", "descriptions"),
            report.repository.commands().generate
        )?;
    }
    let is_left = |difference: &Difference| {
        difference.edits.is_empty() || (difference.is_removal() && !prunes)
    };
    let left = found
        .differences
        .iter()
        .filter(|difference| is_left(difference))
        .count()
        + found.told.len();
    match left {
        0 => Ok(Outcome::Fine),
        left => {
            writeln!(
                out,
                "{:>12} {} to you: edit the fragment, or decide otherwise in {}",
                "Left",
                counted(left, "finding is left", "findings are left"),
                inputs.provenance_name
            )?;
            Ok(Outcome::Differs)
        }
    }
}

/// Writes all files or none, and none if one of them was changed since it was read.
fn replace(
    repository: &Repository,
    changes: &[Change],
    out: &mut dyn io::Write,
) -> Result<(), Failure> {
    for change in changes {
        let Change::Update { path, before, .. } = change else {
            continue;
        };
        let file = repository.root().join(path);
        match fs::read_to_string(&file) {
            Ok(now) if now == *before => {}
            Ok(_) => {
                return Err(Failure::new(format!(
                    "error: {} was changed while the refresh ran\n  help: run it again",
                    path.display()
                )));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::at(&file, &error)),
        }
    }
    transaction::carry_out(changes, repository.root())?;
    for change in changes {
        writeln!(out, "{:>12} {}", "Edited", change.path().display())?;
    }
    Ok(())
}

/// Runs a future that uses the network.
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("error: cannot start: {error}")))?;
    Ok(runtime.block_on(future))
}
