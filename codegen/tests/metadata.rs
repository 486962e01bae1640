//! Microsoft's own metadata is read whole: counted by a method of its own, where it lies beside the checkout.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use graph_client_codegen::csdl::{self, TypeKind};

/// The texts, or nothing where they are not there, which is said.
fn upstream() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/upstream/metadata");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("SKIPPED: {} is not there", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_definition_of_microsofts_metadata_is_read() {
    for path in upstream() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let begun = Instant::now();
        let metadata = csdl::parse(&name, &text).unwrap_or_else(|problems| panic!("{problems}"));
        println!("{name}: {} bytes in {:?}", text.len(), begun.elapsed());
        let count = |tag: &str| {
            text.matches(&format!("<{tag} ")).count() + text.matches(&format!("<{tag}>")).count()
        };
        let (mut structured, mut properties, mut members) = (0, 0, 0);
        for type_ in metadata.types.values() {
            match &type_.kind {
                TypeKind::Structured(own) => {
                    structured += 1;
                    properties += own.properties.len();
                }
                TypeKind::Enumeration(own) => members += own.members.len(),
                TypeKind::Definition(_) => {}
            }
        }
        assert_eq!(
            structured,
            count("EntityType") + count("ComplexType"),
            "{name}"
        );
        assert_eq!(
            properties,
            count("Property") + count("NavigationProperty"),
            "{name}"
        );
        assert_eq!(members, count("Member"), "{name}");
        assert_eq!(
            metadata.operations.len(),
            count("Action") + count("Function"),
            "{name}"
        );
        assert_eq!(
            metadata.entry_points.len(),
            count("EntitySet") + count("Singleton"),
            "{name}"
        );
        let annotations: usize = metadata.annotations.values().map(Vec::len).sum();
        // What a parameter, a return type or an annotation says of itself is read where it is needed.
        assert!(annotations <= count("Annotation"), "{name}");
        assert!(
            metadata.left_out.is_empty(),
            "{name}: {:?}",
            metadata.left_out
        );
    }
}
