//! Claims challenges: the claims that a token must have been issued with.

use serde_json::Value;

/// Whether the claims of a token request include all that a challenge requires; additional ones are ignored.
pub(crate) fn satisfied(sent: Option<&str>, wanted: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    match (sent.and_then(read), read(wanted)) {
        (Some(sent), Some(wanted)) => holds(&sent, &wanted),
        _ => false,
    }
}

fn holds(sent: &Value, wanted: &Value) -> bool {
    match (sent, wanted) {
        (Value::Object(sent), Value::Object(wanted)) => wanted
            .iter()
            .all(|(name, wanted)| sent.get(name).is_some_and(|sent| holds(sent, wanted))),
        (sent, wanted) => sent == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_can_include_more_than_requested_but_not_less() {
        let wanted = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
        let more = r#"{"access_token":{"xms_cc":{"values":["CP1"]},"nbf":{"value":"1","essential":true}}}"#;
        assert!(satisfied(Some(wanted), wanted));
        assert!(satisfied(Some(more), wanted));
        assert!(!satisfied(Some(wanted), more));
        assert!(!satisfied(Some("{"), wanted));
        assert!(!satisfied(None, wanted));
    }
}
