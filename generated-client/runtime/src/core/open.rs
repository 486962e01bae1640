//! Opens responses whose bytes the caller reads, following redirects.

use reqwest::header::{AUTHORIZATION, HeaderValue, LOCATION, USER_AGENT};
use url::Url;

use super::send::{Exchange, Way};
use super::{Core, Request};
use crate::error::{Error, Kind};
use crate::operation::Operation;
use crate::transfer::Download;

/// The maximum number of redirects.
const REDIRECTIONS: u32 = 5;

impl Core {
    /// Sends a request, and leaves the body of its response unread.
    pub(crate) async fn open(
        &self,
        request: Request,
        operation: Operation,
    ) -> Result<Download, Error> {
        let (response, opened) = self.make(&request, &operation, Way::Open).await?;
        let opened = opened.ok_or_else(|| Error::new(Kind::Decode, "the response has no bytes"))?;
        Ok(Download::new(
            self.clone(),
            request,
            operation,
            response.status,
            response.headers,
            *opened,
        ))
    }
}

impl Exchange<'_> {
    /// Follows the service's redirects. The token is sent only to the service itself: the URL of a redirect contains
    /// its own authorization.
    pub(super) async fn redirected(
        &self,
        mut response: reqwest::Response,
    ) -> Result<reqwest::Response, Error> {
        let shared = &self.core.shared;
        for _ in 0..REDIRECTIONS {
            if !response.status().is_redirection() {
                return Ok(response);
            }
            let url = target(response.url(), response.headers().get(LOCATION))?;
            let mut request = reqwest::Request::new(self.request.method.clone(), url);
            let headers = request.headers_mut();
            for (name, value) in &self.request.headers {
                if *name != AUTHORIZATION {
                    headers.append(name.clone(), value.clone());
                }
            }
            headers.insert(USER_AGENT, shared.user_agent.clone());
            let responding = shared.http.execute(request);
            response = responding.await.map_err(|error| self.not_sent(error))?;
        }
        Err(cross_origin("the service redirects too often"))
    }
}

/// The target of a redirect; it must not be unencrypted.
fn target(from: &Url, location: Option<&HeaderValue>) -> Result<Url, Error> {
    let location = location
        .and_then(|location| location.to_str().ok())
        .ok_or_else(|| cross_origin("the service redirects without a location"))?;
    let url = from.join(location).map_err(|error| {
        cross_origin("the service redirects to an invalid URL").with_source(error)
    })?;
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && from.scheme() == "http");
    match is_safe && url.username().is_empty() && url.password().is_none() {
        true => Ok(url),
        false => Err(cross_origin("the service redirects to an insecure URL")),
    }
}

fn cross_origin(message: &str) -> Error {
    Error::new(Kind::CrossOrigin, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_to_an_unencrypted_url_is_not_followed() {
        let leads = |from: &str, location: Option<&'static str>| {
            let location = location.map(HeaderValue::from_static);
            target(&from.parse().unwrap(), location.as_ref()).map(String::from)
        };
        let (safe, plain) = ("https://graph.example/a", "http://127.0.0.1/a");
        for (from, location, place) in [
            (
                safe,
                "https://blob.example/b?sig=1",
                "https://blob.example/b?sig=1",
            ),
            (safe, "/b", "https://graph.example/b"),
            (plain, "http://127.0.0.1:1/b", "http://127.0.0.1:1/b"),
            (plain, "https://blob.example/b", "https://blob.example/b"),
        ] {
            assert_eq!(leads(from, Some(location)).unwrap(), place);
        }
        for (from, location) in [
            (safe, None),
            (safe, Some("http://blob.example/b")),
            (safe, Some("ftp://blob.example/b")),
            (plain, Some("ftp://blob.example/b")),
            (safe, Some("https://user@blob.example/b")),
            (safe, Some("https://:secret@blob.example/b")),
            (safe, Some("https://[")),
        ] {
            let error = leads(from, location).unwrap_err();
            assert!(error.is_cross_origin(), "{location:?}: {error}");
        }
    }
}
