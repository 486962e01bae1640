//! `incidents watch`: prints a line or runs a program for each change.

use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use clap::Args;
use graph_incidents::runtime::files;
use graph_incidents::watch::Cursor;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use super::records::record;
use crate::connect::Connection;
use crate::exit::{self, Failure};
use crate::filters::Filters;
use crate::interrupts::interrupts;
use crate::output::{Output, safe, tell};
use crate::times;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents watch --open --at-least high
  incidents watch --cursor /var/lib/incidents/cursor --format jsonl
  incidents watch --exec ./notify --channel soc       (the rest of the line is its arguments)")]
pub(crate) struct Options {
    #[command(flatten)]
    filters: Filters,
    /// The seconds between two checks
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    every: u64,
    /// Continue from the cursor in this file, and keep it up to date
    #[arg(long, value_name = "FILE")]
    cursor: Option<PathBuf>,
    /// Stop after this number of changes
    #[arg(long, value_name = "COUNT")]
    count: Option<u64>,
    /// Run a program for each change, without a shell; it gets the change as JSON on standard input
    #[arg(long, value_name = "PROGRAM", num_args = 1.., allow_hyphen_values = true)]
    exec: Vec<String>,
}

/// Watches incidents until Ctrl-C.
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let output = output.line_by_line()?;
    let mut watcher = connection
        .client
        .watch()
        .every(Duration::from_secs(options.every));
    // A watcher has its own start: as a filter, it would apply forever.
    let mut filters = options.filters.of(connection)?;
    if let Some(time) = filters.since.take() {
        watcher = watcher.since(time);
    }
    if let Some(condition) = filters.condition() {
        watcher = watcher.filter(condition);
    }
    let saved = options.cursor.as_deref().map(load).transpose()?.flatten();
    if let Some(cursor) = saved {
        watcher = watcher.resume(cursor);
    }
    // The cursor is also stored if nothing changes, so that a restart continues from it.
    let mut keeping = tokio::time::interval(Duration::from_secs(1));
    let mut kept = Kept::new(options.cursor.as_deref());
    let mut seen = 0;
    // One listener for all: Ctrl-C while a program runs ends watching after it.
    let mut interrupted = interrupts();
    while options.count.is_none_or(|count| seen < count) {
        let change = tokio::select! {
            change = watcher.next() => change,
            _ = keeping.tick(), if options.cursor.is_some() => {
                kept.save(watcher.cursor())?;
                continue;
            }
            _ = interrupted.recv() => {
                kept.save(watcher.cursor())?;
                return Ok(ExitCode::from(exit::INTERRUPTED));
            }
        };
        let change = match change {
            Ok(change) => change,
            Err(error) if error.is_throttled() || error.is_connection() || error.is_timeout() => {
                tell::line(&format!(
                    "error: {}; still watching",
                    safe::line(&error.to_string())
                ));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if !options.filters.has_tags(&change.after) {
            continue;
        }
        let shown = json!({
            "id": change.after.id,
            "isNew": change.is_new(),
            "properties": change.properties,
            "before": change.before.as_ref().map(record).transpose()?,
            "after": record(&change.after)?,
        });
        match options.exec.is_empty() {
            true => show(&shown, &output)?,
            false => execute(&options.exec, &shown).await?,
        }
        seen += 1;
        kept.save(watcher.cursor())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(change: &Value, output: &Output) -> Result<(), Failure> {
    if !output.is_table() {
        return output.next(change, &[]);
    }
    let text = |pointer: &str| {
        change
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or("–")
            .to_owned()
    };
    let what = match change["isNew"].as_bool() {
        Some(true) => "seen for the first time".to_owned(),
        _ => {
            let names = change["properties"].as_array().into_iter().flatten();
            let names: Vec<&str> = names.filter_map(Value::as_str).collect();
            names.join(", ")
        }
    };
    let line = format!(
        "{}  {}  {}  {}: {what}",
        times::local(&text("/after/lastUpdateDateTime"))
            .unwrap_or_else(|| text("/after/lastUpdateDateTime")),
        text("/after/severity"),
        text("/after/id"),
        text("/after/displayName"),
    );
    output.print(&format!("{}\n", safe::line(&line)))
}

/// Runs the program; a failure is reported, and does not end watching.
async fn execute(command: &[String], change: &Value) -> Result<(), Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(());
    };
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Failure::usage(format!("failed to run {program}: {error}")))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read its input is not a failure.
        let _ = stdin.write_all(change.to_string().as_bytes()).await;
    }
    let status = child.wait().await?;
    if !status.success() {
        tell::line(&format!(
            "error: {program} ended with {status}; still watching"
        ));
    }
    Ok(())
}

fn load(path: &Path) -> Result<Option<Cursor>, Failure> {
    match files::read_text(path, files::LARGE) {
        Ok(text) => text.trim_end().parse().map(Some).map_err(|error| {
            Failure::usage(format!("{}: {error}", path.display()))
                .help("the file is left unchanged; pass another one to start again")
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::usage(format!(
            "failed to read {}: {error}",
            path.display()
        ))),
    }
}

/// The file of the cursor, and its last content.
struct Kept<'a> {
    path: Option<&'a Path>,
    text: String,
}

impl<'a> Kept<'a> {
    fn new(path: Option<&'a Path>) -> Self {
        let text = String::new();
        Self { path, text }
    }

    /// Writes the cursor, if it is new and has a position.
    fn save(&mut self, cursor: &Cursor) -> Result<(), Failure> {
        let Some(path) = self.path.filter(|_| cursor.boundary().is_some()) else {
            return Ok(());
        };
        let text = format!("{cursor}\n");
        if text != self.text {
            crate::mass::write_whole(path, &text)?;
            self.text = text;
        }
        Ok(())
    }
}
