//! The sign-in of the program: only the client's chain of credentials.

use std::sync::Arc;

use graph_incidents::Cloud;
use graph_incidents::auth::{
    AccessToken, AzureCli, Chain, DeviceCode, FixedToken, SharedTokens, Variables,
};

use crate::environment::{is_set, variable};
use crate::exit::Failure;
use crate::global::Global;
use crate::output::{safe, tell};
use crate::profile::Settings;
use crate::remembered::{Application, Store};

/// The name of a token from the settings.
const TOKEN: &str = "GRAPH_TOKEN";
/// The name of a person's stored sign-in.
const REMEMBERED: &str = "remembered sign-in";

/// Credentials of an application: a person's own sign-in never comes before them.
const APPLICATION: [&str; 3] = [
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE",
];

/// The first available credential.
pub(crate) fn chain(
    global: &Global,
    settings: &Settings,
    cloud: Cloud,
) -> Result<Arc<Chain>, Failure> {
    if let Some(token) = variable(TOKEN)? {
        let source = FixedToken::new(AccessToken::new(token));
        return Ok(Arc::new(Chain::new().or(TOKEN, source)));
    }
    if global.device_code {
        let application = Application::of(settings, cloud)?;
        return Ok(Arc::new(Chain::new().or_device_code(asking(&application)?)));
    }
    let mut variables = Variables::of_process();
    for (name, setting) in [
        ("AZURE_TENANT_ID", &settings.tenant),
        ("AZURE_CLIENT_ID", &settings.client_id),
    ] {
        if let Some(setting) = setting {
            variables = variables.with(name, &setting.value);
        }
    }
    let usual = Chain::with_variables_and_cli(&variables, cloud, AzureCli::new());
    let is_application = APPLICATION.into_iter().any(is_set);
    let chain = match remembered(settings, cloud)? {
        Some(source) if !is_application => Chain::new().or(REMEMBERED, source).and(usual),
        _ => usual,
    };
    // `doctor` checks the token that the calls were sent with.
    Ok(Arc::new(chain.sharing(&SharedTokens::new())))
}

/// The stored sign-in of a person, if there is one.
fn remembered(settings: &Settings, cloud: Cloud) -> Result<Option<DeviceCode>, Failure> {
    if settings.tenant.is_none() || settings.client_id.is_none() {
        return Ok(None);
    }
    let application = Application::of(settings, cloud)?;
    let Some(store) = Store::find(&application)? else {
        return Ok(None);
    };
    let source = DeviceCode::remembered(&application.tenant, &application.client_id)?
        .cloud(cloud)
        .authority(&application.authority)
        .remembering(store);
    Ok(Some(source))
}

/// A source that asks a person, on standard error.
pub(crate) fn asking(application: &Application) -> Result<DeviceCode, Failure> {
    let source = DeviceCode::new(&application.tenant, &application.client_id, |prompt| {
        let (url, code) = (safe::line(&prompt.url), safe::line(&prompt.code));
        tell::line(&format!("To sign in, open {url} and enter the code {code}"));
    })?;
    Ok(source
        .cloud(application.cloud)
        .authority(&application.authority))
}

/// How it has signed in, or will sign in.
pub(crate) fn described(chain: &Chain, settings: &Settings) -> String {
    let value = |setting: &Option<crate::profile::Setting>| {
        setting
            .as_ref()
            .map_or("the default one", |setting| setting.value.as_str())
            .to_owned()
    };
    let application = format!(
        "as application {} in {}",
        value(&settings.client_id),
        value(&settings.tenant)
    );
    match chain.chosen() {
        Some(TOKEN) => "the token in GRAPH_TOKEN".to_owned(),
        Some("environment") => match is_set("AZURE_CLIENT_SECRET") {
            true => format!("the secret in AZURE_CLIENT_SECRET, {application}"),
            false => format!("the certificate in AZURE_CLIENT_CERTIFICATE_PATH, {application}"),
        },
        Some("workload identity") => {
            format!("the federated token in AZURE_FEDERATED_TOKEN_FILE, {application}")
        }
        Some("managed identity") => "the managed identity of this machine".to_owned(),
        Some("az") => "the account that is signed in with `az login`".to_owned(),
        Some(REMEMBERED) => {
            format!("the sign-in remembered by `incidents login`, {application}")
        }
        Some(other) => format!("a {other}, {application}"),
        None => "nothing has signed in yet".to_owned(),
    }
}
