//! Refuses contradictions: types that extend themselves, or something that cannot be extended.

use std::collections::BTreeSet;

use crate::diagnostic::Problems;

use super::metadata::{Metadata, TypeKind};
use super::problem;

/// Reports every invalid type.
pub(super) fn check(metadata: &Metadata) -> Problems {
    let mut problems = Problems::default();
    // Types whose chain of bases is known to end.
    let mut sound: BTreeSet<&str> = BTreeSet::new();
    for type_ in metadata.types.values() {
        let mut path: Vec<&str> = Vec::new();
        let mut next = Some(type_.name.as_str());
        while let Some(name) = next {
            if sound.contains(name) {
                break;
            }
            if path.contains(&name) {
                problems.push(problem(
                    &metadata.file,
                    "base-cycle",
                    type_.position,
                    &type_.name,
                    format!(
                        "`{}` extends itself: {} → {name}",
                        type_.name,
                        path.join(" → ")
                    ),
                    "correct `BaseType` of one of them",
                ));
                break;
            }
            path.push(name);
            if path.len() > super::DEEPEST {
                problems.push(problem(
                    &metadata.file,
                    "too-deep",
                    type_.position,
                    &type_.name,
                    format!("more than {} types extend each other", super::DEEPEST),
                    "use the unchanged `$metadata` of the service",
                ));
                break;
            }
            next = metadata
                .types
                .get(name)
                .and_then(|type_| match &type_.kind {
                    TypeKind::Structured(own) => own.base.as_deref(),
                    _ => None,
                });
        }
        if next.is_none() || next.is_some_and(|name| sound.contains(name)) {
            sound.extend(path);
        }
        extends_its_own_kind(metadata, type_, &mut problems);
    }
    problems
}

fn extends_its_own_kind(
    metadata: &Metadata,
    type_: &super::metadata::Type,
    problems: &mut Problems,
) {
    let Some(own) = type_.structured() else {
        return;
    };
    let Some(base) = own
        .base
        .as_deref()
        .and_then(|base| metadata.types.get(base))
    else {
        return;
    };
    let is_right = base
        .structured()
        .is_some_and(|base| base.is_entity == own.is_entity);
    if !is_right {
        problems.push(problem(
            &metadata.file,
            "base-of-another-kind",
            type_.position,
            &type_.name,
            format!(
                "`{}` cannot extend `{}`, because it is of another kind",
                type_.name, base.name
            ),
            "an entity extends an entity, and a complex type a complex type",
        ));
    }
}
