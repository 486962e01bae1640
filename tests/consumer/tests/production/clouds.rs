//! Clouds and versions.

use graph_incidents::{ApiVersion, Client, Cloud};

#[test]
fn each_cloud_has_its_host_and_china_is_refused_with_the_reason() {
    for (name, url) in [
        ("global", "https://graph.microsoft.com/beta"),
        ("gcc-high", "https://graph.microsoft.us/beta"),
        ("dod", "https://dod-graph.microsoft.us/beta"),
    ] {
        let client = Client::builder()
            .token("t")
            .cloud(name.parse().unwrap())
            .build()
            .unwrap();
        assert_eq!(client.base_url(), url);
    }
    let by_name = Client::builder()
        .token("t")
        .cloud("china".parse::<Cloud>().unwrap())
        .build()
        .unwrap_err();
    let by_url = Client::builder()
        .token("t")
        .base_url("https://microsoftgraph.chinacloudapi.cn/beta")
        .build()
        .unwrap_err();
    for error in [by_name, by_url] {
        assert!(error.is_refused());
        assert!(
            error
                .to_string()
                .contains("does not offer security incidents"),
            "{error}"
        );
    }
}

#[test]
fn the_version_is_beta_by_default() {
    let v1 = Client::builder()
        .token("t")
        .api_version(ApiVersion::V1)
        .build()
        .unwrap();
    assert_eq!(v1.base_url(), "https://graph.microsoft.com/v1.0");
    assert_eq!(
        Client::new("t").unwrap().base_url(),
        "https://graph.microsoft.com/beta"
    );
}

#[test]
fn a_client_without_a_token_or_with_an_invalid_url_is_not_built() {
    assert!(Client::builder().build().unwrap_err().is_refused());
    for url in [
        "graph.microsoft.com",
        "http://graph.microsoft.com/beta",
        "https://u:p@graph.microsoft.com",
    ] {
        assert!(
            Client::builder()
                .token("t")
                .base_url(url)
                .build()
                .unwrap_err()
                .is_refused(),
            "{url}"
        );
    }
}

#[test]
fn a_base_url_must_have_the_configured_version() {
    let build = |url: &str, version: Option<ApiVersion>| {
        let builder = Client::builder().token("t").base_url(url);
        match version {
            Some(version) => builder.api_version(version),
            None => builder,
        }
        .build()
    };
    let error = build("https://gateway.example/beta", Some(ApiVersion::V1)).unwrap_err();
    assert!(error.is_refused());
    assert!(
        error.message().contains("`https://gateway.example/v1.0`"),
        "{error}"
    );
    let error = build("https://gateway.example", None).unwrap_err();
    for spelling in [
        "https://gateway.example/beta",
        "https://gateway.example/v1.0",
    ] {
        assert!(error.message().contains(spelling), "{error}");
    }
    assert!(build("https://gateway.example/beta", Some(ApiVersion::Beta)).is_ok());
    assert!(build("https://gateway.example/v1.0/", None).is_ok());
}
