//! Converts definitions to plain data, then expands their names.

mod known;
mod operations;
mod resolve;
mod types;

use std::collections::BTreeMap;

use crate::diagnostic::{Position, Problem, Problems};

use super::annotation::{self, Annotation};
use super::metadata::{EntryPoint, Metadata, ServiceOperation, Type};
use super::names::Namespaces;
use super::xml::{self, Element, Part};
use super::{check, problem};

/// Parses a whole text.
pub(super) fn read(file: &str, text: &str) -> Result<Metadata, Problems> {
    let mut reader = Reader {
        metadata: Metadata {
            file: file.to_owned(),
            ..Metadata::default()
        },
        ..Reader::default()
    };
    // Errors that follow from half a text are useless.
    xml::walk(file, text, |part| reader.part(part))?;
    let metadata = reader.finish()?;
    check::check(&metadata).into_result()?;
    Ok(metadata)
}

#[derive(Default)]
struct Reader {
    metadata: Metadata,
    namespaces: Namespaces,
    /// The namespace of the current schema.
    namespace: String,
    types: Vec<Type>,
    operations: Vec<ServiceOperation>,
    /// Annotations by target, as written.
    annotations: Vec<(String, Position, Vec<Annotation>)>,
    problems: Problems,
}

impl Reader {
    fn part(&mut self, part: Part) {
        if let Part::Schema(element) | Part::Definition(element) = &part {
            self.check_known(element);
        }
        match part {
            Part::Schema(header) => self.schema(&header),
            Part::Definition(element) => self.definition(&element),
            Part::Reference(element) => self.reference(&element),
            Part::Unknown(name, position) => self.left_out(&name, position),
        }
    }

    fn schema(&mut self, header: &Element) {
        let Some(namespace) = self.required(header, "Namespace", "Schema") else {
            self.namespace = String::new();
            return;
        };
        let alias = header.attribute("Alias").map(str::to_owned);
        self.namespaces.declare(&namespace);
        if let Some(alias) = &alias {
            self.alias(alias, &namespace, header.position);
        }
        self.metadata.namespaces.push((namespace.clone(), alias));
        self.namespace = namespace;
    }

    fn reference(&mut self, element: &Element) {
        for include in element
            .children
            .iter()
            .filter(|child| child.name == "Include")
        {
            if let (Some(namespace), Some(alias)) =
                (include.attribute("Namespace"), include.attribute("Alias"))
            {
                self.alias(alias, namespace, include.position);
            }
        }
    }

    fn alias(&mut self, alias: &str, namespace: &str, position: Position) {
        if let Some(other) = self.namespaces.alias(alias, namespace) {
            self.report(
                "duplicate-alias",
                position,
                namespace,
                format!("the alias `{alias}` is used for both `{other}` and `{namespace}`"),
                "give each namespace an alias of its own",
            );
        }
    }

    fn definition(&mut self, element: &Element) {
        match element.name.as_str() {
            "EntityType" => self.structured(element, true),
            "ComplexType" => self.structured(element, false),
            "EnumType" => self.enumeration(element),
            "TypeDefinition" => self.type_definition(element),
            "Action" => self.operation(element, false),
            "Function" => self.operation(element, true),
            "EntityContainer" => self.container(element),
            "Annotations" => {
                if let Some(target) = self.required(element, "Target", "Annotations") {
                    self.annotate(target, element);
                }
            }
            "Annotation" => self.annotate(self.namespace.clone(), element),
            // The definition of a term does not affect data.
            "Term" => {}
            other => self.left_out(other, element.position),
        }
    }

    fn container(&mut self, element: &Element) {
        for child in &element.children {
            let (attribute, is_set) = match child.name.as_str() {
                "EntitySet" => ("EntityType", true),
                "Singleton" => ("Type", false),
                "Annotation" => continue,
                other => {
                    self.left_out(other, child.position);
                    continue;
                }
            };
            let Some(name) = self.required(child, "Name", "EntityContainer") else {
                continue;
            };
            let Some(type_) = self.required(child, attribute, &name) else {
                continue;
            };
            let entry_point = EntryPoint {
                type_,
                is_set,
                position: child.position,
            };
            let known = self.metadata.entry_points.insert(name.clone(), entry_point);
            if let Some(known) = known {
                self.duplicate("entry point", &name, child.position, known.position);
            }
        }
    }

    /// The annotations in an element.
    fn annotate(&mut self, target: String, element: &Element) {
        let annotations: Vec<Annotation> = match element.name.as_str() {
            "Annotation" => vec![annotation::read(element)],
            _ => element
                .children
                .iter()
                .filter(|child| child.name == "Annotation")
                .map(annotation::read)
                .collect(),
        };
        if !annotations.is_empty() {
            self.annotations
                .push((target, element.position, annotations));
        }
    }

    fn left_out(&mut self, name: &str, position: Position) {
        let entry = self
            .metadata
            .left_out
            .entry(name.to_owned())
            .or_insert((0, position));
        entry.0 += 1;
    }

    /// A required attribute.
    fn required(&mut self, element: &Element, attribute: &str, path: &str) -> Option<String> {
        match element.attribute(attribute) {
            Some(value) if !value.trim().is_empty() => Some(value.to_owned()),
            _ => {
                self.report(
                    "missing-attribute",
                    element.position,
                    path,
                    format!("`{}` has no `{attribute}`", element.name),
                    "download the metadata again, or add the attribute",
                );
                None
            }
        }
    }

    /// A boolean attribute with its default.
    fn flag(&mut self, element: &Element, attribute: &str, default: bool, path: &str) -> bool {
        match element.attribute(attribute) {
            None => default,
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            Some(other) => {
                let message = format!("`{attribute}` is `{other}`, neither `true` nor `false`");
                self.report(
                    "not-a-boolean",
                    element.position,
                    path,
                    message,
                    "write `true` or `false`",
                );
                default
            }
        }
    }

    fn duplicate(&mut self, what: &str, name: &str, position: Position, first: Position) {
        self.report(
            "duplicate-definition",
            position,
            name,
            format!(
                "the {what} `{name}` is defined twice, first at line {}, column {}",
                first.line, first.column
            ),
            "remove one of the two",
        );
    }

    fn report(
        &mut self,
        rule: &'static str,
        position: Position,
        path: &str,
        message: String,
        help: &str,
    ) {
        let found: Problem = problem(&self.metadata.file, rule, position, path, message, help);
        self.problems.push(found);
    }

    fn finish(mut self) -> Result<Metadata, Problems> {
        self.resolve_names();
        let mut types: BTreeMap<String, Type> = BTreeMap::new();
        for type_ in std::mem::take(&mut self.types) {
            match types.get(&type_.name) {
                Some(known) => {
                    let first = known.position;
                    self.duplicate("type", &type_.name, type_.position, first);
                }
                None => {
                    types.insert(type_.name.clone(), type_);
                }
            }
        }
        self.metadata.types = types;
        self.metadata.operations = self.operations;
        match self.problems.is_empty() {
            true => Ok(self.metadata),
            false => Err(self.problems),
        }
    }
}
