//! The token endpoint: client credentials, assertions, device codes and refresh tokens, so that a whole sign-in runs offline.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use parking_lot::{Mutex, RwLock};
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use super::assertion::Assertions;
use super::device::{Devices, Redeemed};
use super::failure::Failure;
use super::managed::{self, Host};
use super::{Caller, Grant, Tokens};
use crate::response::Response;

/// The fields of a form.
pub(crate) type Form = BTreeMap<String, String>;

/// An application that can sign in.
pub(crate) struct Application {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Its application roles, and the maximum scopes of a person, for tokens from now on.
    pub(crate) permissions: RwLock<Vec<String>>,
}

/// The settings of sign-ins.
pub(crate) struct Settings {
    pub(crate) application: Application,
    pub(crate) assertions: Assertions,
    pub(crate) token_lifetime: Duration,
    pub(crate) refresh_token_lifetime: Duration,
    pub(crate) device_code_lifetime: Duration,
    /// Seconds between two polls of a device.
    pub(crate) interval: u64,
    /// The number of polls after which the person has signed in; never automatically if `None`.
    pub(crate) sign_in_after_polls: Option<u32>,
}

/// Current sign-ins, and refresh tokens.
pub(crate) struct Endpoint {
    pub(crate) settings: Settings,
    devices: Devices,
    refresh: Mutex<HashMap<String, Refresh>>,
    /// The secret that an app on App Service sends to request a token.
    pub(crate) identity_header: String,
}

struct Refresh {
    caller: Caller,
    /// None if it is later than a clock can represent.
    expires: Option<Instant>,
}

impl Endpoint {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            devices: Devices::default(),
            refresh: Mutex::default(),
            identity_header: Uuid::from_u128(fastrand::u128(..)).simple().to_string(),
        }
    }

    /// `POST /{tenant}/oauth2/v2.0/token`
    pub(crate) fn token(&self, form: &Form, token_url: &str, tokens: &Tokens) -> Response {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let granted = claims(form).and_then(|claims| {
            let granted = match field("grant_type") {
                "client_credentials" => self.client_credentials(form, token_url),
                "urn:ietf:params:oauth:grant-type:device_code" => self
                    .devices
                    .poll(field("device_code"), self.settings.sign_in_after_polls),
                "refresh_token" => self.refreshed(field("refresh_token")),
                other => Err(Failure::new(
                    "unsupported_grant_type",
                    70_003,
                    format!("the grant type '{other}' is not supported"),
                )),
            };
            granted.map(|granted| (granted, claims))
        });
        match granted {
            Ok((granted, claims)) => self.granted(granted, claims, tokens),
            Err(failure) => failure.response(),
        }
    }

    /// `POST /{tenant}/oauth2/v2.0/devicecode`
    pub(crate) fn device_code(&self, form: &Form, origin: &str) -> Response {
        let application = match self.application(form) {
            Ok(application) => application,
            Err(failure) => return failure.response(),
        };
        let scope = form.get("scope").map_or("", String::as_str);
        let lifetime = self.settings.device_code_lifetime;
        let granted = Redeemed {
            caller: Caller {
                application: application.id.clone(),
                user: Some("adele.vance@contoso.example".to_owned()),
                permissions: scopes(scope, &application.permissions.read()),
            },
            offline: scope.split(' ').any(|scope| scope == "offline_access"),
        };
        let (device_code, user_code) = self.devices.start(granted, lifetime);
        Response::json(
            StatusCode::OK,
            &json!({
                "user_code": user_code,
                "device_code": device_code,
                "verification_uri": format!("{origin}/devicelogin"),
                "expires_in": lifetime.as_secs(),
                "interval": self.settings.interval,
                "message": format!("open {origin}/devicelogin and enter the code {user_code} to sign in"),
            }),
        )
    }

    /// `GET /metadata/identity/oauth2/token` and `GET /msi/token`
    pub(crate) fn managed_identity(
        &self,
        host: Host,
        query: &[(String, String)],
        headers: &HeaderMap,
        tokens: &Tokens,
    ) -> Response {
        let application = &self.settings.application;
        let id = application.id.as_str();
        if let Some(refused) = managed::refused(host, query, headers, &self.identity_header, id) {
            return refused;
        }
        let lifetime = self.settings.token_lifetime;
        let grant = Grant {
            caller: self.application_itself(),
            lifetime: Some(lifetime),
            claims: None,
        };
        let token = tokens.issue(None, grant);
        managed::granted(host, token, lifetime.as_secs(), query, id)
    }

    /// Records the decision of the person at the other device; `false` if no device waits with that code.
    pub(crate) fn decide(&self, user_code: &str, approved: bool) -> bool {
        self.devices.decide(user_code, approved)
    }

    /// Revokes all refresh tokens.
    pub(crate) fn revoke_refresh_tokens(&self) {
        self.refresh.lock().clear();
    }

    fn application(&self, form: &Form) -> Result<&Application, Failure> {
        let id = form.get("client_id").map_or("", String::as_str);
        let application = &self.settings.application;
        if application.id == id {
            return Ok(application);
        }
        Err(Failure::new(
            "unauthorized_client",
            700_016,
            format!("no application with the id '{id}' is known in this tenant"),
        ))
    }

    fn client_credentials(&self, form: &Form, token_url: &str) -> Result<Redeemed, Failure> {
        let application = self.application(form)?;
        if form.contains_key("client_assertion") {
            let assertions = &self.settings.assertions;
            assertions.check(form, &application.id, token_url)?;
        } else if form.get("client_secret") != Some(&application.secret) {
            return Err(Failure::new(
                "invalid_client",
                7_000_215,
                "the client secret is missing or wrong",
            ));
        }
        let scope = form.get("scope").map_or("", String::as_str);
        if !scope.ends_with("/.default") {
            return Err(Failure::new(
                "invalid_scope",
                70_011,
                format!("the scope '{scope}' does not end with '/.default'"),
            ));
        }
        Ok(Redeemed {
            caller: self.application_itself(),
            offline: false,
        })
    }

    fn application_itself(&self) -> Caller {
        let application = &self.settings.application;
        Caller {
            application: application.id.clone(),
            user: None,
            permissions: application.permissions.read().clone(),
        }
    }

    fn refreshed(&self, token: &str) -> Result<Redeemed, Failure> {
        let known = self.refresh.lock().remove(token);
        match known {
            Some(Refresh { expires, .. })
                if expires.is_some_and(|expires| expires <= Instant::now()) =>
            {
                Err(Failure::new(
                    "invalid_grant",
                    700_082,
                    "the refresh token has expired because it was not used in time",
                ))
            }
            Some(Refresh { caller, .. }) => Ok(Redeemed {
                caller,
                offline: true,
            }),
            None => Err(Failure::new(
                "invalid_grant",
                70_000,
                "the refresh token is not known or was used before",
            )),
        }
    }

    fn granted(&self, granted: Redeemed, claims: Option<String>, tokens: &Tokens) -> Response {
        let Redeemed { caller, offline } = granted;
        let lifetime = self.settings.token_lifetime;
        let mut body = json!({
            "token_type": "Bearer",
            "expires_in": lifetime.as_secs(),
            "ext_expires_in": lifetime.as_secs(),
        });
        if caller.user.is_some() {
            body["scope"] = json!(caller.permissions.join(" "));
        }
        if offline {
            let refresh = format!("refresh-{}", Uuid::from_u128(fastrand::u128(..)).simple());
            let kept = Refresh {
                caller: caller.clone(),
                expires: Instant::now().checked_add(self.settings.refresh_token_lifetime),
            };
            self.refresh.lock().insert(refresh.clone(), kept);
            body["refresh_token"] = Value::String(refresh);
        }
        let grant = Grant {
            caller,
            lifetime: Some(lifetime),
            claims,
        };
        body["access_token"] = Value::String(tokens.issue(None, grant));
        Response::json(StatusCode::OK, &body)
    }
}

/// The claims that the token must satisfy.
fn claims(form: &Form) -> Result<Option<String>, Failure> {
    match form.get("claims").filter(|claims| !claims.is_empty()) {
        Some(claims)
            if serde_json::from_str::<Value>(claims).is_ok_and(|value| value.is_object()) =>
        {
            Ok(Some(claims.clone()))
        }
        Some(_) => Err(Failure::new(
            "invalid_request",
            50_126,
            "'claims' is not a JSON object",
        )),
        None => Ok(None),
    }
}

/// The Graph permissions among the requested scopes; `.default` requests all.
fn scopes(scope: &str, granted: &[String]) -> Vec<String> {
    let asked: Vec<&str> = scope
        .split(' ')
        .map(|scope| scope.rsplit('/').next().unwrap_or(scope))
        .collect();
    granted
        .iter()
        .filter(|name| asked.contains(&name.as_str()) || asked.contains(&".default"))
        .cloned()
        .collect()
}
