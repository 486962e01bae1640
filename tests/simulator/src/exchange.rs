//! The last exchanges in full, and recordings of them that a bug report can carry.

use std::collections::{BTreeMap, VecDeque};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::Call;
use crate::encoding::{from_base64, to_base64};
use crate::pseudonyms::Pseudonyms;
use crate::response::Response;

/// How many exchanges are remembered in full.
const REMEMBERED: usize = 1_000;

/// The most that is shown, and recorded, of a body.
const LARGEST: usize = 1 << 20;

/// The last exchanges, cheap to keep: bodies are shared with what was sent.
#[derive(Default)]
pub(crate) struct Exchanges {
    last: Mutex<VecDeque<Kept>>,
}

struct Kept {
    sequence: u64,
    method: String,
    target: String,
    origin: String,
    request_headers: HeaderMap,
    request_body: Bytes,
    status: u16,
    content_type: HeaderValue,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

/// A request with its response, in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) target: String,
    /// Scheme and host of the links in the response; a replay puts its own in their place.
    pub(crate) origin: String,
    pub(crate) request_headers: BTreeMap<String, String>,
    pub(crate) request_body: Body,
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Body,
}

/// A body: as JSON where it is that, as text, or as bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Body {
    Json(Value),
    Text(String),
    Base64(String),
}

/// A session: what a bug report carries, and what a simulator replays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Recording {
    /// `graph-incidents-simulator 1`
    pub(crate) recording: String,
    pub(crate) exchanges: Vec<Exchange>,
}

/// How a recording says what it is.
pub(crate) const RECORDING: &str = "graph-incidents-simulator 1";

impl Exchanges {
    pub(crate) fn keep(&self, sequence: u64, call: &Call, response: &Response) {
        let kept = Kept {
            sequence,
            method: call.method.to_string(),
            target: call.target(),
            origin: call.origin.clone(),
            request_headers: call.headers.clone(),
            request_body: call.body.clone(),
            status: response.status.as_u16(),
            content_type: response.content_type.clone(),
            headers: response.headers.clone(),
            body: response.body.clone(),
        };
        let mut last = self.last.lock();
        if last.len() == REMEMBERED {
            last.pop_front();
        }
        last.push_back(kept);
    }

    /// The exchange of that number, where it is still remembered. Tokens are replaced.
    pub(crate) fn get(&self, sequence: u64) -> Option<Exchange> {
        let last = self.last.lock();
        last.iter()
            .find(|kept| kept.sequence == sequence)
            .map(Kept::exchange)
    }

    /// The last exchanges, with tokens and the names of people replaced.
    pub(crate) fn recording(&self) -> Recording {
        let mut exchanges: Vec<Exchange> = self.last.lock().iter().map(Kept::exchange).collect();
        let mut pseudonyms = Pseudonyms::default();
        for exchange in &exchanges {
            for body in [&exchange.request_body, &exchange.body] {
                if let Body::Json(value) = body {
                    pseudonyms.learn(value);
                }
            }
            pseudonyms.learn_text(&exchange.target);
        }
        for exchange in &mut exchanges {
            exchange.target = pseudonyms.replaced(&exchange.target);
            for body in [&mut exchange.request_body, &mut exchange.body] {
                match body {
                    Body::Json(value) => pseudonyms.replace(value),
                    Body::Text(text) => *text = pseudonyms.replaced(text),
                    Body::Base64(_) => {}
                }
            }
            for text in exchange
                .headers
                .values_mut()
                .chain(exchange.request_headers.values_mut())
            {
                *text = pseudonyms.replaced(text);
            }
        }
        Recording {
            recording: RECORDING.to_owned(),
            exchanges,
        }
    }
}

impl Kept {
    fn exchange(&self) -> Exchange {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let request_headers = self
            .request_headers
            .iter()
            .map(|(name, value)| {
                let secret = name == "authorization" || name == "cookie";
                let shown = if secret {
                    "…".to_owned()
                } else {
                    text(value)
                };
                (name.to_string(), shown)
            })
            .collect();
        let mut headers: BTreeMap<String, String> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        headers.insert("content-type".to_owned(), text(&self.content_type));
        Exchange {
            method: self.method.clone(),
            target: self.target.clone(),
            request_headers,
            request_body: Body::of(&self.request_body),
            origin: self.origin.clone(),
            status: self.status,
            headers,
            body: Body::of(&self.body),
        }
    }
}

impl Body {
    fn of(bytes: &[u8]) -> Self {
        let shown = bytes.get(..LARGEST).unwrap_or(bytes);
        match serde_json::from_slice(shown) {
            Ok(value) => Self::Json(value),
            Err(_) => match std::str::from_utf8(shown) {
                Ok(text) => Self::Text(text.to_owned()),
                Err(_) => Self::Base64(to_base64(shown)),
            },
        }
    }

    pub(crate) fn bytes(&self) -> Bytes {
        match self {
            Self::Json(value) => value.to_string().into(),
            Self::Text(text) => text.clone().into(),
            Self::Base64(text) => from_base64(text).unwrap_or_default().into(),
        }
    }
}
