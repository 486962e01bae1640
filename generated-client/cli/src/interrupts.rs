//! Ctrl-C: writes in flight are completed, and their results are reported.

use std::process::ExitCode;

use tokio::sync::mpsc;

use crate::exit::{self, Failure};
use crate::output::tell;

/// The message after the first Ctrl-C during a write.
pub(crate) const FINISHING: &str =
    "interrupted: finishing the running requests; press Ctrl-C again to stop at once";

/// Every Ctrl-C from now on. There is one listener, so that none is lost meanwhile.
pub(crate) fn interrupts() -> mpsc::Receiver<()> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && sender.send(()).await.is_ok() {}
    });
    receiver
}

/// Waits for a write that must not be interrupted, and reports its result. A second Ctrl-C ends at once.
pub(crate) async fn whole<T, E: Into<Failure>>(
    write: impl Future<Output = Result<T, E>>,
    say: impl FnOnce(T) -> Result<(), Failure>,
) -> Result<ExitCode, Failure> {
    let mut interrupts = interrupts();
    let mut write = std::pin::pin!(write);
    let mut code = ExitCode::SUCCESS;
    let mut times = 0;
    let written = loop {
        tokio::select! {
            written = &mut write => break written,
            Some(()) = interrupts.recv() => {
                times += 1;
                if times > 1 {
                    return Err(Failure::new(exit::INTERRUPTED, "interrupted: whether it was carried out is not known"));
                }
                code = ExitCode::from(exit::INTERRUPTED);
                tell::line(FINISHING);
            }
        }
    };
    say(written.map_err(Into::into)?)?;
    Ok(code)
}
