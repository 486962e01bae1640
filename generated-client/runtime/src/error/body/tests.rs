//! Error bodies in every shape that the service and intermediaries send.

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
fn an_empty_code_counts_as_absent() {
    let error = ServiceError::read(br#"{"error":{"code":"","message":"limit exceeded"}}"#);
    assert_eq!(error.code, None);
    assert_eq!(error.message, "limit exceeded");
}

#[test]
fn code_and_message_are_found_in_every_shape() {
    for body in [
        r#"{"error":{"code":"c","message":"text"}}"#,
        "\u{feff}{\"error\":{\"code\":\"c\",\"message\":\"text\"}}",
        r#"{"error":{"code":"c","message":{"lang":"en","value":"text"}}}"#,
        r#"{"odata.error":{"code":"c","message":{"lang":"en","value":"text"}}}"#,
        r#"{"Error":{"Code":"c","Message":"text"}}"#,
        r#"{"errorCode":"c","message":"text"}"#,
        r#"{"Code":"c","Message":"text"}"#,
        r#"{"error":"c","error_description":"text"}"#,
        r#"{"errors":[{"code":"c","message":"text"},{"code":"d","message":"more"}]}"#,
        r#"upstream said: {"error":{"code":"c","message":"text"}} (gateway)"#,
        r#"<html><body>{"error":{"code":"c","message":"text"}}</body></html>"#,
        r#"<?xml version="1.0"?><m:error xmlns:m="x"><m:code>c</m:code><m:message xml:lang="en">text</m:message></m:error>"#,
        r#"{"error":{"code":"c","message":"text","innerError":{"a":"#,
    ] {
        let error = ServiceError::read(body.as_bytes());
        assert_eq!(error.code.as_deref(), Some("c"), "{body}");
        assert_eq!(error.message, "text", "{body}");
    }
}

#[test]
fn a_body_that_describes_no_error_has_none() {
    for body in [
        r#"{"id":"1"}"#,
        r#"{"error":null}"#,
        r#"{"error":true}"#,
        "{}",
    ] {
        let body: Map<String, Value> = serde_json::from_str(body).unwrap();
        assert_eq!(ServiceError::find(&body), None, "{body:?}");
    }
    let said = ServiceError::read(br#"{"error":"the gateway is tired"}"#);
    assert_eq!(
        (said.code, said.message.as_str()),
        (None, "the gateway is tired")
    );
}

#[test]
fn valid_details_are_kept_and_invalid_ones_dropped() {
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
fn an_identifier_is_one_bounded_word() {
    let body = format!(
        r#"{{"error":{{"code":"a","message":"m","innerError":{{"request-id":"r\nFAKE LINE","client-request-id":"{}"}}}}}}"#,
        "x".repeat(60_000)
    );
    let error = ServiceError::read(body.as_bytes());
    assert_eq!(error.request_id.as_deref(), Some("r"));
    assert_eq!(error.client_request_id.map(|id| id.len()), Some(LONGEST_ID));
}

#[test]
fn an_unknown_body_shows_its_beginning() {
    let html = format!("<html>\n<body>{}</body>", "Bad gateway ".repeat(100));
    let message = ServiceError::read(html.as_bytes()).message;
    assert!(
        message.starts_with("not the service's error shape: <html> <body>Bad gateway"),
        "{message}"
    );
    assert!(message.ends_with('…'));
    let page = "<html><head><title>502 Bad Gateway</title></head></html>";
    let message = ServiceError::read(page.as_bytes()).message;
    assert!(message.starts_with("502 Bad Gateway: "), "{message}");
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
    let cut = ServiceError::read(br#"{"error":{"code":"TooMany"#);
    assert!(cut.message.contains("TooMany"), "{cut:?}");
}

#[test]
fn a_code_without_a_message_is_kept_and_blanks_are_no_message() {
    for body in [
        r#"{"errorCode":"Busy"}"#,
        r#"{"error":{"code":"Busy","message":{"lang":"en","value":" "}}}"#,
        r#"{"error":{"code":"Busy","message":" "}}"#,
    ] {
        let error = ServiceError::read(body.as_bytes());
        assert_eq!(error.code.as_deref(), Some("Busy"), "{body}");
        assert_eq!(error.message, "no message", "{body}");
    }
    let numbered = ServiceError::read(br#"{"error":{"code":503,"message":"m"}}"#);
    assert_eq!(numbered.code.as_deref(), Some("503"));
    for (value, code) in [("503", Some("503")), ("true", None), ("null", None)] {
        let body = format!(r#"{{"error":{value},"message":"m"}}"#);
        let error = ServiceError::read(body.as_bytes());
        assert_eq!((error.code.as_deref(), error.message.as_str()), (code, "m"));
    }
}

#[test]
fn a_text_that_only_looks_like_html_is_shown() {
    for text in ["<>", "<><>", "<", ">", "<>< ></>"] {
        let error = ServiceError::read(text.as_bytes());
        assert!(error.message.ends_with(text), "{error:?}");
    }
    let spaced = format!("first{}second", " ".repeat(3 * SHOWN));
    let message = ServiceError::read(spaced.as_bytes()).message;
    assert!(message.ends_with("first second"), "{message}");
}
