//! The base URL of the service: its valid forms, and the links that lead to it.

use url::Url;

use crate::cloud::ApiVersion;
use crate::error::{Error, Kind};

/// A valid base URL.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// Without a trailing slash.
    text: String,
    url: Url,
}

impl Address {
    /// Parses a base URL, with or without a trailing slash.
    pub(crate) fn parse(text: &str, allow_plain_http: bool) -> Result<Self, Error> {
        let url: Url = text.parse().map_err(|error| {
            // A password may precede an `@`.
            let shown = text.rsplit('@').next().unwrap_or(text);
            Error::configuration(format!("invalid URL `{shown}`: {error}")).with_source(error)
        })?;
        if url.host_str().is_none() {
            return Err(Error::configuration(format!("`{text}` has no host")));
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(Error::configuration(
                "a base URL must not have a user, password, query or fragment",
            ));
        }
        match url.scheme() {
            "https" => {}
            "http" if allow_plain_http || is_loopback(&url) => {}
            "http" => {
                return Err(Error::configuration(format!(
                    "`{text}` would send the token unencrypted: use https, or allow plain HTTP"
                )));
            }
            other => {
                return Err(Error::configuration(format!(
                    "`{other}` is neither https nor http"
                )));
            }
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { text, url })
    }

    /// Refuses a base URL without a version of the API, or with another version than the caller requests.
    pub(crate) fn check_version(&self, asked: Option<ApiVersion>) -> Result<(), Error> {
        let versions = [ApiVersion::Beta.as_str(), ApiVersion::V1.as_str()];
        let segments = self.url.path_segments().into_iter().flatten();
        let named = segments.rev().find(|segment| versions.contains(segment));
        match (named, asked.map(ApiVersion::as_str)) {
            (None, _) => Err(Error::configuration(format!(
                "`{base}` has no API version: write `{base}/{}` or `{base}/{}`",
                versions[0],
                versions[1],
                base = self.text
            ))),
            (Some(named), Some(asked)) if named != asked => {
                let other = self
                    .text
                    .replace(&format!("/{named}"), &format!("/{asked}"));
                Err(Error::configuration(format!(
                    "`{}` has version {named}, but `api_version` is {asked}: write `{other}`, or leave `api_version` out",
                    self.text
                )))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL of a request. Parsing a whole URL costs more than everything else before a request is sent, mostly for
    /// the host, which is known here.
    pub(crate) fn url(&self, text: &str) -> Result<Url, url::ParseError> {
        let own = text
            .strip_prefix(&self.text)
            .filter(|rest| rest.starts_with('/') && !rest.contains('#'));
        let Some(rest) = own else {
            return text.parse();
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let base = self.url.path().trim_end_matches('/');
        let mut url = self.url.clone();
        url.set_path(&format!("{base}{path}"));
        url.set_query(query);
        Ok(url)
    }

    /// The path of a URL below the base path.
    pub(super) fn below<'u>(&self, url: &'u Url) -> Option<&'u str> {
        let base = self.url.path().trim_end_matches('/');
        url.path()
            .strip_prefix(base)
            .filter(|rest| rest.starts_with('/'))
    }

    /// Checks the URL of a token endpoint: https, or this machine, with or without a query.
    #[cfg_attr(
        not(any(test, feature = "oauth")),
        expect(dead_code, reason = "only sign-in asks")
    )]
    pub(crate) fn check_endpoint(text: &str) -> Result<(), Error> {
        let (plain, _) = text.split_once('?').unwrap_or((text, ""));
        Self::parse(plain, false).map(drop)
    }

    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    /// Checks that a link of the service has the scheme, host, port and base path of the client's base URL.
    ///
    /// The link is opaque: it is not rewritten.
    pub(crate) fn own(&self, link: &str) -> Result<Url, Error> {
        let cross_origin = |reason: &str| {
            Error::new(
                Kind::CrossOrigin,
                format!("a link was not followed: {reason}"),
            )
        };
        let url: Url = link
            .parse()
            .map_err(|_| cross_origin("it is not an absolute URL"))?;
        if !self.is_same_origin(&url) {
            return Err(cross_origin(&format!(
                "it leads to another host ({}://{})",
                url.scheme(),
                url.host_str().unwrap_or_default()
            )));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(cross_origin("it names a user"));
        }
        let base = self.url.path().trim_end_matches('/');
        match url.path().strip_prefix(base) {
            Some(rest) if rest.starts_with('/') => Ok(url),
            _ => Err(cross_origin("it leaves the base path")),
        }
    }

    pub(crate) fn is_same_origin(&self, url: &Url) -> bool {
        url.scheme() == self.url.scheme()
            && url.host_str() == self.url.host_str()
            && url.port_or_known_default() == self.url.port_or_known_default()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailing_slash_does_not_matter() {
        for text in [
            "https://graph.microsoft.com/beta",
            "https://graph.microsoft.com/beta/",
        ] {
            assert_eq!(
                Address::parse(text, false).unwrap().as_str(),
                "https://graph.microsoft.com/beta"
            );
        }
    }

    #[test]
    fn an_invalid_base_url_is_refused_with_the_reason() {
        for (text, reason) in [
            ("graph.microsoft.com", "invalid URL"),
            ("https://user:secret@:1", "invalid URL `:1`"),
            ("ftp://graph.microsoft.com", "neither https nor http"),
            ("http://graph.microsoft.com/beta", "unencrypted"),
            (
                "https://user:secret@graph.microsoft.com",
                "must not have a user",
            ),
            ("https://graph.microsoft.com/beta?x=1", "query"),
        ] {
            let error = Address::parse(text, false).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
        for text in [
            "http://127.0.0.1:8080",
            "http://localhost/beta",
            "http://[::1]:1/",
        ] {
            assert!(Address::parse(text, false).is_ok(), "{text}");
        }
        assert!(Address::parse("http://simulator:8080", true).is_ok());
    }

    #[test]
    fn a_base_url_has_the_requested_version() {
        let check = |text: &str, asked| {
            let address = Address::parse(text, false).unwrap();
            address
                .check_version(asked)
                .map_err(|error| error.to_string())
        };
        for (text, asked) in [
            ("https://graph.microsoft.com/beta/", None),
            ("https://graph.microsoft.com/beta", Some(ApiVersion::Beta)),
            ("http://localhost:8080/graph/v1.0", Some(ApiVersion::V1)),
        ] {
            assert_eq!(check(text, asked), Ok(()), "{text}");
        }
        let error = check("https://graph.microsoft.com/beta", Some(ApiVersion::V1)).unwrap_err();
        assert!(
            error.contains("`https://graph.microsoft.com/v1.0`"),
            "{error}"
        );
        let error = check("https://graph.microsoft.com", Some(ApiVersion::V1)).unwrap_err();
        for spelling in [
            "`https://graph.microsoft.com/beta`",
            "`https://graph.microsoft.com/v1.0`",
        ] {
            assert!(error.contains(spelling), "{error}");
        }
    }

    #[test]
    fn both_ways_to_join_a_url_give_the_same() {
        for base in [
            "https://graph.microsoft.com/beta/",
            "http://127.0.0.1:8080",
            "http://127.0.0.1:81/v1.0",
            "https://graph.example",
            "https://[::1]/a/b",
        ] {
            let address = Address::parse(base, true).unwrap();
            for rest in [
                "/security/incidents",
                "/security/incidents/a%2Fb%5C..?$filter=a%20eq%20%27%2B%27&$top=5",
                "/security/incidents/%252e?",
                "/$batch",
                "/x?a=b?c",
                "/a",
                "/a#b",
                "/a?b#c",
                "/\u{e4} b?\u{e4}=1",
                "/..",
                "x/a",
                "/a/../b",
                "X/y",
                "",
            ] {
                let text = format!("{}{rest}", address.as_str());
                assert_eq!(address.url(&text), text.parse(), "{text}");
            }
        }
    }

    #[test]
    fn only_links_to_the_same_origin_are_followed() {
        let address = Address::parse("https://graph.microsoft.com/beta/", false).unwrap();
        let own = "https://graph.microsoft.com/beta/security/incidents?$skiptoken=a%20b+c";
        assert_eq!(address.own(own).unwrap().as_str(), own);
        assert!(
            address
                .own("https://graph.microsoft.com:443/beta/security")
                .is_ok()
        );
        for link in [
            "https://graph.microsoft.com.evil.example/beta/security",
            "https://evil.example/beta/security",
            "http://graph.microsoft.com/beta/security",
            "https://graph.microsoft.com:8443/beta/security",
            "https://graph.microsoft.com/v1.0/security",
            "https://graph.microsoft.com/beta/../v1.0/security",
            "https://graph.microsoft.com/betaX",
            "https://graph.microsoft.com@evil.example/beta/security",
            "https://x@graph.microsoft.com/beta/security",
            "/beta/security/incidents",
            "",
        ] {
            assert!(address.own(link).unwrap_err().is_cross_origin(), "{link}");
        }
    }

    #[test]
    fn a_token_endpoint_is_encrypted_or_on_this_machine() {
        for text in [
            "https://a.example/msi?v=1",
            "http://127.0.0.1:4/msi?v=1",
            "http://localhost/x",
        ] {
            assert!(Address::check_endpoint(text).is_ok(), "{text}");
        }
        for text in [
            "http://10.1.2.3/msi?v=1",
            "http://a.example",
            "file:///x",
            "x",
        ] {
            assert!(Address::check_endpoint(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_port_is_the_given_one_or_that_of_the_scheme() {
        let port = |text: &str| Address::parse(text, true).unwrap().port();
        assert_eq!(port("https://graph.example/beta"), 443);
        assert_eq!(port("http://127.0.0.1:81/beta"), 81);
    }
}
