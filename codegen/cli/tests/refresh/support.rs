//! A workspace in a temporary folder, its metadata, and a server with recorded responses.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use tempfile::TempDir;

/// The description of a library: books with types of chapters, moods, and lending.
pub(crate) const FRAGMENT: &str = include_str!("library.yaml");

/// The metadata of the same library.
pub(crate) const METADATA: &str = include_str!("library.csdl");

const PROVENANCE: &str = "\
# Where the facts are from.
sources:
  own:
    title: Ours
    revision: first
    date: \"2026-01\"

facts:
  - covers: [\"#/components/schemas/Book\"]
    source: own

decisions:
  - id: one-name
    covers: [\"#/components/schemas/Book\"]
    decision: As it is.
";

pub(crate) struct Library {
    folder: TempDir,
}

impl Library {
    pub(crate) fn new() -> Self {
        let library = Self {
            folder: TempDir::new().unwrap(),
        };
        fs::create_dir_all(library.path("spec")).unwrap();
        library.write("spec/incidents.yaml", FRAGMENT);
        library.write("spec/provenance.yaml", PROVENANCE);
        library.write("library.csdl", METADATA);
        library
    }

    /// Creates it with edited metadata.
    pub(crate) fn with(edits: &[(&str, &str)]) -> Self {
        let library = Self::new();
        library.edit("library.csdl", edits);
        library
    }

    pub(crate) fn path(&self, file: &str) -> std::path::PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    pub(crate) fn edit(&self, file: &str, edits: &[(&str, &str)]) {
        let mut text = self.read(file);
        for (from, to) in edits {
            assert!(text.contains(from), "{from:?} is not in {file}");
            text = text.replacen(from, to, 1);
        }
        self.write(file, &text);
    }

    /// Decides to keep differences.
    pub(crate) fn keep(&self, items: &[&str]) {
        let list: String = items
            .iter()
            .map(|item| format!("      - {item}\n"))
            .collect();
        self.edit(
            "spec/provenance.yaml",
            &[(
                "    decision: As it is.\n",
                &format!("    decision: As it is.\n    keeps:\n{list}"),
            )],
        );
    }

    /// Runs the command in the folder; returns its exit code, output and errors.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run_with::<&str>(arguments, &[])
    }

    pub(crate) fn run_with<V: AsRef<OsStr>>(
        &self,
        arguments: &[&str],
        variables: &[(&str, V)],
    ) -> (i32, String, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new(env!("CARGO_BIN_EXE_graph-client"))
            .args(["refresh", "--from", "spec/incidents.yaml"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("GITHUB_TOKEN")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    /// Runs the command with the metadata of the folder.
    pub(crate) fn refresh(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut all = vec!["--metadata", "library.csdl", "--color", "never"];
        all.extend(arguments);
        self.run(&all)
    }

    /// The findings as `kind subject: from -> to`.
    pub(crate) fn findings(&self, arguments: &[&str]) -> Vec<String> {
        let mut all = vec!["--format", "json"];
        all.extend(arguments);
        let (code, out, errors) = self.refresh(&all);
        assert!(code == 0 || code == 4, "{errors}");
        let report: serde_json::Value =
            serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{errors}"));
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(findings.is_empty(), code == 0);
        findings
            .iter()
            .map(|finding| {
                format!(
                    "{} {}: {} -> {}",
                    text(&finding["kind"]),
                    text(&finding["subject"]),
                    text(&finding["from"]),
                    text(&finding["to"])
                )
            })
            .collect()
    }
}

/// A request that a server got: its first line, its headers in lower case, its body.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) headers: String,
    pub(crate) body: String,
}

/// Sends responses one after the other, each with status line and body. Returns its address and the requests.
pub(crate) fn serve(responses: Vec<(&'static str, String)>) -> (String, Arc<Mutex<Vec<Asked>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for (status, body) in responses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let mut headers = String::new();
            loop {
                let mut header = String::new();
                reader.read_line(&mut header).unwrap();
                if header.trim().is_empty() {
                    break;
                }
                headers.push_str(&header.to_lowercase());
            }
            let length = headers
                .lines()
                .find_map(|header| header.strip_prefix("content-length:"))
                .map_or(0, |length| length.trim().parse().unwrap());
            let mut sent = vec![0; length];
            reader.read_exact(&mut sent).unwrap();
            log.lock().unwrap().push(Asked {
                line: line.trim().to_owned(),
                headers,
                body: String::from_utf8(sent).unwrap(),
            });
            write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    (address, asked)
}
