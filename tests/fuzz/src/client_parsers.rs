//! Cursors, ids in paths and strings in filters are read back unchanged, or refused in one line.

use graph_incidents::query::IncidentFilter;
use graph_incidents::runtime::generated_code::path::segment;
use graph_incidents::watch::Cursor;
use percent_encoding::percent_decode_str;
use serde_json::json;
use url::Url;

use crate::is_one_line;
use crate::local::{Local, with_local};

/// The incident that filters search for.
const ID: &str = "5";

/// Uses the input as a cursor, as an id and as a string in a filter.
///
/// # Panics
///
/// Panics if a cursor is not written as it was read, an id leaves its path segment, a filter finds anything but the
/// incident with exactly that string, or an error has more than one line.
pub fn client_parsers(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    cursor(&text);
    // A cursor without a valid checksum is refused at once, so the input is also tried with one.
    if serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok() {
        let inner = text.trim();
        let checksum = fnv(inner.as_bytes());
        cursor(&format!(
            r#"{{"version":2,"checksum":"{checksum:016x}","cursor":{inner}}}"#
        ));
    }
    id(&text);
    with_local(|local| filter(local, &text));
}

fn cursor(text: &str) {
    match text.parse::<Cursor>() {
        Ok(cursor) => {
            let written = cursor.to_string();
            let again: Cursor = written
                .parse()
                .unwrap_or_else(|error| panic!("{error}: {written}"));
            assert_eq!(again, cursor, "another cursor was read from {written}");
        }
        Err(error) => assert!(is_one_line(&error.to_string()), "{error}"),
    }
}

fn id(text: &str) {
    let segment = match segment("id", text) {
        Ok(segment) => segment.to_string(),
        Err(error) => return assert!(is_one_line(&error.to_string()), "{error}"),
    };
    let url = format!("https://graph.example/beta/incidents/{segment}/alerts");
    let url: Url = url.parse().expect("a path of encoded segments is a URL");
    let segments: Vec<_> = url.path_segments().expect("https has a path").collect();
    assert_eq!(segments.len(), 4, "{url}");
    let decoded = percent_decode_str(segments[2]).decode_utf8();
    assert_eq!(decoded.expect("the id is UTF-8"), text);
    assert_eq!((url.query(), url.fragment()), (None, None), "{url}");
}

fn filter(local: &Local, text: &str) {
    let incident = json!({"id": ID, "assignedTo": text, "createdDateTime": "2024-01-01T00:00:00Z"});
    assert!(local.simulator.insert(incident, Vec::new()));
    let condition = IncidentFilter::assigned_to().eq(text);
    let found = local.wait(async { local.client.list_incidents().filter(condition).await });
    match found {
        Ok(page) => {
            let ids: Vec<_> = page.value.iter().map(|found| found.id.as_str()).collect();
            assert_eq!(ids, [ID], "{text:?}");
        }
        Err(error) => {
            assert!(is_one_line(&error.to_string()), "{error}");
            assert!(error.is_refused(), "{text:?}: {error}");
        }
    }
}

/// The checksum of cursors: FNV-1a of 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}
