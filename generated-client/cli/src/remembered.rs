//! Sign-ins that are stored on request: in the system's keyring, or in a file of the owner's.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use graph_incidents::Cloud;
use graph_incidents::auth::{BoxError, RefreshTokens};
use graph_incidents::runtime::files;
use serde::{Deserialize, Serialize};

use crate::environment::variable;
use crate::exit::Failure;
use crate::profile::{Setting, Settings};

/// The application of a sign-in, and its identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Application {
    pub(crate) authority: String,
    pub(crate) tenant: String,
    pub(crate) client_id: String,
    pub(crate) cloud: Cloud,
}

impl Application {
    /// The application of the settings.
    pub(crate) fn of(settings: &Settings, cloud: Cloud) -> Result<Self, Failure> {
        let needed = |setting: &Option<Setting>, name: &str| {
            let value = setting.as_ref().map(|setting| setting.value.clone());
            value.ok_or_else(|| {
                Failure::usage(format!(
                    "a person signs in to an application: no {name} is set"
                ))
                .help("set `tenant` and `client-id` in the profile, or --tenant and --client-id")
            })
        };
        Ok(Self {
            authority: variable("AZURE_AUTHORITY_HOST")?
                .unwrap_or_else(|| cloud.token_url().to_owned()),
            tenant: needed(&settings.tenant, "tenant")?,
            client_id: needed(&settings.client_id, "client id")?,
            cloud,
        })
    }

    #[cfg(feature = "keyring")]
    fn name(&self) -> String {
        format!("{} {} {}", self.authority, self.tenant, self.client_id)
    }
}

/// The store of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Storage {
    /// The system's keyring; the file only records that it is there.
    Keyring,
    /// In the file.
    File,
}

/// The file's entry for a sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Entry {
    authority: String,
    tenant: String,
    client_id: String,
    place: Storage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl Entry {
    fn is_of(&self, application: &Application) -> bool {
        self.authority == application.authority
            && self.tenant == application.tenant
            && self.client_id == application.client_id
    }
}

/// The stored sign-in of one application.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    application: Application,
    pub(crate) place: Storage,
}

impl Store {
    /// The existing one.
    pub(crate) fn find(application: &Application) -> Result<Option<Self>, Failure> {
        let Some(path) = path() else { return Ok(None) };
        let entries = read(&path).map_err(|error| unreadable(&path, &*error))?;
        let entry = entries.iter().find(|entry| entry.is_of(application));
        Ok(entry.map(|entry| Self {
            path,
            application: application.clone(),
            place: entry.place,
        }))
    }

    /// A new one.
    pub(crate) fn new(application: &Application, place: Storage) -> Result<Self, Failure> {
        let path = path().ok_or_else(|| {
            Failure::usage("this system has no folder for application data").help("set HOME")
        })?;
        read(&path).map_err(|error| unreadable(&path, &*error))?;
        if place == Storage::Keyring {
            // Checked before a person signs in for nothing.
            keyring::load(application).map_err(|error| {
                Failure::other(format!("failed to open the keyring of the system: {error}"))
                    .help("`incidents login --remember file` keeps the sign-in in a file")
            })?;
        }
        Ok(Self {
            path,
            application: application.clone(),
            place,
        })
    }

    /// Its store, as text.
    pub(crate) fn described(&self) -> String {
        match self.place {
            Storage::Keyring => "the keyring of the system".to_owned(),
            Storage::File => self.path.display().to_string(),
        }
    }

    /// Removes it.
    pub(crate) fn forget(&self) -> Result<(), Failure> {
        let failed = |error: BoxError| {
            Failure::other(format!(
                "failed to forget the sign-in in {}: {error}",
                self.described()
            ))
        };
        if self.place == Storage::Keyring {
            keyring::forget(&self.application).map_err(failed)?;
        }
        let mut entries = read(&self.path).map_err(failed)?;
        entries.retain(|entry| !entry.is_of(&self.application));
        write(&self.path, &entries).map_err(failed)
    }
}

impl RefreshTokens for Store {
    fn load(&self) -> Result<Option<String>, BoxError> {
        match self.place {
            Storage::Keyring => keyring::load(&self.application),
            Storage::File => {
                let entries = read(&self.path)?;
                let entry = entries
                    .into_iter()
                    .find(|entry| entry.is_of(&self.application));
                Ok(entry.and_then(|entry| entry.refresh_token))
            }
        }
    }

    fn save(&self, refresh_token: &str) -> Result<(), BoxError> {
        if self.place == Storage::Keyring {
            keyring::save(&self.application, refresh_token)?;
        }
        let mut entries = read(&self.path)?;
        entries.retain(|entry| !entry.is_of(&self.application));
        entries.push(Entry {
            authority: self.application.authority.clone(),
            tenant: self.application.tenant.clone(),
            client_id: self.application.client_id.clone(),
            place: self.place,
            refresh_token: (self.place == Storage::File).then(|| refresh_token.to_owned()),
        });
        write(&self.path, &entries)
    }
}

/// The path of the file.
fn path() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "incidents")?;
    let folder = folders.state_dir().unwrap_or(folders.data_local_dir());
    Some(folder.join("sign-ins.json"))
}

fn unreadable(path: &Path, error: &(dyn std::error::Error + Send + Sync)) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
        .help("repair or remove the file, then sign in again with `incidents login`")
}

/// The sign-ins of the file. A file that others can read is refused, because its content is as powerful as a password.
fn read(path: &Path) -> Result<Vec<Entry>, BoxError> {
    let text = match files::read_text(path, files::SMALL) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(format!(
                "it can be read by others than its owner (mode {:03o})",
                mode & 0o777
            )
            .into());
        }
    }
    Ok(serde_json::from_str(&text)?)
}

/// Writes the whole file, readable for its owner only.
fn write(path: &Path, entries: &[Entry]) -> Result<(), BoxError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // A temporary file is private from its first byte.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(serde_json::to_string_pretty(entries)?.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The keyring of the system.
#[cfg(feature = "keyring")]
mod keyring {
    use graph_incidents::auth::BoxError;
    use keyring::{Entry, Error};

    use super::Application;

    fn entry(application: &Application) -> Result<Entry, BoxError> {
        // An entry alone only reports that there is no store, and not why.
        if let Err(error) = Entry::store_status() {
            return Err(error.to_string().into());
        }
        Ok(Entry::new("incidents", &application.name())?)
    }

    pub(super) fn load(application: &Application) -> Result<Option<String>, BoxError> {
        match entry(application)?.get_password() {
            Ok(text) => Ok(Some(text)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn save(application: &Application, text: &str) -> Result<(), BoxError> {
        Ok(entry(application)?.set_password(text)?)
    }

    pub(super) fn forget(application: &Application) -> Result<(), BoxError> {
        match entry(application)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Does nothing: this build has no keyring.
#[cfg(not(feature = "keyring"))]
mod keyring {
    use graph_incidents::auth::BoxError;

    use super::Application;

    const ABSENT: &str = "this build has no keyring support: build it with the feature `keyring`";

    pub(super) fn load(_: &Application) -> Result<Option<String>, BoxError> {
        Err(ABSENT.into())
    }

    pub(super) fn save(_: &Application, _: &str) -> Result<(), BoxError> {
        Err(ABSENT.into())
    }

    pub(super) fn forget(_: &Application) -> Result<(), BoxError> {
        Err(ABSENT.into())
    }
}
