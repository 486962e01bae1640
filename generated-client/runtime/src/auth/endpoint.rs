//! One exchange with a token endpoint: limited in time and size, without redirects.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value};

use crate::error::{Error, Kind, ServiceError};
use crate::retry;

/// The maximum duration of an exchange.
pub(super) const TIME: Duration = Duration::from_secs(30);
/// The maximum size of a response.
const RESPONSE_BYTES: usize = 1 << 20;

/// The response of an endpoint.
pub(super) struct Reply {
    pub(super) status: u16,
    headers: HeaderMap,
    body: Zeroizing<Vec<u8>>,
}

/// Builds the request of a form. Its content is wiped from memory after it was sent.
pub(super) fn form(
    http: &reqwest::Client,
    url: &str,
    fields: &[(&str, &str)],
) -> Result<reqwest::Request, Error> {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(fields);
    let body = Zeroizing::new(text.finish().into_bytes());
    http.post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .body(Bytes::from_owner(body))
        .build()
        .map_err(|error| Error::configuration("invalid URL of a token endpoint").with_source(error))
}

/// Sends a request and reads the whole response. `what` names the endpoint in errors.
pub(super) async fn exchange(
    http: &reqwest::Client,
    request: reqwest::Request,
    what: &str,
    time: Duration,
) -> Result<Reply, Error> {
    let origin = request.url().origin();
    let lost = |error: reqwest::Error| {
        Error::new(Kind::Token, format!("no response from the {what}"))
            .with_source(error.without_url())
            .transient()
    };
    let work = async {
        let mut response = http.execute(request).await.map_err(lost)?;
        if response.url().origin() != origin || response.status().is_redirection() {
            return Err(Error::new(
                Kind::Token,
                format!("the {what} redirects; redirects are not followed"),
            ));
        }
        let mut reply = Reply {
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body: Zeroizing::default(),
        };
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if reply.body.len() + chunk.len() > RESPONSE_BYTES {
                return Err(Error::new(
                    Kind::Token,
                    format!("the response of the {what} is larger than 1 MiB"),
                ));
            }
            reply.body.extend_from_slice(&chunk);
        }
        Ok(reply)
    };
    tokio::time::timeout(time, work).await.unwrap_or_else(|_| {
        let message = format!(
            "no response from the {what} within {} s",
            time.as_secs_f64()
        );
        Err(Error::new(Kind::Token, message).transient())
    })
}

impl Reply {
    /// The members of a successful response; an error says why it is not successful.
    pub(super) fn members(&self, what: &str) -> Result<Map<String, Value>, Error> {
        let is_success = (200..300).contains(&self.status);
        let text = self.body.strip_prefix("\u{feff}".as_bytes());
        let text = text.unwrap_or(&self.body).trim_ascii();
        let parsed = serde_json::from_slice::<Map<String, Value>>(text);
        match parsed {
            Ok(members) if is_success && !members.contains_key("error") => Ok(members),
            Ok(members) => Err(self.refusal(&members, what)),
            Err(_) if !is_success => {
                let message = ServiceError::read(text).message;
                Err(self.failure(what, &message, self.is_passing_status()))
            }
            Err(_) if text.is_empty() => Err(self.failure(what, "the response is empty", true)),
            // Its content may be a secret: it is not shown.
            Err(error) if error.is_eof() => {
                Err(self.failure(what, "the response ended early", true))
            }
            Err(_) => Err(self.failure(what, "the response is not a JSON object", false)),
        }
    }

    /// The message in an error's members: `error` and `error_description`, or an object in Microsoft Graph's format.
    fn refusal(&self, members: &Map<String, Value>, what: &str) -> Error {
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let (code, message) = match members.get("error") {
            Some(Value::Object(error)) => {
                let error = ServiceError::of_object(error);
                (error.code, error.message)
            }
            Some(Value::String(code)) => (
                Some(code.clone()),
                text("error_description").unwrap_or_default().to_owned(),
            ),
            _ => {
                let message = ["error_description", "message", "Message"];
                let message = message.iter().find_map(|name| text(name));
                (
                    None,
                    message.unwrap_or("the response has no reason").to_owned(),
                )
            }
        };
        let message = match &code {
            Some(code) if message.is_empty() => code.clone(),
            Some(code) => format!("{code}: {message}"),
            None => message,
        };
        let is_passing = self.is_passing_status()
            || matches!(
                code.as_deref(),
                Some("temporarily_unavailable" | "server_error")
            );
        self.failure(what, &message, is_passing)
            .with_code(code)
            .with_claims(text("claims").map(str::to_owned))
    }

    fn failure(&self, what: &str, message: &str, is_passing: bool) -> Error {
        let error = Error::new(Kind::Token, format!("{what}: {} {message}", self.status))
            .with_retry_after(retry::retry_after(&self.headers));
        match is_passing {
            true => error.transient(),
            false => error,
        }
    }

    fn is_passing_status(&self) -> bool {
        matches!(self.status, 408 | 425 | 429 | 500..)
    }
}

#[cfg(test)]
mod tests;
