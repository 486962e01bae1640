//! Why a document cannot be compared: all reasons, with line, pointer and remedy.
//!
//! It checks less than [`graph_client_codegen::lint`] on purpose: a description with defects, such as Microsoft's
//! duplicate operation ids, can still be compared. A value of the wrong kind for its keyword is refused, because
//! ignoring it would hide its changes.

mod chains;
mod kinds;
mod references;
mod whole;

use graph_client_codegen::diagnostic::Problems;
use graph_client_codegen::load::{Document, Node};

use super::document::problem;
use super::walk::Keys;

/// Refuses documents that are not OpenAPI 3, and references to missing parts.
pub(crate) fn check(document: &Document) -> Result<(), Problems> {
    let mut check = Check {
        document,
        problems: Problems::default(),
    };
    if !check.version() {
        return check.problems.into_result();
    }
    check.kinds(&document.root, Keys::Keywords, "", &mut String::from("#"));
    check.references();
    if check.problems.is_empty() {
        check.chains();
    }
    check.problems.into_result()
}

struct Check<'a> {
    document: &'a Document,
    problems: Problems,
}

impl<'a> Check<'a> {
    fn report(
        &mut self,
        rule: &'static str,
        node: &Node,
        pointer: &str,
        message: String,
        help: &str,
    ) {
        let problem = problem(self.document, rule, node.position, pointer, message, help);
        self.problems.push(problem);
    }

    /// Whether the description has a supported version.
    fn version(&mut self) -> bool {
        let root: &'a Node = &self.document.root;
        let Some(node) = root.get("openapi") else {
            let help = match root.get("swagger") {
                Some(_) => "convert the Swagger description to OpenAPI 3.0",
                None => "use an OpenAPI description: a mapping with `openapi: 3.0.3`",
            };
            let message = "this is not an OpenAPI description: `openapi` is missing".to_owned();
            self.report("not-openapi", root, "#", message, help);
            return false;
        };
        let version = super::same::inline_text(node);
        if !["3.0", "3.1", "3.2"]
            .iter()
            .any(|known| is_version(&version, known))
        {
            let message = format!("OpenAPI {version} cannot be reviewed");
            let help = "use a description of version 3.0, 3.1 or 3.2";
            self.report("unsupported-version", node, "#/openapi", message, help);
            return false;
        }
        if root.get("info").is_none() {
            let message = "`info` is missing".to_owned();
            self.report(
                "missing-info",
                root,
                "#",
                message,
                "write `info` with a `title` and a `version`",
            );
        }
        // From 3.1 on, a description may consist of webhooks or components only.
        let others = ["webhooks", "components"]
            .iter()
            .any(|key| root.get(key).is_some());
        if root.get("paths").is_none() && (is_version(&version, "3.0") || !others) {
            let message = "`paths` is missing".to_owned();
            self.report(
                "missing-paths",
                root,
                "#",
                message,
                "write `paths: {}` if there are no operations",
            );
        }
        true
    }
}

/// `3.1`, `3.1.0` and `3.1.0-rc1`, but not `3.10`.
fn is_version(version: &str, known: &str) -> bool {
    let is_patch = |patch: &str| {
        let number = patch.split('-').next().unwrap_or_default();
        !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit())
    };
    version
        .strip_prefix(known)
        .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.').is_some_and(is_patch))
}
