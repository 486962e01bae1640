//! Writes to many incidents: asked for first, counted while they run, and resumable where they end early.

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
use tokio::sync::mpsc;

use crate::exit::{self, Failure};
use crate::output::{safe, tell};

/// How many writes are on their way at a time.
const CONCURRENCY: usize = 8;

/// What every command that writes takes.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Mass {
    /// Show what would be sent and what would change, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask before more than one incident is changed
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Where to write what is left when not everything succeeds. Default: a new file in this folder
    #[arg(long, value_name = "FILE")]
    pub(crate) remaining: Option<PathBuf>,
}

/// The end of one write.
pub(crate) struct Outcome {
    pub(crate) id: String,
    /// What to say of it, or why it failed.
    pub(crate) result: Result<String, Error>,
}

/// A write on its way.
pub(crate) type Write = Pin<Box<dyn Future<Output = Outcome> + Send>>;

impl Mass {
    /// Asks a person before more than one is changed. Where nobody can be asked, `--yes` has to say so.
    pub(crate) fn confirm(&self, what: &str, of: &str, count: usize) -> Result<(), Failure> {
        if count <= 1 || self.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            return Err(Failure::usage(format!(
                "{what} of {count} {of} needs --yes; nothing was sent"
            ))
            .help("standard input is not a terminal, so nobody can be asked"));
        }
        tell::ask(&format!("{what} of {count} {of}? [y/N] "));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Failure::other("nothing was sent")),
        }
    }

    /// Carries out a write for each id. Ctrl-C finishes what is in flight; a second one ends at once.
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
                            // Writing goes on where nobody listens any more: half of it would be worse.
                            if !is_silent && let Err(failure) = progress.suspend(|| say(words)) {
                                is_silent = true;
                                if !failure.is_broken_pipe() {
                                    tell::line(&format!("error: {failure}; the writes go on"));
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
                    progress.suspend(|| tell::line("interrupted: finishing what is in flight; press Ctrl-C again to end at once"));
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

    /// Sums up, and writes down what is left.
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
        if !left.is_empty() {
            let path = self.write_remaining(ids, left, failed)?;
            tell::line(&format!(
                "help: what is left is in {0}; go on with the same command and `< {0}`",
                path.display()
            ));
        }
        Ok(match (interrupted, left.is_empty()) {
            (true, _) => ExitCode::from(exit::INTERRUPTED),
            (false, false) => ExitCode::from(exit::FAILED),
            (false, true) => ExitCode::SUCCESS,
        })
    }

    /// Writes the ids that are left, one a line, each failure with its reason above it.
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
        let path = match &self.remaining {
            Some(path) => path.clone(),
            None => free_name(),
        };
        match write_whole(&path, &text) {
            Ok(()) => Ok(path),
            Err(failure) => {
                // Nothing else knows any more what is left.
                tell::line(&format!("error: {failure}; what is left is this:\n{text}"));
                Err(failure)
            }
        }
    }
}

/// Every Ctrl-C from now on. One listener for all: none is lost while something else is being done.
pub(crate) fn interrupts() -> mpsc::Receiver<()> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && sender.send(()).await.is_ok() {}
    });
    receiver
}

/// A name that no file has yet.
fn free_name() -> PathBuf {
    let mut numbers = 1_u32..;
    let name = numbers.find_map(|number| {
        let path = PathBuf::from(match number {
            1 => "incidents-remaining.txt".to_owned(),
            number => format!("incidents-remaining-{number}.txt"),
        });
        (!path.exists()).then_some(path)
    });
    name.unwrap_or_else(|| PathBuf::from("incidents-remaining.txt"))
}

/// Writes a file as a whole or not at all.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::other(format!("failed to write {}: {error}", path.display()))
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
        .map_err(|error| failed(&error))?;
    file.write_all(text.as_bytes())
        .map_err(|error| failed(&error))?;
    file.as_file().sync_all().map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error))?;
    Ok(())
}

/// Says that something was done, on standard output.
fn say(words: &str) -> Result<(), Failure> {
    if words.is_empty() {
        return Ok(());
    }
    let mut stdout = anstream::stdout().lock();
    writeln!(stdout, "{}", safe::line(words))?;
    stdout.flush()?;
    Ok(())
}

/// A bar with rate and remaining time on standard error, where that is a terminal.
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
