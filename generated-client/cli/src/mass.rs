//! Writes to many incidents: confirmed first, counted while they run, and resumable if they end early.

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use graph_incidents::{Effect, Error};
use indicatif::{ProgressBar, ProgressStyle};
use tempfile::NamedTempFile;

use crate::exit::{self, Failure};
use crate::interrupts::{FINISHING, interrupts};
use crate::output::{safe, tell};

/// The maximum number of concurrent writes.
const CONCURRENCY: usize = 8;

/// The options of every command that writes.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Mass {
    /// Show the request and what would change, without sending it
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Change more than one incident without asking
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Where to write what is left when not everything succeeds; emptied when everything does. Default: a new file in
    /// this folder
    #[arg(long, value_name = "FILE")]
    pub(crate) remaining: Option<PathBuf>,
}

/// The result of one write.
pub(crate) struct Outcome {
    pub(crate) id: String,
    /// Its message, or the reason of its failure.
    pub(crate) result: Result<String, Error>,
}

/// The action, as part of a question and of a sentence.
pub(crate) struct Deed {
    /// `change`
    ask: &'static str,
    /// `changing`
    say: &'static str,
}

impl Deed {
    pub(crate) const CHANGE: Self = Self::named("change", "changing");
    pub(crate) const RESOLVE: Self = Self::named("resolve", "resolving");
    pub(crate) const ASSIGN: Self = Self::named("assign", "assigning");
    pub(crate) const COMMENT: Self = Self::named("comment on", "commenting on");
    pub(crate) const MERGE: Self = Self::named("merge", "merging");
    pub(crate) const MOVE: Self = Self::named("move", "moving");

    const fn named(ask: &'static str, say: &'static str) -> Self {
        Self { ask, say }
    }
}

/// A write in flight.
pub(crate) type Write = Pin<Box<dyn Future<Output = Outcome> + Send>>;

impl Mass {
    /// Asks for confirmation before more than one is changed. If nobody can be asked, `--yes` is required.
    pub(crate) fn confirm(&self, deed: Deed, of: &str, count: usize) -> Result<(), Failure> {
        if count <= 1 || self.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            return Err(Failure::usage(format!(
                "{} {count} {of} needs --yes; nothing was sent",
                deed.say
            ))
            .help("standard input is not a terminal, so the command cannot ask"));
        }
        tell::ask(&format!("{} {count} {of}? [y/N] ", deed.ask));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Failure::other("nothing was sent")),
        }
    }

    /// Runs a write for each id. Ctrl-C completes the writes in flight; a second one ends at once.
    pub(crate) async fn run(
        &self,
        ids: Vec<String>,
        mut write: impl FnMut(String) -> Write + Send,
    ) -> Result<ExitCode, Failure> {
        let is_one = ids.len() == 1;
        let mut left: BTreeSet<usize> = (0..ids.len()).collect();
        let stop = Arc::new(AtomicBool::new(false));
        let progress = progress(ids.len());
        let (mut done, mut failed) = (0_usize, Vec::new());
        let mut outcomes: BoxStream<'_, (usize, Outcome)> = {
            let stop = Arc::clone(&stop);
            let writes = ids.iter().cloned().enumerate();
            let begun = writes.take_while(move |_| !stop.load(Ordering::Relaxed));
            stream::iter(begun)
                .map(move |(index, id)| {
                    let running = write(id);
                    async move { (index, running.await) }
                })
                .buffer_unordered(CONCURRENCY)
                .boxed()
        };
        let (mut interrupted, mut is_silent) = (false, false);
        let mut interrupts = interrupts();
        loop {
            tokio::select! {
                next = outcomes.next() => {
                    let Some((index, outcome)) = next else { break };
                    progress.inc(1);
                    match &outcome.result {
                        Ok(words) => {
                            left.remove(&index);
                            done += 1;
                            // Writes continue if the output is closed, because stopping halfway would be worse.
                            if !is_silent && let Err(failure) = progress.suspend(|| say(words)) {
                                is_silent = true;
                                if !failure.is_broken_pipe() {
                                    tell::line(&format!("error: {failure}; continuing"));
                                }
                            }
                        }
                        Err(error) => {
                            let line = format!("{}: {error}", outcome.id);
                            if !is_one {
                                let line = format!("error: {}", safe::line(&line));
                                progress.suspend(|| tell::line(&line));
                            }
                            failed.push((index, outcome));
                        }
                    }
                }
                Some(()) = interrupts.recv() => {
                    if interrupted {
                        break;
                    }
                    interrupted = true;
                    stop.store(true, Ordering::Relaxed);
                    progress.suspend(|| tell::line(FINISHING));
                }
            }
        }
        drop(outcomes);
        progress.finish_and_clear();
        if is_one && !interrupted {
            return match failed.into_iter().next().map(|(_, outcome)| outcome.result) {
                Some(Err(error)) => Err(error.into()),
                _ => Ok(ExitCode::SUCCESS),
            };
        }
        self.end(&ids, &left, done, &failed, interrupted)
    }

    /// Prints a summary, and writes the file of remaining ids.
    fn end(
        &self,
        ids: &[String],
        left: &BTreeSet<usize>,
        done: usize,
        failed: &[(usize, Outcome)],
        interrupted: bool,
    ) -> Result<ExitCode, Failure> {
        let unknown = failed
            .iter()
            .filter(|(_, outcome)| matches!(&outcome.result, Err(error) if error.effect() == Effect::Unknown))
            .count();
        let not_begun = left.len() - failed.len();
        let mut summary = format!("{done} done, {} failed", failed.len());
        if unknown > 0 {
            summary.push_str(&format!(" ({unknown} of them may have been written)"));
        }
        if not_begun > 0 {
            summary.push_str(&format!(", {not_begun} not done"));
        }
        tell::line(&summary);
        if left.is_empty() {
            self.nothing_remains()?;
        } else {
            let path = self.write_remaining(ids, left, failed)?;
            tell::line(&format!(
                "help: the remaining ids are in {0}; continue with the same command and `< {0}`",
                path.display()
            ));
        }
        Ok(match (interrupted, left.is_empty()) {
            (true, _) => ExitCode::from(exit::INTERRUPTED),
            (false, false) => ExitCode::from(exit::FAILED),
            (false, true) => ExitCode::SUCCESS,
        })
    }

    /// Empties the file of remaining ids from an earlier run, because continuing with it would repeat writes.
    fn nothing_remains(&self) -> Result<(), Failure> {
        let Some(path) = &self.remaining else {
            return Ok(());
        };
        match path.try_exists() {
            Ok(true) => write_whole(path, ""),
            Ok(false) => Ok(()),
            Err(error) => Err(unwritten(path, &error)),
        }
    }

    /// Writes the remaining ids, one per line, each failure with its reason above it.
    fn write_remaining(
        &self,
        ids: &[String],
        left: &BTreeSet<usize>,
        failed: &[(usize, Outcome)],
    ) -> Result<PathBuf, Failure> {
        let mut text = String::new();
        for index in left {
            let failure = failed.iter().find(|(other, _)| other == index);
            if let Some(Err(error)) = failure.map(|(_, outcome)| &outcome.result) {
                text.push_str(&format!("# {}\n", safe::line(&error.to_string())));
            }
            text.push_str(&ids[*index]);
            text.push('\n');
        }
        let written = match &self.remaining {
            Some(path) => write_whole(path, &text).map(|()| path.clone()),
            None => write_new(&text),
        };
        match written {
            Ok(path) => Ok(path),
            Err(failure) => {
                // This is the only record of the remaining ids.
                tell::line(&format!("error: {failure}; the remaining ids are:\n{text}"));
                Err(failure)
            }
        }
    }
}

/// Creates a new file, and reports its path.
fn write_new(text: &str) -> Result<PathBuf, Failure> {
    let mut numbers = 1_u32..;
    loop {
        let path = PathBuf::from(match numbers.next() {
            None | Some(1) => "incidents-remaining.txt".to_owned(),
            Some(number) => format!("incidents-remaining-{number}.txt"),
        });
        // Another run may be about to use the same name.
        match filled(&path, text)?.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unwritten(&path, &error)),
        }
    }
}

/// Writes a file completely or not at all.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let file = filled(path, text)?;
    file.persist(path)
        .map_err(|error| unwritten(path, &error))?;
    Ok(())
}

/// A file without a name, in the same folder, with its text synced to disk.
fn filled(path: &Path, text: &str) -> Result<NamedTempFile, Failure> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
        .map_err(|error| unwritten(path, &error))?;
    file.write_all(text.as_bytes())
        .map_err(|error| unwritten(path, &error))?;
    file.as_file()
        .sync_all()
        .map_err(|error| unwritten(path, &error))?;
    Ok(file)
}

fn unwritten(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::other(format!("failed to write {}: {error}", path.display()))
}

/// Reports a result on standard output.
fn say(words: &str) -> Result<(), Failure> {
    if words.is_empty() {
        return Ok(());
    }
    let mut stdout = anstream::stdout().lock();
    writeln!(stdout, "{}", safe::paragraph(words.trim_end()))?;
    stdout.flush()?;
    Ok(())
}

/// A progress bar with rate and remaining time on standard error, if it is a terminal.
fn progress(count: usize) -> ProgressBar {
    if count <= 1 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(count as u64);
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}, {per_sec}, {eta} left");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
