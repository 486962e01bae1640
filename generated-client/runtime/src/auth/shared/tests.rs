//! What shared tokens pass on of their sources, and what is shown of any source.

use super::*;
use crate::auth::{ClientCredentials, DeviceCode, from_fn, from_fn_with};

fn credentials() -> ClientCredentials {
    ClientCredentials::new("contoso.example", "app", "a secret").unwrap()
}

fn device() -> DeviceCode {
    DeviceCode::new("contoso.example", "app", |_| {}).unwrap()
}

#[test]
fn a_shared_source_has_the_key_and_the_problems_of_its_source() {
    let tokens = SharedTokens::new();
    let shared = tokens.serve(credentials());
    assert!(shared.key().is_some());
    assert_eq!(shared.key(), credentials().key());
    assert!(shared.check().is_ok());
    let wrong = || credentials().authority("no address");
    assert!(wrong().check().is_err());
    assert!(tokens.serve(wrong()).check().is_err());
    assert!(device().authority("no address").check().is_err());
}

#[test]
fn a_person_s_token_has_a_key_once_the_person_is_named() {
    assert_eq!(device().key(), None);
    let key = device().account("ada@contoso.example").key().unwrap();
    assert_eq!(key.account.as_deref(), Some("ada@contoso.example"));
    assert_eq!(key.client_id, "app");
}

#[test]
fn a_request_has_the_given_claims() {
    let request = TokenRequest::new().with_claims("{}");
    assert_eq!(request.claims(), Some("{}"));
    assert_eq!(TokenRequest::new().claims(), None);
}

#[test]
fn sources_describe_themselves_without_secrets() {
    let tokens = SharedTokens::new();
    let shared = tokens.serve(credentials());
    let none = || async { Err::<AccessToken, _>("no") };
    for (shown, says) in [
        (format!("{tokens:?}"), "contoso.example"),
        (format!("{shared:?}"), "SharedSource"),
        (format!("{:?}", device()), "DeviceCode"),
        (format!("{:?}", from_fn(none)), "FromFn"),
        (format!("{:?}", from_fn_with(move |_| none())), "FromFnWith"),
    ] {
        assert!(shown.contains(says), "{shown}");
        assert!(!shown.contains("a secret"), "{shown}");
    }
}
