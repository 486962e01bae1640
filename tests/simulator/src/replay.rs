//! Replays a recording: each request gets the recorded response.

use std::io;
use std::path::Path;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use parking_lot::Mutex;

use crate::call::Call;
use crate::encoding::from_base64;
use crate::error::Refusal;
use crate::exchange::{Body, Exchange, RECORDING, Recording};
use crate::response::Response;

/// The exchanges of a recording, and those that were replayed.
pub(crate) struct Replay {
    exchanges: Mutex<Vec<(Exchange, bool)>>,
}

impl Replay {
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let named =
            |kind, problem: String| io::Error::new(kind, format!("{} {problem}", path.display()));
        let text = std::fs::read_to_string(path)
            .map_err(|error| named(error.kind(), format!("cannot be read: {error}")))?;
        let recording: Recording = serde_json::from_str(&text).map_err(|error| {
            named(
                io::ErrorKind::InvalidData,
                format!("is not a recording: {error}"),
            )
        })?;
        if recording.recording != RECORDING {
            return Err(named(
                io::ErrorKind::InvalidData,
                format!("is a recording of another kind: {}", recording.recording),
            ));
        }
        for (index, exchange) in recording.exchanges.iter().enumerate() {
            check(exchange).map_err(|problem| {
                let place = format!("is not a recording: exchange {}", index + 1);
                named(io::ErrorKind::InvalidData, format!("{place} has {problem}"))
            })?;
        }
        let exchanges = recording
            .exchanges
            .into_iter()
            .map(|exchange| (exchange, false))
            .collect();
        Ok(Self {
            exchanges: Mutex::new(exchanges),
        })
    }

    /// The next response to such a request; after the last one, the last one again.
    pub(crate) fn respond(&self, call: &Call) -> Result<Response, Refusal> {
        let mut exchanges = self.exchanges.lock();
        let target = call.target();
        let fits = |exchange: &Exchange| {
            exchange.method == call.method.as_str() && exchange.target == target
        };
        let next = exchanges
            .iter()
            .position(|(exchange, given)| !given && fits(exchange))
            .or_else(|| exchanges.iter().rposition(|(exchange, _)| fits(exchange)));
        let Some((exchange, given)) = next.and_then(|index| exchanges.get_mut(index)) else {
            return Err(Refusal::new(
                StatusCode::NOT_IMPLEMENTED,
                "NotRecorded",
                format!("the recording has no {} {target}", call.method),
            ));
        };
        *given = true;
        if let Some(length) = exchange.cut_from {
            return Err(Refusal::new(
                StatusCode::NOT_IMPLEMENTED,
                "NotRecorded",
                format!(
                    "the response to {} {target} has {length} bytes, too many to be recorded",
                    call.method
                ),
            ));
        }
        Ok(replayed(exchange, &call.origin))
    }
}

/// Refuses what could not be replayed as it was recorded.
fn check(exchange: &Exchange) -> Result<(), String> {
    let status = exchange.status;
    StatusCode::from_u16(status).map_err(|_| format!("the status {status}"))?;
    for (name, value) in &exchange.headers {
        let is_valid =
            HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok();
        if !is_valid {
            return Err(format!("the invalid header {name:?}"));
        }
    }
    match &exchange.body {
        Body::Base64(text) if from_base64(text).is_none() => {
            Err("a body that is not base64".to_owned())
        }
        _ => Ok(()),
    }
}

fn replayed(exchange: &Exchange, origin: &str) -> Response {
    let status = StatusCode::from_u16(exchange.status).unwrap_or(StatusCode::OK);
    let mut body = exchange.body.bytes();
    if !exchange.origin.is_empty()
        && let Ok(text) = std::str::from_utf8(&body)
    {
        body = text.replace(&exchange.origin, origin).into();
    }
    let mut response = Response::text(status, body);
    for (name, value) in &exchange.headers {
        let Ok(value) = HeaderValue::from_str(value) else {
            continue;
        };
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) if name == "content-type" => response.content_type = value,
            // These parts of each response are generated again.
            Ok(name) if !SET_ANEW.contains(&name.as_str()) => response = response.with(name, value),
            _ => {}
        }
    }
    response
}

const SET_ANEW: [&str; 6] = [
    "request-id",
    "client-request-id",
    "x-ms-ags-diagnostic",
    "odata-version",
    "vary",
    "www-authenticate",
];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(change: impl Fn(&mut Value)) -> Result<(), String> {
        let mut recording = json!({"recording": RECORDING, "exchanges": [{
            "method": "GET", "target": "/beta/things", "origin": "", "requestHeaders": {},
            "requestBody": {"text": ""}, "status": 200, "headers": {"content-type": "text/plain"},
            "body": {"base64": "/w=="}
        }]});
        change(&mut recording["exchanges"][0]);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), recording.to_string()).unwrap();
        let replay = Replay::read(file.path());
        replay.map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn a_recording_that_cannot_be_replayed_as_it_was_is_refused() {
        assert_eq!(read(|_| {}), Ok(()));
        for (name, value, problem) in [
            ("status", json!(20), "the status 20"),
            ("headers", json!({"a b": "c"}), "the invalid header \"a b\""),
            (
                "headers",
                json!({"etag": "a\nb"}),
                "the invalid header \"etag\"",
            ),
            ("body", json!({"base64": "?"}), "a body that is not base64"),
        ] {
            let error = read(|exchange| exchange[name] = value.clone()).unwrap_err();
            assert!(
                error.ends_with(&format!("exchange 1 has {problem}")),
                "{error}"
            );
        }
    }
}
