//! Opens responses whose bytes the caller reads, through the redirections that lead to them.

use reqwest::header::{AUTHORIZATION, LOCATION, USER_AGENT};
use url::Url;

use super::send::{Exchange, Way};
use super::{Core, Request};
use crate::error::{Error, Kind};
use crate::operation::Operation;
use crate::transfer::Download;

/// How many redirections lead to the bytes at most.
const REDIRECTIONS: u32 = 5;

impl Core {
    /// Sends a request, and leaves the bytes of its response to be read.
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
    /// Follows the service to where the bytes are. The token goes nowhere else than to the service itself: what it
    /// redirects to has its permission in its address.
    pub(super) async fn redirected(
        &self,
        mut response: reqwest::Response,
    ) -> Result<reqwest::Response, Error> {
        let shared = &self.core.shared;
        for _ in 0..REDIRECTIONS {
            if !response.status().is_redirection() {
                return Ok(response);
            }
            let url = self.target(&response)?;
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

    /// Where a redirection leads to; it must not lead out of encryption.
    fn target(&self, response: &reqwest::Response) -> Result<Url, Error> {
        let location = response.headers().get(LOCATION);
        let location = location
            .and_then(|location| location.to_str().ok())
            .ok_or_else(|| cross_origin("the service redirects without a location"))?;
        let url = response.url().join(location).map_err(|error| {
            cross_origin("the service redirects to an invalid URL").with_source(error)
        })?;
        let is_safe = url.scheme() == "https"
            || (url.scheme() == "http" && response.url().scheme() == "http");
        match is_safe && url.username().is_empty() && url.password().is_none() {
            true => Ok(url),
            false => Err(cross_origin("the service redirects to an insecure URL")),
        }
    }
}

fn cross_origin(message: &str) -> Error {
    Error::new(Kind::CrossOrigin, message)
}
