//! Plans the client itself: its documentation, and the defaults of its builder.

use super::Planner;
use super::docs::Docs;

/// The type that has a method for each operation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClientItem {
    /// The default version of the API.
    pub version: ApiVersion,
    /// Clouds that do not offer the described resources, with the reason for the error message.
    pub refused: Vec<(&'static str, String)>,
    /// Its documentation.
    pub docs: Docs,
}

/// A version of Microsoft Graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ApiVersion {
    /// `beta`.
    #[default]
    Beta,
    /// `v1.0`.
    V1,
}

impl ApiVersion {
    /// Returns the runtime's name for it.
    pub(crate) fn variant(self) -> &'static str {
        match self {
            Self::Beta => "Beta",
            Self::V1 => "V1",
        }
    }
}

impl Planner<'_> {
    pub(super) fn client(&self) -> ClientItem {
        let server = self.model.servers.first();
        let is_stable = server.is_some_and(|server| server.url.ends_with("/v1.0"));
        let refused = self.model.refused_clouds.iter();
        ClientItem {
            version: if is_stable {
                ApiVersion::V1
            } else {
                ApiVersion::Beta
            },
            refused: refused
                .filter_map(|(cloud, reason)| Some((cloud_variant(cloud)?, reason.clone())))
                .collect(),
            docs: Docs::texts([
                format!(
                    "Calls the operations of {}.",
                    match self.model.title.trim().trim_end_matches('.') {
                        "" => "a description",
                        title => title,
                    }
                )
                .as_str(),
                "Each operation is a method that returns a request, which is sent when it is awaited. Cloning a client \
                 is cheap: clones share connections, token and budget.",
            ]),
        }
    }
}

/// Names of clouds, in documents and in the runtime.
const CLOUDS: [(&str, &str); 4] = [
    ("global", "Global"),
    ("usGovernmentL4", "UsGovernmentL4"),
    ("usGovernmentL5", "UsGovernmentL5"),
    ("china", "China"),
];

/// The runtime's name for a cloud.
pub(crate) fn cloud_variant(name: &str) -> Option<&'static str> {
    let known = CLOUDS.iter().find(|(known, _)| *known == name);
    known.map(|(_, variant)| *variant)
}
