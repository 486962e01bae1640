//! Writes to standard output; a table longer than the screen goes through the pager.

use std::env::VarError;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::tell;
use crate::exit::Failure;

/// Prints text, through `PAGER` (default: `less -FRX`) if that is allowed and the text is longer than the screen.
pub(crate) fn print(text: &str, may_page: bool) -> Result<(), Failure> {
    if may_page && is_long(text) && page(text) {
        return Ok(());
    }
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

fn is_long(text: &str) -> bool {
    let height = terminal_size::terminal_size().map(|(_, terminal_size::Height(height))| height);
    height.is_some_and(|height| text.lines().count() >= usize::from(height))
}

/// The text with colours only if they are wanted, because a pager passes them on.
fn uncoloured(text: &str) -> String {
    match anstream::AutoStream::choice(&std::io::stdout()) {
        anstream::ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

/// Whether a pager showed it. If it cannot be started or fails, the text is printed instead.
fn page(text: &str) -> bool {
    let pager = match std::env::var("PAGER") {
        Ok(pager) => pager,
        Err(VarError::NotPresent) => "less -FRX".to_owned(),
        Err(VarError::NotUnicode(_)) => {
            tell::line("PAGER is not valid Unicode: the text is printed without a pager");
            return false;
        }
    };
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else {
        return false;
    };
    let child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        return false;
    };
    // Ctrl-C is for the pager: if it ended us, the pager and the shell would both read the terminal.
    #[cfg(unix)]
    let _interrupts = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    if let Some(mut stdin) = child.stdin.take() {
        // Leaving the pager early is not an error.
        let _ = stdin.write_all(uncoloured(text).as_bytes());
    }
    match child.wait() {
        // A signal is the way to leave some pagers.
        Ok(status) if status.code().is_none_or(|code| code == 0) => true,
        Ok(status) => {
            tell::line(&format!(
                "the pager `{pager}` failed ({status}): the text is printed without it"
            ));
            false
        }
        Err(error) => {
            tell::line(&format!("the pager `{pager}` cannot be awaited: {error}"));
            false
        }
    }
}
