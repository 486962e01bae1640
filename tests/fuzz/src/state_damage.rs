//! A damaged state file gives the same state, or an error that names the line and leaves the file unchanged.

use std::path::Path;
use std::sync::OnceLock;

use graph_incidents_simulator::Simulator;
use serde_json::json;

use crate::is_one_line;
use crate::kept::{Kept, kept, runtime};

/// The bytes of the input for one damage: two for the position, one for the kind, one for the amount.
const DAMAGE: usize = 4;

/// A state file with four writes, and its state.
struct Whole {
    file: Vec<u8>,
    state: Vec<Kept>,
}

/// Damages a state file as the input says, four bytes a damage, and opens it.
///
/// # Panics
///
/// Panics if another state is read, the error names no line, or the file changed although there was an error.
pub fn state_damage(input: &[u8]) {
    let whole = whole();
    let mut damaged = whole.file.clone();
    for damage in input.chunks_exact(DAMAGE).take(4) {
        let place = usize::from(u16::from_be_bytes([damage[0], damage[1]]));
        harm(&mut damaged, place, damage[2], damage[3]);
    }
    opens_as(whole, &damaged);
}

/// Opens a state file with a changed byte, and truncated there, at every `stride` bytes; returns the number of files.
///
/// # Panics
///
/// Panics like [`state_damage`].
#[must_use]
pub fn state_damage_everywhere(stride: usize) -> usize {
    let whole = whole();
    let places = (0..whole.file.len()).step_by(stride);
    let opened = 2 * places.len();
    for place in places {
        let mut flipped = whole.file.clone();
        flipped[place] ^= 1 << (place % 8);
        opens_as(whole, &flipped);
        opens_as(whole, &whole.file[..place]);
    }
    opened
}

fn harm(file: &mut Vec<u8>, place: usize, kind: u8, much: u8) {
    let at = place % (file.len() + 1);
    let end = (at + 1 + usize::from(much)).min(file.len());
    match kind % 5 {
        0 if at < file.len() => file[at] ^= 1 << (much % 8),
        1 => drop(file.drain(at..end.max(at))),
        2 => {
            let copy = file[at..end.max(at)].to_vec();
            file.splice(at..at, copy);
        }
        3 => file.insert(at, much),
        _ => file.truncate(at),
    }
}

fn opens_as(whole: &Whole, damaged: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder for the file");
    let path = folder.path().join("state");
    std::fs::write(&path, damaged).expect("the file is written");
    match opened(&path, |_| ()) {
        Ok(state) => assert_eq!(state, whole.state, "another state was read"),
        Err(message) => {
            assert!(message.contains("line "), "no line is named: {message}");
            assert!(is_one_line(&message), "{message}");
            let after = std::fs::read(&path).expect("the file is there");
            assert_eq!(after, damaged, "the file has changed");
        }
    }
}

/// Opens a state file, calls a function, and returns the state.
fn opened(path: &Path, act: fn(&Simulator)) -> Result<Vec<Kept>, String> {
    runtime().block_on(async {
        let started = Simulator::builder().state(path).start().await;
        let simulator = started.map_err(|error| error.to_string())?;
        act(&simulator);
        let state = kept(&simulator);
        simulator.stop().await;
        Ok(state)
    })
}

fn whole() -> &'static Whole {
    static WHOLE: OnceLock<Whole> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder for the file");
        let path = folder.path().join("state");
        let state = opened(&path, write).expect("a new file is opened");
        let again = opened(&path, |_| ()).expect("a whole file is opened");
        assert_eq!(again, state, "the reopened state differs");
        let file = std::fs::read(&path).expect("the file is there");
        Whole { file, state }
    })
}

fn write(simulator: &Simulator) {
    let incident =
        |id: &str| json!({"id": id, "createdDateTime": "2024-01-01T00:00:00Z", "status": "active"});
    assert!(simulator.insert(incident("1"), vec![json!({"id": "a1", "title": "t"})]));
    assert!(simulator.change("1", json!({"status": "resolved"})));
    assert!(simulator.insert(incident("2"), Vec::new()));
    assert!(simulator.change("1", json!({"assignedTo": "née@x.example"})));
}
