//! Profiles: tenant, cloud and defaults in one TOML file; the environment overrides the file, and flags override both.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::environment::variable;
use crate::exit::Failure;
use crate::global::Global;
use crate::profile_file::{File, Profile, named_path, path, read};

/// The default profile.
const DEFAULT: &str = "default";

/// A value, and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) value: String,
    pub(crate) origin: Origin,
}

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Flag(&'static str),
    Environment(&'static str),
    File(PathBuf, String),
    /// The default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(formatter, "flag {name}"),
            Self::Environment(name) => write!(formatter, "environment {name}"),
            Self::File(path, profile) => write!(formatter, "{} [{profile}]", path.display()),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// The settings of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) tenant: Option<Setting>,
    pub(crate) client_id: Option<Setting>,
    pub(crate) cloud: Option<Setting>,
    pub(crate) base_url: Option<Setting>,
    /// A file with additional certificate authorities to trust.
    pub(crate) ca_file: Option<Setting>,
    /// The owner for `--to me` and `--assigned-to me`.
    pub(crate) me: Option<Setting>,
}

impl Settings {
    /// Reads flags, environment and file, in that order of priority.
    pub(crate) fn load(global: &Global) -> Result<Self, Failure> {
        let path = path();
        let file = match &path {
            Some(path) => read(path)?,
            None => File::new(),
        };
        let named = named(global);
        let name = named.unwrap_or(DEFAULT);
        let profile = match file.get(name) {
            Some(profile) => profile.clone(),
            None if named.is_none() => Profile::default(),
            None => return Err(unknown(name, &file, path.as_deref())),
        };
        let find = |flag: Option<&String>,
                    flag_name: &'static str,
                    variable_name: &'static str,
                    of_file: Option<String>|
         -> Result<Option<Setting>, Failure> {
            let found = if let Some(value) = flag {
                Some((value.clone(), Origin::Flag(flag_name)))
            } else if let Some(value) = variable(variable_name)? {
                Some((value, Origin::Environment(variable_name)))
            } else {
                path.clone()
                    .zip(of_file)
                    .map(|(path, value)| (value, Origin::File(path, name.to_owned())))
            };
            Ok(found.map(|(value, origin)| Setting { value, origin }))
        };
        Ok(Self {
            tenant: find(
                global.tenant.as_ref(),
                "--tenant",
                "AZURE_TENANT_ID",
                profile.tenant,
            )?,
            client_id: find(
                global.client_id.as_ref(),
                "--client-id",
                "AZURE_CLIENT_ID",
                profile.client_id,
            )?,
            cloud: find(
                global.cloud.as_ref(),
                "--cloud",
                "INCIDENTS_CLOUD",
                profile.cloud,
            )?,
            base_url: find(
                global.base_url.as_ref(),
                "--base-url",
                "INCIDENTS_BASE_URL",
                profile.base_url,
            )?,
            ca_file: find(
                global.ca_file.as_ref(),
                "--ca-file",
                "INCIDENTS_CA_FILE",
                profile.ca_file,
            )?,
            me: find(None, "", "INCIDENTS_ME", profile.me)?,
        })
    }

    /// Every setting with its name, for `--config`.
    pub(crate) fn list(&self) -> [(&'static str, Option<&Setting>); 6] {
        [
            ("tenant", self.tenant.as_ref()),
            ("client-id", self.client_id.as_ref()),
            ("cloud", self.cloud.as_ref()),
            ("base-url", self.base_url.as_ref()),
            ("ca-file", self.ca_file.as_ref()),
            ("me", self.me.as_ref()),
        ]
    }
}

/// The current profile, and its source.
pub(crate) fn chosen(global: &Global) -> Setting {
    let of_environment = std::env::var("INCIDENTS_PROFILE").ok();
    let origin = match named(global) {
        None => Origin::Default,
        Some(name) if of_environment.as_deref() == Some(name) => {
            Origin::Environment("INCIDENTS_PROFILE")
        }
        Some(_) => Origin::Flag("--profile"),
    };
    let value = named(global).unwrap_or(DEFAULT).to_owned();
    Setting { value, origin }
}

/// The named profile; an empty variable names none, as with the other variables.
fn named(global: &Global) -> Option<&str> {
    global.profile.as_deref().filter(|name| !name.is_empty())
}

/// Why the file has this path, and whether it exists.
pub(crate) fn path_origin() -> String {
    let origin = match named_path() {
        Some(_) => Origin::Environment("INCIDENTS_CONFIG"),
        None => Origin::Default,
    };
    match path().is_some_and(|path| path.exists()) {
        true => origin.to_string(),
        false => format!("{origin} (there is no such file)"),
    }
}

fn unknown(name: &str, file: &File, path: Option<&Path>) -> Failure {
    let known: Vec<&str> = file.keys().map(String::as_str).collect();
    let place = path.map_or_else(String::new, |path| format!(" in {}", path.display()));
    Failure::usage(format!("there is no profile `{name}`{place}")).help(match known.is_empty() {
        true => "the file has no profile yet".to_owned(),
        false => format!("the profiles are {}", known.join(", ")),
    })
}
