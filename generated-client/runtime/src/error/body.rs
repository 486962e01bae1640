//! The body of an error: the service's own shape, or whatever something on the way has sent instead.

use serde_json::{Map, Value};

use super::ErrorDetail;

/// How much of a body of another shape is shown, in characters.
const SHOWN: usize = 200;

/// What the body of an error says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ServiceError {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) details: Vec<ErrorDetail>,
    pub(crate) request_id: Option<String>,
    pub(crate) client_request_id: Option<String>,
}

impl ServiceError {
    /// Reads a body, whatever it is.
    pub(crate) fn read(body: &[u8]) -> Self {
        let parsed: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
        match parsed
            .as_ref()
            .and_then(|body| body.get("error"))
            .and_then(Value::as_object)
        {
            Some(error) => Self::of_object(error),
            None => Self {
                message: beginning(body),
                ..Self::default()
            },
        }
    }

    /// The object under `error`. `innerError` was spelt `innererror` once; `code` may be empty.
    pub(crate) fn of_object(error: &Map<String, Value>) -> Self {
        let inner = ["innerError", "innererror"]
            .iter()
            .find_map(|name| error.get(*name))
            .and_then(Value::as_object);
        let inner_text = |name| inner.and_then(|inner| text(inner, name));
        let code = text(error, "code");
        let message = text(error, "message");
        Self {
            message: message.unwrap_or_else(|| match &code {
                Some(_) => "no message".to_owned(),
                None => "an error without code and message".to_owned(),
            }),
            code,
            details: error
                .get("details")
                .and_then(Value::as_array)
                .map(|details| details.iter().filter_map(detail).collect())
                .unwrap_or_default(),
            request_id: inner_text("request-id"),
            client_request_id: inner_text("client-request-id"),
        }
    }
}

fn detail(value: &Value) -> Option<ErrorDetail> {
    let detail = value.as_object()?;
    Some(ErrorDetail {
        code: text(detail, "code").unwrap_or_default(),
        message: text(detail, "message").unwrap_or_default(),
        target: text(detail, "target"),
    })
}

/// A text that says something; a number counts as its digits.
fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a body of another shape begins with.
fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..SHOWN * 4).unwrap_or(body));
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.is_empty() {
        return "no body".to_owned();
    }
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("not the service's error shape: {}…", &line[..end]),
        None => format!("not the service's error shape: {line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_the_inner_error_are_read() {
        for name in ["innerError", "innererror"] {
            let body = format!(
                r#"{{"error":{{"code":"Forbidden","message":"no","{name}":{{"request-id":"r","client-request-id":"c"}}}}}}"#
            );
            let error = ServiceError::read(body.as_bytes());
            assert_eq!(error.code.as_deref(), Some("Forbidden"));
            assert_eq!(error.request_id.as_deref(), Some("r"));
            assert_eq!(error.client_request_id.as_deref(), Some("c"));
        }
    }

    #[test]
    fn an_empty_code_is_no_code() {
        let error = ServiceError::read(br#"{"error":{"code":"","message":"limit exceeded"}}"#);
        assert_eq!(error.code, None);
        assert_eq!(error.message, "limit exceeded");
    }

    #[test]
    fn details_are_kept_and_odd_ones_dropped() {
        let error = ServiceError::read(
            br#"{"error":{"code":"x","message":"m","details":[7,{"code":"a","target":"t"}]}}"#,
        );
        assert_eq!(
            error.details,
            [ErrorDetail {
                code: "a".into(),
                message: String::new(),
                target: Some("t".into())
            }]
        );
    }

    #[test]
    fn another_shape_shows_its_beginning() {
        let html = format!("<html>\n<body>{}</body>", "Bad gateway ".repeat(100));
        let message = ServiceError::read(html.as_bytes()).message;
        assert!(
            message.starts_with("not the service's error shape: <html> <body>Bad gateway"),
            "{message}"
        );
        assert!(message.ends_with('…'));
        assert_eq!(ServiceError::read(b"").message, "no body");
        assert_eq!(
            ServiceError::read(br#"{"error":{}}"#).message,
            "an error without code and message"
        );
        assert!(
            ServiceError::read(&[0xff, 0xfe, b'a'])
                .message
                .contains('a')
        );
        assert!(
            ServiceError::read(br#"{"error":{"code":"TooMany"#)
                .message
                .contains("TooMany")
        );
    }
}
