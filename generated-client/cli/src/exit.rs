//! The end of the program: a sentence for people, a code for scripts.

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

use graph_incidents::Error;

use crate::output::safe;

/// Some of several failed, or another failure without its own code.
pub(crate) const FAILED: u8 = 1;
/// The arguments or the input are wrong; nothing was sent.
pub(crate) const USAGE: u8 = 2;
/// Signing in failed, or the caller lacks a permission.
pub(crate) const SIGN_IN: u8 = 3;
/// The incident or alert does not exist.
pub(crate) const NOT_FOUND: u8 = 4;
/// The service throttled the call for too long, or it timed out.
pub(crate) const THROTTLED: u8 = 5;
/// There is no connection to the service.
pub(crate) const NO_CONNECTION: u8 = 6;
/// The command was interrupted by Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;

/// Why a command ends early.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    message: String,
    help: Option<String>,
    /// The possible values of an option.
    choices: Option<(&'static str, Vec<String>)>,
}

impl Failure {
    /// The arguments are wrong: nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(USAGE, message)
    }

    /// A failure without its own code.
    pub(crate) fn other(message: impl Into<String>) -> Self {
        Self::new(FAILED, message)
    }

    /// A failure with a code.
    pub(crate) fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
            choices: None,
        }
    }

    /// Adds the possible values.
    pub(crate) fn choices(mut self, what: &'static str, names: Vec<String>) -> Self {
        self.choices = Some((what, names));
        self
    }

    /// Adds the next step.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the reader of our output is gone.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.code == 0
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::new(code_of(&error), error.to_string());
        match help_for(&error) {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::new(0, "the reader of the output is gone");
        }
        Self::other(error.to_string())
    }
}

/// The exit code of an error.
pub(crate) fn code_of(error: &Error) -> u8 {
    if error.is_refused() {
        USAGE
    } else if error.is_unauthenticated() || error.is_permission_denied() {
        SIGN_IN
    } else if error.is_not_found() {
        NOT_FOUND
    } else if error.is_throttled() || error.is_timeout() {
        THROTTLED
    } else if error.is_connection() {
        NO_CONNECTION
    } else {
        FAILED
    }
}

/// How a person can resolve an error, if that is possible.
fn help_for(error: &Error) -> Option<String> {
    if error.is_permission_denied() {
        let roles = error.missing_roles().join(" or ");
        return Some(match roles.is_empty() {
            true => "`incidents doctor` shows which permissions the token has".to_owned(),
            false => format!("grant {roles} to the application, then sign in again"),
        });
    }
    if error.is_unauthenticated() {
        return Some(
            "`incidents doctor` shows which sign-in was tried and what it said".to_owned(),
        );
    }
    if error.is_throttled() {
        return Some(match error.retry_after() {
            Some(time) => format!("try again in {} s", time.as_secs().max(1)),
            None => "try again in a minute".to_owned(),
        });
    }
    if error.is_connection() {
        return Some(
            "`incidents doctor` checks the name, the proxy and the certificate".to_owned(),
        );
    }
    None
}

/// Prints a failure and returns its code.
pub(crate) fn report(failure: &Failure) -> ExitCode {
    if failure.is_broken_pipe() {
        return ExitCode::SUCCESS;
    }
    let mut stderr = anstream::stderr().lock();
    // If standard error is closed, nobody can be told.
    let _ = writeln!(stderr, "error: {}", safe::line(&failure.message));
    if let Some(help) = &failure.help {
        let _ = writeln!(stderr, "help: {}", safe::line(help));
    }
    if let Some((what, names)) = &failure.choices {
        let _ = writeln!(stderr, "{what}:");
        for name in names {
            let _ = writeln!(stderr, "  {}", safe::line(name));
        }
    }
    ExitCode::from(failure.code)
}
