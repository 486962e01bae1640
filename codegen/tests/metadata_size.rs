//! Metadata of ten megabytes is read in about a second and at most a hundred megabytes of memory.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

use graph_client_codegen::csdl;

/// The size of the text.
const BYTES: usize = 10 << 20;
/// The memory limit of the whole process, including the text.
const MEMORY: u64 = 100 << 20;
/// The time limit, depending on the build; the machine may be busy with other tests.
const TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });

/// Types like the service's: entities with a dozen properties, and annotations of some of them.
fn ten_megabytes() -> String {
    let mut text = String::with_capacity(BYTES + 4_096);
    text.push_str(r#"<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices><Schema Namespace="library" Alias="self" xmlns="http://docs.oasis-open.org/odata/ns/edm">"#);
    let mut number = 0;
    while text.len() < BYTES {
        let base = if number > 0 {
            format!(" BaseType=\"self.thing{}\"", number / 50 * 50 / 2)
        } else {
            String::new()
        };
        let base = if number % 50 == 0 { "" } else { &base };
        write!(text, "<EntityType Name=\"thing{number}\"{base}>").unwrap();
        for place in 0..12 {
            write!(
                text,
                "<Property Name=\"p{number}_{place}\" Type=\"Edm.String\" Nullable=\"false\"><Annotation Term=\"Org.OData.Core.V1.Description\" String=\"What is known of thing {number} in its place {place}.\" /></Property>"
            )
            .unwrap();
        }
        write!(text, "<NavigationProperty Name=\"to\" Type=\"Collection(self.thing{number})\" /></EntityType>").unwrap();
        write!(text, "<EnumType Name=\"mood{number}\"><Member Name=\"glad\" Value=\"0\" /><Member Name=\"calm\" Value=\"1\" /></EnumType>").unwrap();
        number += 1;
    }
    text.push_str("</Schema></edmx:DataServices></edmx:Edmx>");
    text
}

/// The peak memory of this process in bytes, if the system provides it.
fn most_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1_024)
}

#[test]
fn ten_megabytes_are_read_within_time_and_memory_bounds() {
    let text = ten_megabytes();
    let begun = Instant::now();
    let metadata = csdl::parse("large.csdl", &text).unwrap_or_else(|problems| panic!("{problems}"));
    let time = begun.elapsed();
    let memory = most_memory();
    println!(
        "{} bytes, {} types: {time:?}, {memory:?} bytes of memory in all",
        text.len(),
        metadata.types.len()
    );
    assert!(time < TIME, "{time:?}");
    match memory {
        Some(memory) => assert!(memory < MEMORY, "{} MB", memory >> 20),
        None => {
            let mut stderr = std::io::stderr();
            writeln!(
                stderr,
                "SKIPPED: the system does not say how much memory this is"
            )
            .unwrap();
        }
    }
}
