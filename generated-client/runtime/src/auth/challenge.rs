//! Claims challenges: the claims that the service requires of a token, in the form for a token request.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};
use serde_json::{Map, Value, json};

/// Challenges occur with and without padding, in both alphabets.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The claims that a 401 requires, as JSON: `claims` of `WWW-Authenticate`, decoded.
pub(crate) fn claims(headers: &HeaderMap) -> Option<String> {
    let challenges = headers.get_all(WWW_AUTHENTICATE);
    challenges
        .iter()
        .filter_map(|value| parameter(&String::from_utf8_lossy(value.as_bytes()), "claims"))
        .find(|claims| !claims.is_empty())
        .map(|claims| decoded(&claims).unwrap_or(claims))
}

/// A parameter of a challenge: `name="value"`, whose value may contain commas and quotes.
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let mut rest = challenge;
    loop {
        let equals = rest.find('=')?;
        let (before, after) = rest.split_at(equals);
        let found = before
            .rsplit([' ', ',', '\t'])
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(name));
        let (value, tail) = value(after.strip_prefix('=')?);
        if found {
            return Some(value);
        }
        rest = tail;
    }
}

/// The part after an equals sign, and the rest after it.
fn value(text: &str) -> (String, &str) {
    let text = text.trim_start();
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}

fn decoded(claims: &str) -> Option<String> {
    let bytes = STANDARD
        .decode(claims)
        .or_else(|_| URL_SAFE.decode(claims))
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    serde_json::from_str::<Map<String, Value>>(&text).ok()?;
    Some(text)
}

/// The value of `claims` in a token request: the challenge, and the capability to handle challenges.
#[cfg_attr(
    not(any(test, feature = "oauth")),
    expect(dead_code, reason = "only sign-in sends it")
)]
pub(super) fn merged(challenge: Option<&str>, has_capability: bool) -> Option<String> {
    let capability = json!({"access_token": {"xms_cc": {"values": ["cp1"]}}});
    let Some(challenge) = challenge else {
        return has_capability.then(|| capability.to_string());
    };
    match (has_capability, serde_json::from_str(challenge)) {
        (true, Ok(Value::Object(challenge))) => {
            let mut merged = Value::Object(challenge);
            merge(&mut merged, capability);
            Some(merged.to_string())
        }
        // The identity provider refuses what cannot be parsed.
        _ => Some(challenge.to_owned()),
    }
}

/// Merges the second value into the first, member by member.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(from)) => {
            for value in from {
                if !into.contains(&value) {
                    into.push(value);
                }
            }
        }
        (into, from) => *into = from,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn challenge(texts: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for text in texts {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_str(text).unwrap());
        }
        claims(&headers)
    }

    #[test]
    fn claims_are_found_in_every_form_of_a_challenge() {
        let expected = Some(r#"{"access_token":{"nbf":{"essential":true}}}"#.to_owned());
        let coded = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==";
        let unpadded = coded.trim_end_matches('=');
        for text in [
            format!(r#"Bearer realm="", error="insufficient_claims", claims="{coded}""#),
            format!(r#"Bearer claims="{coded}", error="insufficient_claims""#),
            format!(r#"Bearer realm="a, claims=b \" c",CLAIMS="{unpadded}""#),
            format!("Bearer error=insufficient_claims, claims={unpadded}"),
            format!(r#"Bearer error="insufficient_claims"claims="{coded}""#),
        ] {
            assert_eq!(challenge(&[&text]), expected, "{text}");
            assert_eq!(challenge(&["Negotiate", &text]), expected, "{text}");
        }
    }

    #[test]
    fn a_challenge_without_claims_has_none_and_invalid_ones_are_kept() {
        assert_eq!(challenge(&[]), None);
        assert_eq!(challenge(&[r#"Bearer realm="claims=x""#]), None);
        assert_eq!(challenge(&[r#"Bearer claims="""#]), None);
        assert_eq!(challenge(&[r#"Bearer claims="un"#]), Some("un".to_owned()));
        assert_eq!(challenge(&[r#"Bearer claims="?!""#]), Some("?!".to_owned()));
    }

    #[test]
    fn the_capability_is_merged_with_a_challenge() {
        assert_eq!(merged(None, false), None);
        assert_eq!(
            merged(None, true).unwrap(),
            r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#
        );
        let challenge = r#"{"access_token":{"nbf":{"value":"1"},"xms_cc":{"values":["cp0"]}},"id_token":{"auth_time":null}}"#;
        let both: Value = serde_json::from_str(&merged(Some(challenge), true).unwrap()).unwrap();
        assert_eq!(
            both,
            json!({
                "access_token": {"nbf": {"value": "1"}, "xms_cc": {"values": ["cp0", "cp1"]}},
                "id_token": {"auth_time": null},
            })
        );
        assert_eq!(merged(Some(challenge), false).unwrap(), challenge);
        assert_eq!(merged(Some("no JSON"), true).unwrap(), "no JSON");
    }
}
