//! Rules for the whole document: its version, its required parts, its servers.

use crate::load::{Place, Value};
use crate::newer::is_patch_of;

use super::Linter;
use super::grammar::NodeKind;

impl Linter<'_> {
    /// Whether the document is OpenAPI 3.0; reports it if it is not.
    pub(super) fn check_version(&mut self) -> bool {
        let root = Place::new(&self.document.root, "#");
        let help = "write it as OpenAPI 3.0, such as `openapi: 3.0.3`";
        if let Some(old) = root.get("swagger") {
            self.report_key(
                &old,
                "unsupported-version",
                "Swagger 2.0 is not supported".to_owned(),
                help,
            );
            return false;
        }
        let Some(version) = root.get("openapi") else {
            self.report(
                &root,
                "missing-version",
                "the document has no OpenAPI version".to_owned(),
                help,
            );
            return false;
        };
        let text = match &version.node.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let is_supported = is_patch_of(&text, "3.0") && version.node.as_str().is_some();
        if !is_supported {
            let message = format!("OpenAPI `{text}` is not supported");
            self.report(&version, "unsupported-version", message, help);
        }
        is_supported
    }

    pub(super) fn check_document(&mut self) {
        let root = Place::new(&self.document.root, "#");
        for required in ["info", "paths"] {
            if root.get(required).is_none() {
                let message = format!("the document has no `{required}`");
                self.report(&root, "missing-keyword", message, "add it");
            }
        }
        for (kind, required) in [
            (NodeKind::Info, "title"),
            (NodeKind::Info, "version"),
            (NodeKind::Server, "url"),
            (NodeKind::Tag, "name"),
            (NodeKind::ExternalDocs, "url"),
            (NodeKind::Discriminator, "propertyName"),
            (NodeKind::EnumMember, "value"),
        ] {
            for place in self.of_kind(kind) {
                if place.node.get(required).is_none() {
                    let message = format!("{} has no `{required}`", kind.name());
                    self.report_key(&place, "missing-keyword", message, "add it");
                }
            }
        }
        self.check_servers();
        self.check_refused_clouds(&root);
    }

    fn check_refused_clouds(&mut self, root: &Place<'_>) {
        let Some(refused) = root.get("x-graph-refused-clouds") else {
            return;
        };
        for (cloud, reason) in refused.entries() {
            if crate::plan::cloud_variant(cloud).is_none() {
                self.report_key(
                    &reason,
                    "unknown-cloud",
                    format!("there is no cloud `{cloud}`"),
                    "write `global`, `usGovernmentL4`, `usGovernmentL5` or `china`",
                );
            }
            if reason.node.trimmed().is_empty() {
                let message = format!("no reason is given why `{cloud}` is refused");
                let help = "write it as a sentence for the user of the client";
                self.report(&reason, "unknown-cloud", message, help);
            }
        }
    }

    fn check_servers(&mut self) {
        for server in self.of_kind(NodeKind::Server) {
            if !server.pointer.starts_with("#/servers/") {
                let message = "only the document itself can have servers".to_owned();
                self.report(
                    &server,
                    "unsupported-server",
                    message,
                    "move it to the top of the document",
                );
            }
            let Some(url) = server.get("url") else {
                continue;
            };
            let text = url.node.trimmed();
            if url.node.as_str().is_some() && (!text.starts_with("http") || text.contains('{')) {
                self.report(
                    &url,
                    "unsupported-server",
                    format!("`{text}` is not an absolute URL"),
                    "write one server for each address, starting with `https://`, without variables",
                );
            }
        }
    }
}
