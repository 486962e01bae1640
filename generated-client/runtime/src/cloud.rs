//! Microsoft's clouds and the versions of the API.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// One of Microsoft's clouds. A token of one cloud is not valid in another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The public cloud, GCC included: `graph.microsoft.com`.
    #[default]
    Global,
    /// US Government L4 (GCC High): `graph.microsoft.us`.
    UsGovernmentL4,
    /// US Government L5 (DoD): `dod-graph.microsoft.us`.
    UsGovernmentL5,
    /// China, operated by 21Vianet: `microsoftgraph.chinacloudapi.cn`.
    China,
}

impl Cloud {
    /// Returns the base URL of Microsoft Graph.
    #[must_use]
    pub const fn graph_url(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovernmentL4 => "https://graph.microsoft.us",
            Self::UsGovernmentL5 => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }

    /// Returns the URL of the identity provider.
    #[must_use]
    pub const fn token_url(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovernmentL4 | Self::UsGovernmentL5 => "https://login.microsoftonline.us",
            Self::China => "https://login.chinacloudapi.cn",
        }
    }

    /// Whether a host belongs to this cloud only.
    pub(crate) fn owns_host(self, host: &str) -> bool {
        let domain = match self {
            Self::Global => "graph.microsoft.com",
            Self::UsGovernmentL4 => "graph.microsoft.us",
            Self::UsGovernmentL5 => "dod-graph.microsoft.us",
            Self::China => "chinacloudapi.cn",
        };
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// Returns the scope of a token with all granted application permissions.
    #[must_use]
    pub fn default_scope(self) -> String {
        format!("{}/.default", self.graph_url())
    }
}

/// Parses the names in configuration files: `global`, `gcc`, `gcc-high`, `us-l4`, `dod`, `us-l5`, `china`.
impl FromStr for Cloud {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let plain: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|character| character.to_ascii_lowercase())
            .collect();
        match plain.as_str() {
            "global" | "public" | "gcc" => Ok(Self::Global),
            "gcchigh" | "usl4" | "usgovernmentl4" => Ok(Self::UsGovernmentL4),
            "dod" | "usl5" | "usgovernmentl5" => Ok(Self::UsGovernmentL5),
            "china" | "21vianet" | "chinacloud" => Ok(Self::China),
            _ => Err(Error::configuration(format!(
                "unknown cloud `{name}`: use `global`, `gcc`, `gcc-high`, `dod` or `china`"
            ))),
        }
    }
}

/// A version of Microsoft Graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiVersion {
    /// `beta`.
    #[default]
    Beta,
    /// `v1.0`.
    V1,
}

impl ApiVersion {
    /// Returns the version as in a path.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Beta => "beta",
            Self::V1 => "v1.0",
        }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Cloud;

    #[test]
    fn a_cloud_owns_the_hosts_of_its_domain() {
        assert!(Cloud::China.owns_host("microsoftgraph.chinacloudapi.cn"));
        assert!(Cloud::China.owns_host("chinacloudapi.cn"));
        assert!(!Cloud::China.owns_host("notchinacloudapi.cn"));
        assert!(!Cloud::China.owns_host("graph.microsoft.com"));
    }

    #[test]
    fn an_unknown_cloud_is_refused_with_the_known_names() {
        let error = "mars".parse::<Cloud>().unwrap_err();
        assert!(error.is_refused());
        assert!(error.to_string().contains("`gcc-high`"), "{error}");
    }

    #[test]
    fn names_of_configuration_files_are_understood() {
        assert_eq!("GCC".parse::<Cloud>().unwrap(), Cloud::Global);
        assert_eq!("gcc-high".parse::<Cloud>().unwrap(), Cloud::UsGovernmentL4);
        assert_eq!("US L5".parse::<Cloud>().unwrap(), Cloud::UsGovernmentL5);
    }
}
