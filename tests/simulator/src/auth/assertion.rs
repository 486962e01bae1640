//! Client assertions: signed with a certificate, or issued by another identity provider.

use std::collections::{BTreeMap, HashMap};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use ring::digest;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use webpki::EndEntityCert;

use super::failure::Failure;
use crate::time::Ticks;

/// The only type of assertions.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The maximum lifetime of an assertion, in seconds (assumed): a day.
const LONGEST: i64 = 86_400;

/// The data to verify client assertions.
pub(crate) struct Assertions {
    certificates: Vec<CertificateDer<'static>>,
    /// The token of the other identity provider that the application trusts.
    federated: String,
    /// The expiry of each used assertion, by its `jti`.
    used: Mutex<HashMap<String, i64>>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    x5t: Option<String>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    iss: String,
    sub: String,
    jti: String,
    exp: i64,
    nbf: Option<i64>,
}

impl Assertions {
    pub(crate) fn new(certificates: Vec<CertificateDer<'static>>, federated: String) -> Self {
        Self {
            certificates,
            federated,
            used: Mutex::default(),
        }
    }

    /// Returns the token of the identity provider that the application trusts.
    pub(crate) fn federated(&self) -> &str {
        &self.federated
    }

    /// Whether a form proves that it comes from the application.
    pub(super) fn check(
        &self,
        form: &BTreeMap<String, String>,
        application: &str,
        token_url: &str,
    ) -> Result<(), Failure> {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        if field("client_assertion_type") != JWT_BEARER {
            return Err(invalid_client(
                700_027,
                format!("'client_assertion_type' is not '{JWT_BEARER}'"),
            ));
        }
        let assertion = field("client_assertion");
        if assertion == self.federated {
            return Ok(());
        }
        let malformed = |what: &str| invalid_client(50_027, format!("the client assertion {what}"));
        let (signed, signature) = assertion
            .rsplit_once('.')
            .ok_or_else(|| malformed("is not a JWT"))?;
        let (header, claims) = signed
            .split_once('.')
            .ok_or_else(|| malformed("is not a JWT"))?;
        let header: Header =
            part(header).ok_or_else(|| malformed("has no header with 'alg' that can be read"))?;
        let claims: Claims = part(claims).ok_or_else(|| {
            malformed("lacks one of the claims 'aud', 'iss', 'sub', 'jti' and 'exp'")
        })?;
        self.check_signature(&header, signed, signature)?;
        check_claims(&claims, application, token_url)?;
        self.check_first_use(&claims)
    }

    fn check_signature(
        &self,
        header: &Header,
        signed: &str,
        signature: &str,
    ) -> Result<(), Failure> {
        let failed = |why: String| invalid_client(700_027, why);
        let algorithm: &dyn SignatureVerificationAlgorithm = match header.alg.as_str() {
            "RS256" => webpki::ring::RSA_PKCS1_2048_8192_SHA256,
            "PS256" => webpki::ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
            other => {
                return Err(failed(format!(
                    "the client assertion is signed with '{other}', not with RS256 or PS256"
                )));
            }
        };
        let certificate = self
            .certificates
            .iter()
            .find(|certificate| is_named(header, certificate))
            .ok_or_else(|| {
                failed(
                    "no registered certificate has the thumbprint in 'x5t' or 'x5t#S256'"
                        .to_owned(),
                )
            })?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| failed("the signature is not base64url".to_owned()))?;
        EndEntityCert::try_from(certificate)
            .and_then(|entity| entity.verify_signature(algorithm, signed.as_bytes(), &signature))
            .map_err(|error| {
                failed(format!(
                    "the signature does not fit the certificate: {error}"
                ))
            })
    }

    /// An assertion can be used once.
    fn check_first_use(&self, claims: &Claims) -> Result<(), Failure> {
        let now = Ticks::now().seconds();
        let mut used = self.used.lock();
        used.retain(|_, ends| *ends > now);
        match used.insert(claims.jti.clone(), claims.exp) {
            None => Ok(()),
            Some(_) => Err(invalid_client(
                700_027,
                format!(
                    "the assertion with the jti '{}' was used before",
                    claims.jti
                ),
            )),
        }
    }
}

fn check_claims(claims: &Claims, application: &str, token_url: &str) -> Result<(), Failure> {
    if claims.iss != application || claims.sub != application {
        return Err(invalid_client(
            700_021,
            format!("'iss' and 'sub' are not both the application '{application}'"),
        ));
    }
    if claims.aud != token_url {
        return Err(invalid_client(
            700_023,
            format!("'aud' is '{}', not '{token_url}'", claims.aud),
        ));
    }
    let now = Ticks::now().seconds();
    let starts = claims.nbf.unwrap_or(now);
    if claims.exp <= now || starts > now.saturating_add(300) || claims.exp > now + LONGEST {
        return Err(invalid_client(
            700_024,
            "the client assertion is not within its time: 'nbf' to 'exp', at most a day",
        ));
    }
    Ok(())
}

fn is_named(header: &Header, certificate: &CertificateDer<'_>) -> bool {
    let matches = |named: &Option<String>, algorithm| {
        named.as_ref().is_some_and(|named| {
            let thumbprint = digest::digest(algorithm, certificate);
            named.trim_end_matches('=') == URL_SAFE_NO_PAD.encode(thumbprint)
        })
    };
    matches(&header.x5t_s256, &digest::SHA256)
        || matches(&header.x5t, &digest::SHA1_FOR_LEGACY_USE_ONLY)
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    // Parsed as a value first: duplicate members are then resolved in one way.
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    serde_json::from_value(value).ok()
}

fn invalid_client(number: u32, message: impl Into<std::borrow::Cow<'static, str>>) -> Failure {
    Failure::new("invalid_client", number, message)
}
