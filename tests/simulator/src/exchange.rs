//! The last exchanges in full, and recordings of them for bug reports.

use std::collections::{BTreeMap, VecDeque};

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, Method};
use bytes::Bytes;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::Call;
use crate::encoding::{from_base64, to_base64};
use crate::pseudonyms::Pseudonyms;
use crate::response::Response;

/// The number of exchanges that are kept in full.
const REMEMBERED: usize = 1_000;

/// The maximum size of kept bodies in bytes: fewer large exchanges are kept. More would slow down every response, because
/// each would be written to memory that was not used for long.
pub(crate) const REMEMBERED_BYTES: usize = 4 << 20;

/// The maximum length of a shown and recorded body.
const LARGEST: usize = 1 << 20;

/// A larger body is shared with the response; a smaller one is copied, which costs less than freeing it later.
const COPIED: usize = 16 << 10;

/// The last exchanges, which are cheap to keep: the buffers of the oldest one are used again for the newest. Requests are
/// copied completely, because their parts would prevent the connection from reading the next one into the same buffer.
pub(crate) struct Exchanges {
    last: Mutex<Last>,
    /// How many bytes of bodies are remembered.
    most_bytes: usize,
}

#[derive(Default)]
struct Last {
    exchanges: VecDeque<Kept>,
    /// Of the bodies of all of them.
    bytes: usize,
}

#[derive(Default)]
struct Kept {
    sequence: u64,
    method: Method,
    target: String,
    origin: String,
    /// A line for each header: its name, a colon, its value.
    request_headers: Vec<u8>,
    request_body: Vec<u8>,
    status: u16,
    headers: Vec<u8>,
    copied_body: Vec<u8>,
    /// The body where it is larger.
    shared_body: Bytes,
}

/// A request with its response, in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) target: String,
    /// Scheme and host of the links in the response; a replay replaces them with its own.
    pub(crate) origin: String,
    pub(crate) request_headers: BTreeMap<String, String>,
    pub(crate) request_body: Body,
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Body,
    /// The whole length of the response's body, if it was too long to be recorded whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cut_from: Option<usize>,
}

/// A body: as JSON, text, or bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Body {
    Json(Value),
    Text(String),
    Base64(String),
}

/// A session for bug reports and replays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Recording {
    /// `graph-incidents-simulator 1`
    pub(crate) recording: String,
    pub(crate) exchanges: Vec<Exchange>,
}

/// The marker of a recording.
pub(crate) const RECORDING: &str = "graph-incidents-simulator 1";

impl Exchanges {
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self {
            last: Mutex::default(),
            most_bytes,
        }
    }

    /// The newest exchange is kept, however large it is.
    pub(crate) fn keep(&self, sequence: u64, call: &Call, response: &Response) {
        let size = call.body.len() + response.body.len();
        let mut kept = self.room(size).unwrap_or_default();
        kept.fill(sequence, call, response);
        self.last.lock().exchanges.push_back(kept);
    }

    /// Removes the oldest until there is room for a number of bytes, and returns one of them.
    fn room(&self, size: usize) -> Option<Kept> {
        let mut last = self.last.lock();
        last.bytes += size;
        let mut taken = None;
        while last.exchanges.len() >= REMEMBERED || last.bytes > self.most_bytes {
            let Some(oldest) = last.exchanges.pop_front() else {
                break;
            };
            last.bytes -= oldest.size();
            taken = Some(oldest);
        }
        taken
    }

    /// The exchange with a number, if it is still kept. Tokens are replaced.
    pub(crate) fn get(&self, sequence: u64) -> Option<Exchange> {
        let last = self.last.lock();
        last.exchanges
            .iter()
            .find(|kept| kept.sequence == sequence)
            .map(Kept::exchange)
    }

    /// The last exchanges, with tokens and the names of people replaced.
    pub(crate) fn recording(&self) -> Recording {
        let mut exchanges: Vec<(u64, Exchange)> = {
            let last = self.last.lock();
            let kept = last.exchanges.iter();
            kept.map(|kept| (kept.sequence, kept.exchange())).collect()
        };
        // Responses that were ready at once may stand there in another order.
        exchanges.sort_by_key(|(sequence, _)| *sequence);
        let mut exchanges: Vec<Exchange> = exchanges
            .into_iter()
            .map(|(_, exchange)| exchange)
            .collect();
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
    fn fill(&mut self, sequence: u64, call: &Call, response: &Response) {
        self.sequence = sequence;
        self.method.clone_from(&call.method);
        refill(&mut self.target, &call.path);
        if let Some(query) = &call.query {
            self.target.push('?');
            self.target.push_str(query);
        }
        refill(&mut self.origin, &call.origin);
        self.request_headers.clear();
        for (name, value) in &call.headers {
            let is_secret = name == "authorization" || name == "cookie";
            let shown = match is_secret {
                true => "…".as_bytes(),
                false => value.as_bytes(),
            };
            add_line(&mut self.request_headers, name, shown);
        }
        self.request_body.clear();
        self.request_body.extend_from_slice(&call.body);
        self.status = response.status.as_u16();
        self.headers.clear();
        let content_type = (&CONTENT_TYPE, &response.content_type);
        let others = response.headers.iter().map(|(name, value)| (name, value));
        for (name, value) in others.chain([content_type]) {
            add_line(&mut self.headers, name, value.as_bytes());
        }
        self.copied_body.clear();
        self.shared_body = Bytes::new();
        match response.body.len() <= COPIED {
            true => self.copied_body.extend_from_slice(&response.body),
            false => self.shared_body = response.body.clone(),
        }
    }

    fn size(&self) -> usize {
        self.request_body.len() + self.body().len()
    }

    fn body(&self) -> &[u8] {
        match self.shared_body.is_empty() {
            true => &self.copied_body,
            false => &self.shared_body,
        }
    }

    fn exchange(&self) -> Exchange {
        Exchange {
            method: self.method.to_string(),
            target: self.target.clone(),
            request_headers: headers_of(&self.request_headers),
            request_body: Body::of(&self.request_body),
            origin: self.origin.clone(),
            status: self.status,
            headers: headers_of(&self.headers),
            body: Body::of(self.body()),
            cut_from: Some(self.body().len()).filter(|length| *length > LARGEST),
        }
    }
}

fn refill(buffer: &mut String, text: &str) {
    buffer.clear();
    buffer.push_str(text);
}

/// A header has no line break, so that a line is one header.
fn add_line(lines: &mut Vec<u8>, name: &HeaderName, value: &[u8]) {
    for part in [name.as_str().as_bytes(), b":", value, b"\n"] {
        lines.extend_from_slice(part);
    }
}

/// The last value of a repeated header counts.
fn headers_of(lines: &[u8]) -> BTreeMap<String, String> {
    String::from_utf8_lossy(lines)
        .split('\n')
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
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
