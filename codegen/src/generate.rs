//! Runs all stages, from a fragment's text to the files of a client.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::corrections::Correction;
use crate::diagnostic::{Problem, Problems};
use crate::emit::Origins;
use crate::load::Document;
use crate::model::{Model, Whole};
use crate::plan::Plan;
use crate::render::{File, Provenance, Rendering};
use crate::report::{Remark, Report, Treatment};
use crate::resources::Gates;
use crate::settings::Settings;
use crate::stats::Stats;
use crate::{contract, emit, lint, load, model, prepare, surface};

/// The result of a generation.
#[derive(Debug, Clone)]
pub struct Generated {
    model: Model,
    plan: Plan,
    origins: Origins,
    provenance: Provenance,
    files: Vec<File>,
    rendering: Rendering,
    report: Report,
    resources: Vec<String>,
    single_file: OnceLock<String>,
}

impl Generated {
    /// Returns the fragment in normal form.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Returns every Rust item of the client.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns how the functions that build requests were made.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Returns one file for each module, sorted by path.
    #[must_use]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// Returns all modules as one text, for a build script and `include!`.
    #[must_use]
    pub fn single_file(&self) -> &str {
        self.single_file
            .get_or_init(|| self.rendering.single_file())
    }

    /// Returns what was selected, left out, renamed and guessed.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Returns the Cargo features of the client's resources, by name; none unless they were requested.
    #[must_use]
    pub fn resources(&self) -> &[String] {
        &self.resources
    }

    /// Returns the sizes of what was generated.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats::of(&self.plan, &self.origins)
    }

    /// Returns the surface of the fragment, one fact per line.
    #[must_use]
    pub fn surface(&self) -> String {
        surface::surface(&self.model)
    }

    /// Returns the contract of the fragment as JSON.
    #[must_use]
    pub fn contract(&self) -> String {
        contract::contract(&self.model, &self.provenance)
    }
}

/// Reads a fragment into its normal form.
///
/// # Errors
///
/// Returns every problem of the text, with file, line, column, pointer and remedy.
pub fn read(file: &str, text: &str, corrections: &[Correction]) -> Result<Model, Problems> {
    let mut settings = Settings::for_description("");
    settings.corrections = corrections.to_vec();
    let document = load::parse(file, text)?;
    let mut report = Report::new(file);
    let (document, whole) = prepare::linted(document, text, &settings, &mut report)?;
    model::read_part(&document, whole).map_err(|problems| problems.with_source(text))
}

/// Generates a client from the text of a fragment. `file` is its name in messages and headers.
///
/// # Errors
///
/// Returns every problem of the text, with file, line, column, pointer and remedy; and, as a defect of this crate,
/// every difference between the input and the output.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::{Settings, generate};
///
/// let fragment = r##"
/// openapi: 3.0.3
/// info: {title: Tags, version: "1"}
/// paths:
///   /tags/{tagId}:
///     get:
///       operationId: getTag
///       parameters:
///         - {name: tagId, in: path, required: true, schema: {type: string}}
///       responses:
///         "200":
///           description: The tag.
///           content:
///             application/json:
///               schema: {$ref: "#/components/schemas/Tag"}
/// components:
///   schemas:
///     Tag:
///       type: object
///       properties:
///         displayName: {type: string, nullable: true}
/// "##;
/// let generated = generate("tags.yaml", fragment, &Settings::for_description("cargo build"))?;
/// assert!(generated.single_file().contains("pub struct Tag"));
/// assert!(generated.single_file().contains("pub fn get_tag"));
///
/// let broken = fragment.replace("schemas/Tag", "schemas/Tug");
/// let problems = generate("tags.yaml", &broken, &Settings::for_description("cargo build")).unwrap_err();
/// assert!(problems.to_string().contains("tags.yaml:15:"));
/// # Ok::<(), graph_client_codegen::Problems>(())
/// ```
pub fn generate(file: &str, text: &str, settings: &Settings) -> Result<Generated, Problems> {
    generate_document(load::parse(file, text)?, text, settings)
}

/// Generates a client from a parsed document, such as one that [`crate::csdl::describe`] made.
///
/// `text` is the source of the document: messages show its lines.
///
/// # Errors
///
/// Returns the errors of [`generate`].
pub fn generate_document(
    document: Document,
    text: &str,
    settings: &Settings,
) -> Result<Generated, Problems> {
    let mut report = Report::new(&document.file);
    let (document, whole) = prepare::linted(document, text, settings, &mut report)?;
    let file = document.file.as_str();
    if settings.refuse_unused {
        let unused = lint::unused(&document).into_result();
        unused.map_err(|problems| problems.with_source(text))?;
    }
    let shown = |problems: Problems| problems.with_source(text);
    let model = model::read_part(&document, whole).map_err(shown)?;
    report.extend(shared_ids(&model));
    let plan = Plan::of(&model);
    let emitted = emit::emit(&plan, file).map_err(shown)?;
    let provenance = Provenance::of(file, &settings.command);
    let gates = settings
        .resources
        .then(|| Gates::of(&plan, &emitted.modules))
        .transpose()
        .map_err(|reason| defect(file, reason))?;
    let rendering = Rendering::new(&provenance, emitted.modules, gates.as_ref())
        .map_err(|reason| defect(file, reason))?;
    if settings.strict {
        report.strict().map_err(shown)?;
    }
    Ok(Generated {
        model,
        plan,
        origins: emitted.origins,
        provenance,
        files: rendering.files(),
        rendering,
        report,
        resources: gates
            .iter()
            .flat_map(Gates::features)
            .map(str::to_owned)
            .collect(),
        single_file: OnceLock::new(),
    })
}

/// Reads the model of a parsed document, with the names of the whole document.
///
/// # Errors
///
/// Returns every problem that the lint or the model finds, with its location.
pub fn model_of(document: &Document, whole: Whole) -> Result<Model, Problems> {
    lint::check(document).into_result()?;
    model::read_part(document, whole)
}

/// A failure that is not the fragment's fault.
fn defect(file: &str, reason: String) -> Problems {
    let mut problems = Problems::default();
    problems.push(Problem {
        rule: "generator-defect",
        message: reason,
        file: file.to_owned(),
        position: None,
        pointer: "#".to_owned(),
        help: "this is a bug in the generator: please report it together with the description"
            .to_owned(),
    });
    problems
}

/// Operations that are named by method and path, because several have their id.
fn shared_ids(model: &Model) -> Vec<Remark> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for operation in &model.operations {
        *uses.entry(&operation.id).or_default() += 1;
    }
    let shared = model.operations.iter().filter(|operation| {
        uses.get(operation.id.as_str())
            .is_some_and(|uses| *uses > 1)
    });
    let remarks = shared.map(|operation| Remark {
        treatment: Treatment::Renamed,
        rule: "shared-operation-id",
        subject: format!("operation `{} {}`", operation.method, operation.path),
        reason: format!(
            "`{}` is the id of several operations; the method is called `{}`",
            operation.id, operation.method_name
        ),
        is_warning: true,
        position: Some(operation.origin.position),
        pointer: operation.origin.pointer.clone(),
    });
    remarks.collect()
}
