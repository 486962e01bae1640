//! The token endpoint: client credentials, device code and refresh tokens, so that a whole sign-in runs offline.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::StatusCode;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use super::{Caller, Tokens};
use crate::response::Response;
use crate::time::Ticks;

/// How long a device code may be redeemed.
const DEVICE_CODE_LIFETIME: Duration = Duration::from_secs(900);

/// Of user codes: no vowels, so that no words come about.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// An application that may sign in.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Its application roles, and the most that a person may grant it.
    pub(crate) permissions: Vec<String>,
}

/// How sign-ins go.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) applications: Vec<Application>,
    pub(crate) token_lifetime: Duration,
    /// Seconds between two questions whether a person has signed in.
    pub(crate) interval: u64,
    /// After so many questions the person has signed in; never by itself when `None`.
    pub(crate) sign_in_after_polls: Option<u32>,
}

/// Sign-ins that are under way, and refresh tokens.
pub(crate) struct Endpoint {
    settings: Settings,
    devices: Mutex<HashMap<String, Device>>,
    refresh: Mutex<HashMap<String, Caller>>,
}

struct Device {
    user_code: String,
    caller: Caller,
    offline: bool,
    expires: Instant,
    questions: u32,
    decision: Option<bool>,
}

/// An error of the protocol: name, number, status, and what it is about.
struct Failure(&'static str, u32, StatusCode, String);

impl Endpoint {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            devices: Mutex::default(),
            refresh: Mutex::default(),
        }
    }

    /// `POST /{tenant}/oauth2/v2.0/token`
    pub(crate) fn token(&self, form: &HashMap<String, String>, tokens: &Tokens) -> Response {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let granted = match field("grant_type") {
            "client_credentials" => self.client_credentials(form).map(|caller| (caller, false)),
            "urn:ietf:params:oauth:grant-type:device_code" => self.device(field("device_code")),
            "refresh_token" => self.refreshed(field("refresh_token")),
            other => Err(Failure(
                "unsupported_grant_type",
                70_003,
                StatusCode::BAD_REQUEST,
                format!("the grant type '{other}' is not supported"),
            )),
        };
        match granted {
            Ok((caller, offline)) => self.granted(caller, offline, tokens),
            Err(failure) => failure.response(),
        }
    }

    /// `POST /{tenant}/oauth2/v2.0/devicecode`
    pub(crate) fn device_code(&self, form: &HashMap<String, String>, origin: &str) -> Response {
        let application = match self.application(form) {
            Ok(application) => application,
            Err(failure) => return failure.response(),
        };
        let scope = form.get("scope").map_or("", String::as_str);
        let code = Uuid::from_u128(fastrand::u128(..)).simple().to_string();
        let user_code: String = (0..9)
            .filter_map(|_| fastrand::choice(LETTERS.iter().copied()))
            .map(char::from)
            .collect();
        let now = Instant::now();
        let mut devices = self.devices.lock();
        devices.retain(|_, device| device.expires > now);
        devices.insert(
            code.clone(),
            Device {
                user_code: user_code.clone(),
                caller: Caller {
                    application: application.id.clone(),
                    user: Some("adele.vance@contoso.example".to_owned()),
                    permissions: scopes(scope, &application.permissions),
                },
                offline: scope.split(' ').any(|scope| scope == "offline_access"),
                expires: now + DEVICE_CODE_LIFETIME,
                questions: 0,
                decision: None,
            },
        );
        Response::json(
            StatusCode::OK,
            &json!({
                "user_code": user_code,
                "device_code": code,
                "verification_uri": format!("{origin}/devicelogin"),
                "expires_in": DEVICE_CODE_LIFETIME.as_secs(),
                "interval": self.settings.interval,
                "message": format!("open {origin}/devicelogin and enter the code {user_code} to sign in"),
            }),
        )
    }

    /// What the person at the other device decided; `false` when nobody waits for that code.
    pub(crate) fn decide(&self, user_code: &str, approved: bool) -> bool {
        let mut devices = self.devices.lock();
        let device = devices
            .values_mut()
            .find(|device| device.user_code.eq_ignore_ascii_case(user_code));
        match device {
            Some(device) => {
                device.decision = Some(approved);
                true
            }
            None => false,
        }
    }

    fn application(&self, form: &HashMap<String, String>) -> Result<&Application, Failure> {
        let id = form.get("client_id").map_or("", String::as_str);
        self.settings
            .applications
            .iter()
            .find(|application| application.id == id)
            .ok_or_else(|| {
                Failure(
                    "unauthorized_client",
                    700_016,
                    StatusCode::BAD_REQUEST,
                    format!("no application with the id '{id}' is known in this tenant"),
                )
            })
    }

    fn client_credentials(&self, form: &HashMap<String, String>) -> Result<Caller, Failure> {
        let application = self.application(form)?;
        if form.get("client_secret") != Some(&application.secret) {
            return Err(Failure(
                "invalid_client",
                7_000_215,
                StatusCode::UNAUTHORIZED,
                "the client secret is missing or wrong".to_owned(),
            ));
        }
        let scope = form.get("scope").map_or("", String::as_str);
        if !scope.ends_with("/.default") {
            return Err(Failure(
                "invalid_scope",
                70_011,
                StatusCode::BAD_REQUEST,
                format!("the scope '{scope}' does not end with '/.default'"),
            ));
        }
        Ok(Caller {
            application: application.id.clone(),
            user: None,
            permissions: application.permissions.clone(),
        })
    }

    fn device(&self, code: &str) -> Result<(Caller, bool), Failure> {
        let fail = |name, number, message: &str| {
            Err(Failure(
                name,
                number,
                StatusCode::BAD_REQUEST,
                message.to_owned(),
            ))
        };
        let mut devices = self.devices.lock();
        let Some(device) = devices.get_mut(code) else {
            return fail(
                "bad_verification_code",
                70_019,
                "the device code is not known",
            );
        };
        if device.expires <= Instant::now() {
            devices.remove(code);
            return fail("expired_token", 70_020, "the device code has expired");
        }
        device.questions += 1;
        let by_itself = self
            .settings
            .sign_in_after_polls
            .is_some_and(|after| device.questions > after);
        match device.decision.or(by_itself.then_some(true)) {
            None => fail("authorization_pending", 70_016, "nobody has signed in yet"),
            Some(false) => {
                devices.remove(code);
                fail("authorization_declined", 70_018, "the person declined")
            }
            Some(true) => {
                let granted = (device.caller.clone(), device.offline);
                devices.remove(code);
                Ok(granted)
            }
        }
    }

    fn refreshed(&self, token: &str) -> Result<(Caller, bool), Failure> {
        match self.refresh.lock().remove(token) {
            Some(caller) => Ok((caller, true)),
            None => Err(Failure(
                "invalid_grant",
                70_000,
                StatusCode::BAD_REQUEST,
                "the refresh token is not known or was used before".to_owned(),
            )),
        }
    }

    fn granted(&self, caller: Caller, offline: bool, tokens: &Tokens) -> Response {
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
            self.refresh.lock().insert(refresh.clone(), caller.clone());
            body["refresh_token"] = Value::String(refresh);
        }
        body["access_token"] = Value::String(tokens.issue(None, caller, Some(lifetime)));
        Response::json(StatusCode::OK, &body)
    }
}

impl Failure {
    fn response(&self) -> Response {
        let Self(name, number, status, message) = self;
        Response::json(
            *status,
            &json!({
                "error": name,
                "error_description": format!("AADSTS{number}: {message}"),
                "error_codes": [number],
                "timestamp": Ticks::now().utc().format("%Y-%m-%d %H:%M:%SZ").to_string(),
                "trace_id": Uuid::from_u128(fastrand::u128(..)).to_string(),
                "correlation_id": Uuid::from_u128(fastrand::u128(..)).to_string(),
            }),
        )
    }
}

/// The Graph permissions among the scopes that were asked for; `.default` asks for all.
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
