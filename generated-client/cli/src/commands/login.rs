//! `incidents login` and `logout`: a person's sign-in, stored on request.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use graph_incidents::auth::{RefreshTokens as _, TokenSource as _};

use crate::connect;
use crate::exit::Failure;
use crate::global::Global;
use crate::output::Output;
use crate::profile::Settings;
use crate::remembered::{Application, Storage, Store};
use crate::sign_in;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents login --tenant contoso.example --client-id 11111111-2222-3333-4444-555555555555
  incidents login --remember file
  incidents logout")]
pub(crate) struct Options {
    /// Where to store the sign-in [default: the keyring if this build supports it, else a file]
    #[arg(long, value_name = "PLACE", value_enum)]
    remember: Option<Remember>,
}

/// The store of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Remember {
    /// The system's keyring
    #[cfg(feature = "keyring")]
    Keyring,
    /// A file that only its owner can read
    File,
}

impl Remember {
    fn place(self) -> Storage {
        match self {
            #[cfg(feature = "keyring")]
            Self::Keyring => Storage::Keyring,
            Self::File => Storage::File,
        }
    }
}

fn usual_place() -> Storage {
    match cfg!(feature = "keyring") {
        true => Storage::Keyring,
        false => Storage::File,
    }
}

/// Signs a person in with a code on another device, and stores the sign-in.
pub(crate) async fn login(global: &Global, options: &Options) -> Result<ExitCode, Failure> {
    let application = application(global)?;
    let place = options.remember.map_or_else(usual_place, Remember::place);
    let store = || Store::new(&application, place);
    let source = sign_in::asking(&application)?.remembering(store()?);
    source.sign_in().await?;
    let kept = store()?;
    let is_kept = kept
        .load()
        .map_err(|error| Failure::other(format!("failed to remember the sign-in: {error}")))?;
    if is_kept.is_none() {
        let message = format!("the sign-in was not remembered in {}", kept.described());
        return Err(
            Failure::other(message).help("`incidents login --remember file` keeps it in a file")
        );
    }
    let who = source
        .token()
        .await
        .ok()
        .and_then(|token| token.claims()?.user);
    let who = who.map_or_else(String::new, |user| format!(" as {user}"));
    Output::say(&format!(
        "signed in{who}; remembered in {}",
        kept.described()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Removes the stored sign-in.
pub(crate) fn logout(global: &Global) -> Result<ExitCode, Failure> {
    let application = application(global)?;
    let said = match Store::find(&application)? {
        Some(store) => {
            store.forget()?;
            format!("forgotten: the sign-in in {}", store.described())
        }
        None => format!(
            "no sign-in is remembered for application {} in {}",
            application.client_id, application.tenant
        ),
    };
    Output::say(&said)?;
    Ok(ExitCode::SUCCESS)
}

fn application(global: &Global) -> Result<Application, Failure> {
    #[cfg(feature = "simulator")]
    if global.simulator {
        return Err(Failure::usage("the simulator needs no sign-in"));
    }
    let settings = Settings::load(global)?;
    Application::of(&settings, connect::cloud(&settings)?)
}
