//! A certificate with its key, and the assertions that are signed with it.

use std::time::SystemTime;

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::error::{Error, Kind};
use crate::random;

/// The lifetime of an assertion, in seconds.
const LIFETIME: u64 = 600;

/// A certificate of an application, and its private key.
pub(super) struct Certificate {
    key: RsaKeyPair,
    /// SHA-256 of the certificate, as base64url.
    thumbprint: String,
}

impl Certificate {
    /// Parses PEM text with a certificate and an RSA key.
    pub(super) fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        let invalid = |reason: &str| Error::configuration(format!("client certificate: {reason}"));
        if contains(pem, b"ENCRYPTED") {
            return Err(invalid("the private key is encrypted: decrypt it first"));
        }
        let certificate = CertificateDer::from_pem_slice(pem).map_err(|_| {
            invalid("no PEM certificate found; convert a .pfx file with `openssl pkcs12 -nodes`")
        })?;
        let key = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|_| invalid("no PEM private key found beside the certificate"))?;
        let key = match &key {
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            _ => return Err(invalid("the private key is not an RSA key")),
        }
        .map_err(|error| invalid(&format!("the RSA private key cannot be used: {error}")))?;
        // A certificate contains its public key as these bytes.
        if !contains(&certificate, key.public_key().as_ref()) {
            return Err(invalid(
                "the private key does not belong to the first certificate",
            ));
        }
        let thumbprint = digest::digest(&digest::SHA256, &certificate);
        Ok(Self {
            key,
            thumbprint: URL_SAFE_NO_PAD.encode(thumbprint),
        })
    }

    /// Signs an assertion that identifies the client to the audience, for one use within its lifetime.
    pub(super) fn assertion(&self, client_id: &str, audience: &str) -> Result<SecretString, Error> {
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint});
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let claims = json!({
            "aud": audience,
            "iss": client_id,
            "sub": client_id,
            "jti": random::guid().to_string(),
            "nbf": now,
            "exp": now + LIFETIME,
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &RSA_PSS_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| {
                Error::new(
                    Kind::Token,
                    "client certificate: the assertion cannot be signed",
                )
            })?;
        Ok(SecretString::from(format!(
            "{signed}.{}",
            URL_SAFE_NO_PAD.encode(signature)
        )))
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::AsDer as _;
    use aws_lc_rs::rsa::{self, KeySize};
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn an_rsa_key_is_read_from_pkcs8_and_pkcs1() {
        let key = rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
        let whole = key.as_der().unwrap();
        // PKCS #8 ends with PKCS #1: a sequence within that of the key's kind.
        let inner = whole.as_ref()[4..].windows(2);
        let start = 4 + inner
            .into_iter()
            .position(|two| two == [0x30, 0x82])
            .unwrap();
        let pem = |name: &str, der: &[u8]| {
            let text = STANDARD.encode(der);
            format!("-----BEGIN {name}-----\n{text}\n-----END {name}-----\n")
        };
        let certificate = pem("CERTIFICATE", key.public_key().as_ref());
        for key in [
            pem("PRIVATE KEY", whole.as_ref()),
            pem("RSA PRIVATE KEY", &whole.as_ref()[start..]),
        ] {
            let read = Certificate::from_pem(format!("{certificate}{key}").as_bytes());
            assert!(read.is_ok(), "{:?}", read.err());
        }
    }
}
