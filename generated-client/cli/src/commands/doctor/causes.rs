//! The causes of problems, each in one sentence with its remedy.

use chrono::TimeDelta;
use graph_incidents::auth::TokenClaims;
use graph_incidents::{Cloud, Error};

use crate::connect::Connection;
use crate::environment::is_set;

/// The identity provider's codes, and the meaning of each for the user.
enum Code {
    Secret,
    Expired,
    Application,
    Tenant,
    Clock,
    Consent,
}

const CODES: [(&str, Code); 9] = [
    ("AADSTS7000215", Code::Secret),
    ("AADSTS7000222", Code::Expired),
    ("AADSTS700016", Code::Application),
    ("AADSTS90002", Code::Tenant),
    ("AADSTS900023", Code::Tenant),
    ("AADSTS900382", Code::Tenant),
    ("AADSTS700024", Code::Clock),
    ("AADSTS65001", Code::Consent),
    ("AADSTS500011", Code::Tenant),
];

/// Why the sign-in failed, or the service refused the token.
pub(super) fn of_sign_in(
    error: &Error,
    connection: &Connection,
    claims: Option<&TokenClaims>,
) -> String {
    let settings = &connection.settings;
    let value = |setting: &Option<crate::profile::Setting>| {
        setting
            .as_ref()
            .map_or("(none)", |setting| setting.value.as_str())
            .to_owned()
    };
    let (tenant, id) = (value(&settings.tenant), value(&settings.client_id));
    let text = error.to_string();
    let code = CODES.iter().find(|(code, _)| text.contains(code));
    let is_invalid_client = error.code() == Some("invalid_client");
    match code.map(|(_, code)| code) {
        Some(Code::Secret) => return wrong_secret(&id, &tenant),
        Some(Code::Expired) => {
            return format!(
                "the secret of application {id} has expired: create a new one, and set AZURE_CLIENT_SECRET to its value"
            );
        }
        Some(Code::Application) => {
            return format!(
                "application {id} is not in tenant {tenant}: name another one with --client-id or --tenant"
            );
        }
        Some(Code::Tenant) => return wrong_cloud(&tenant, connection.cloud),
        Some(Code::Clock) => {
            return "the clock of this machine is wrong: the identity provider refuses the time of the signed assertion".to_owned();
        }
        Some(Code::Consent) => {
            return format!(
                "nobody has consented to application {id} in tenant {tenant}: an administrator has to grant it"
            );
        }
        None if is_invalid_client => return wrong_secret(&id, &tenant),
        None => {}
    }
    if let Some(audience) = claims.and_then(|claims| claims.audience.as_deref())
        && let Some(other) = other_cloud(audience, connection.cloud)
    {
        return other;
    }
    text
}

fn wrong_secret(id: &str, tenant: &str) -> String {
    format!(
        "AZURE_CLIENT_SECRET is not a secret of application {id} in tenant {tenant}: set it to the value of the secret, not to its id"
    )
}

fn wrong_cloud(tenant: &str, cloud: Cloud) -> String {
    format!(
        "tenant {tenant} is not in the cloud {}: name the cloud of the tenant with --cloud, or another tenant",
        name(cloud)
    )
}

/// The sentence about a token for another cloud or service.
fn other_cloud(audience: &str, cloud: Cloud) -> Option<String> {
    // Tokens name Microsoft Graph by its URL or by its id, which is the same in every cloud.
    const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
    let audience = audience.trim_end_matches('/');
    if audience == cloud.graph_url() || audience == GRAPH {
        return None;
    }
    let clouds = [
        Cloud::Global,
        Cloud::UsGovernmentL4,
        Cloud::UsGovernmentL5,
        Cloud::China,
    ];
    let other = clouds
        .into_iter()
        .find(|other| other.graph_url() == audience);
    Some(match other {
        Some(other) => format!(
            "the token is for the cloud {}, but requests go to the cloud {}: use --cloud {}",
            name(other),
            name(cloud),
            name(other)
        ),
        None => format!(
            "the token is for {audience}, not for {}: get one for Microsoft Graph",
            cloud.graph_url()
        ),
    })
}

/// A cloud in the form of `--cloud`.
fn name(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::UsGovernmentL4 => "gcc-high",
        Cloud::UsGovernmentL5 => "dod",
        Cloud::China => "china",
        _ => "global",
    }
}

/// Why the service could not be reached.
pub(super) fn of_connection(error: &Error) -> String {
    let text = error.to_string();
    let proxy = proxy();
    if text.contains("UnknownIssuer")
        || text.contains("self-signed")
        || text.contains("CaUsedAsEndEntity")
    {
        return match proxy {
            Some(name) => format!(
                "the proxy in {name} uses a certificate authority that this machine does not trust: pass its certificate with --ca-file"
            ),
            None => "the service's certificate comes from an authority that this machine does not trust, probably a proxy: pass the proxy's certificate with --ca-file".to_owned(),
        };
    }
    if text.contains("Expired") || text.contains("NotValidYet") {
        return "the service's certificate is not valid at this machine's time: check its clock"
            .to_owned();
    }
    match proxy {
        Some(name) => format!("{text} (through the proxy in {name})"),
        None => text,
    }
}

/// Why a call failed.
pub(super) fn of_call(error: &Error) -> String {
    if error.is_permission_denied() && !error.missing_roles().is_empty() {
        return format!("the token lacks {}", error.missing_roles().join(" or "));
    }
    error.to_string()
}

/// The error of this machine's clock.
pub(super) fn clock_is_off(off: TimeDelta) -> String {
    let minutes = off.num_minutes().abs();
    let direction = match off > TimeDelta::zero() {
        true => "ahead of",
        false => "behind",
    };
    format!(
        "the clock of this machine is {minutes} minutes {direction} the service's: set it, because sign-in and certificates depend on it"
    )
}

/// The proxy of the requests, as text.
pub(super) fn proxy_in_words() -> String {
    match proxy() {
        // Its URL can contain a password.
        Some(name) => format!("requests go through the one in {name}"),
        None => "none is set".to_owned(),
    }
}

/// The variable that names the proxy.
fn proxy() -> Option<&'static str> {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .find(|name| is_set(name))
}
