//! Expands every name, once all aliases are known: they may be defined after their use.

use crate::csdl::metadata::{TypeKind, TypeReference};
use crate::csdl::names::{Namespaces, Unresolved};
use crate::csdl::problem;
use crate::diagnostic::{Position, Problems};

use super::Reader;

struct Resolver<'r> {
    file: &'r str,
    namespaces: &'r Namespaces,
    problems: &'r mut Problems,
}

impl Resolver<'_> {
    fn name(&mut self, name: &mut String, position: Position, path: &str) {
        match self.namespaces.resolve(name) {
            Ok(resolved) => *name = resolved,
            Err(reason) => self.report(reason, name, position, path),
        }
    }

    fn reference(&mut self, reference: &mut TypeReference, position: Position, path: &str) {
        match self.namespaces.type_reference(&reference.name) {
            Ok(resolved) => *reference = resolved,
            Err(reason) => self.report(reason, &reference.name, position, path),
        }
    }

    fn report(&mut self, reason: Unresolved, name: &str, position: Position, path: &str) {
        let (rule, message, help) = match reason {
            Unresolved::Unqualified => (
                "unqualified-name",
                format!("`{name}` has no namespace"),
                "put the namespace or its alias and a dot before the name",
            ),
            Unresolved::UnknownAlias(alias) => (
                "unknown-alias",
                format!("`{alias}` in `{name}` is neither a namespace nor an alias"),
                "correct it, or give the namespace that alias",
            ),
            Unresolved::Malformed => (
                "malformed-name",
                format!("`{name}` is not a type name"),
                "write `namespace.name` or `Collection(namespace.name)`",
            ),
        };
        self.problems
            .push(problem(self.file, rule, position, path, message, help));
    }
}

impl Reader {
    pub(super) fn resolve_names(&mut self) {
        let mut resolver = Resolver {
            file: &self.metadata.file,
            namespaces: &self.namespaces,
            problems: &mut self.problems,
        };
        for type_ in &mut self.types {
            match &mut type_.kind {
                TypeKind::Structured(own) => {
                    if let Some(base) = &mut own.base {
                        resolver.name(base, type_.position, &type_.name);
                    }
                    for property in &mut own.properties {
                        let path = format!("{}/{}", type_.name, property.name);
                        resolver.reference(&mut property.type_, property.position, &path);
                    }
                }
                TypeKind::Definition(underlying) => {
                    resolver.name(underlying, type_.position, &type_.name);
                }
                TypeKind::Enumeration(_) => {}
            }
        }
        for operation in &mut self.operations {
            let (name, position) = (&operation.name, operation.position);
            if let Some(binding) = &mut operation.binding {
                resolver.reference(binding, position, name);
            }
            if let Some((returns, _)) = &mut operation.returns {
                resolver.reference(returns, position, name);
            }
            for parameter in &mut operation.parameters {
                let path = format!("{name}/{}", parameter.name);
                resolver.reference(&mut parameter.type_, parameter.position, &path);
            }
        }
        for (name, entry_point) in &mut self.metadata.entry_points {
            resolver.name(&mut entry_point.type_, entry_point.position, name);
        }
        for (target, position, annotations) in std::mem::take(&mut self.annotations) {
            // The namespace itself can also be a target.
            let is_namespace = self
                .metadata
                .namespaces
                .iter()
                .any(|(name, _)| *name == target);
            let resolved = match is_namespace {
                true => Ok(target.clone()),
                false => resolver.namespaces.target(&target),
            };
            match resolved {
                Ok(resolved) => {
                    let known = self.metadata.annotations.entry(resolved).or_default();
                    for mut annotation in annotations {
                        // A term of a vocabulary outside of the document is kept as written.
                        if let Ok(term) = resolver.namespaces.resolve(&annotation.term) {
                            annotation.term = term;
                        }
                        known.push(annotation);
                    }
                }
                Err(reason) => resolver.report(reason, &target, position, "Annotations"),
            }
        }
    }
}
