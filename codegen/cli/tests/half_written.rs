//! A run that is refused, runs out of space or is killed leaves the old files or the new ones, and no partial file.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_graph-client");
const FRAGMENT: &str = include_str!("refresh/library.yaml");
const METADATA: &str = include_str!("refresh/library.csdl");

/// The commands that write files.
const COMMANDS: [&[&str]; 3] = [
    &["generate", "--from", "library.yaml", "--out", "generated"],
    &["client", "--from", "library.yaml", "--out", "crate"],
    &[
        "refresh",
        "--from",
        "library.yaml",
        "--metadata",
        "library.csdl",
        "--apply",
    ],
];

/// Every file of a folder by its path.
type Tree = BTreeMap<String, Vec<u8>>;

/// A folder in which each command has something to write.
struct Folder(TempDir);

impl Folder {
    /// Creates the folder with the files of an older description.
    fn new() -> Self {
        let folder = Self(TempDir::new().unwrap());
        let older = FRAGMENT.replace("        pages:", "        leaves:");
        assert_ne!(older, FRAGMENT);
        fs::write(folder.path().join("library.yaml"), older).unwrap();
        for command in &COMMANDS[..2] {
            assert!(folder.run(command));
        }
        fs::write(folder.path().join("library.yaml"), FRAGMENT).unwrap();
        let newer = METADATA.replacen(
            "<Property ",
            "<Property Name=\"added\" Type=\"Edm.String\"/><Property ",
            1,
        );
        fs::write(folder.path().join("library.csdl"), newer).unwrap();
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, command: &[&str]) -> Command {
        let mut program = Command::new(PROGRAM);
        program.args(command).current_dir(self.path());
        program.stdout(Stdio::null()).stderr(Stdio::null());
        program
    }

    fn run(&self, command: &[&str]) -> bool {
        // Work that a refresh leaves to a person is not a failure.
        let code = self.command(command).status().unwrap().code();
        matches!(code, Some(0 | 4))
    }

    /// Runs a command that can write files only up to a number of blocks, and returns whether it succeeded.
    fn run_limited(&self, command: &[&str], blocks: u32, prepare: &str) -> bool {
        let script = format!("{prepare} ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, PROGRAM]).args(command);
        shell.current_dir(self.path());
        shell.stdout(Stdio::null()).stderr(Stdio::null());
        matches!(shell.status().unwrap().code(), Some(0 | 4))
    }

    fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        let mut open = vec![self.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                    continue;
                }
                let name = path.strip_prefix(self.path()).unwrap();
                tree.insert(name.display().to_string(), fs::read(&path).unwrap());
            }
        }
        tree
    }
}

/// The folder after a command.
fn after(command: &[&str]) -> Tree {
    let folder = Folder::new();
    assert!(folder.run(command));
    folder.tree()
}

fn is_temporary(name: &str) -> bool {
    name.contains(".writing-")
}

#[test]
fn without_disk_space_every_file_is_unchanged() {
    for command in COMMANDS {
        let new = after(command);
        let old = Folder::new().tree();
        let (mut failed, mut succeeded) = (0, 0);
        for blocks in [0, 1, 4, 12, 40, 100_000] {
            let folder = Folder::new();
            // If the limit's signal is ignored, the write fails as on a full disk.
            match folder.run_limited(command, blocks, "trap '' XFSZ;") {
                true => {
                    succeeded += 1;
                    assert_eq!(folder.tree(), new, "{command:?} with {blocks} blocks");
                }
                false => {
                    failed += 1;
                    assert_eq!(folder.tree(), old, "{command:?} with {blocks} blocks");
                }
            }
        }
        assert!(
            failed > 0 && succeeded > 0,
            "{command:?}: {failed}, {succeeded}"
        );
    }
}

#[test]
fn the_next_run_completes_one_that_was_killed_while_writing() {
    for command in COMMANDS {
        let (old, new) = (Folder::new().tree(), after(command));
        for blocks in [1, 12] {
            let folder = Folder::new();
            // Here the limit kills it.
            if folder.run_limited(command, blocks, "") {
                continue;
            }
            let mut left = folder.tree();
            left.retain(|name, _| !is_temporary(name));
            assert_eq!(left, old, "{command:?} with {blocks} blocks");
            assert!(folder.run(command));
            let mut tree = folder.tree();
            if command[0] == "refresh" {
                // It knows only the files that it edits.
                tree.retain(|name, _| !is_temporary(name));
            }
            assert_eq!(tree, new, "{command:?}");
        }
    }
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_no_partial_file() {
    // The same random numbers in each run of the test.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for command in COMMANDS {
        let (old, new) = (Folder::new().tree(), after(command));
        for _ in 0..12 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let folder = Folder::new();
            let mut child = folder.command(command).spawn().unwrap();
            std::thread::sleep(Duration::from_micros(state % 150_000));
            let _ = child.kill();
            child.wait().unwrap();
            for (name, content) in folder.tree() {
                let is_whole = [&old, &new]
                    .iter()
                    .any(|tree| tree.get(&name) == Some(&content));
                assert!(is_whole || is_temporary(&name), "{command:?}: {name}");
            }
            assert!(folder.run(command));
        }
    }
}

#[test]
fn if_the_last_change_fails_the_others_are_undone() {
    let (generate, client) = (COMMANDS[0], COMMANDS[1]);
    let folder = Folder::new();
    // A folder in place of a leftover temporary file, which cannot be removed like one.
    fs::create_dir(folder.path().join("generated/.writing-folder")).unwrap();
    let before = folder.tree();
    assert!(!folder.run(generate));
    assert_eq!(folder.tree(), before);
    fs::remove_dir(folder.path().join("generated/.writing-folder")).unwrap();
    assert!(folder.run(generate));
    // A file where a folder has to be.
    let folder = Folder::new();
    fs::remove_dir_all(folder.path().join("crate")).unwrap();
    fs::create_dir(folder.path().join("crate")).unwrap();
    fs::write(folder.path().join("crate/tests"), "mine").unwrap();
    let before = folder.tree();
    assert!(!folder.run(client));
    assert_eq!(folder.tree(), before);
    let left: Vec<_> = fs::read_dir(folder.path().join("crate")).unwrap().collect();
    assert_eq!(left.len(), 1, "folders that were made are gone again");
}

#[test]
fn a_closed_output_does_not_stop_a_run_halfway() {
    for command in COMMANDS {
        let folder = Folder::new();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        folder.command(command).stdout(writer).status().unwrap();
        let tree = folder.tree();
        let is_one = tree == after(command) || tree == Folder::new().tree();
        assert!(is_one, "{command:?}");
    }
}
