//! No secret is in any log line, error or `Debug` text of a run, whatever goes wrong.
//!
//! In its own binary, because it captures everything that the process traces.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_incidents::auth::{AccessToken, ClientCredentials, DeviceCode, from_fn};
use graph_incidents::{Client, Error, RetryPolicy};
use graph_incidents_simulator::{Fault, RetryAfter, Simulator};
use tracing_subscriber::fmt::format::FmtSpan;

/// The output: log lines, errors, `Debug` texts.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl io::Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Said {
    fn note(&self, what: &impl std::fmt::Debug) {
        let text = format!("{what:?}\n{what:#?}\n");
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    fn error(&self, error: &Error) {
        self.note(error);
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            text = format!("{text}\n{error}\n{error:?}");
            cause = error.source();
        }
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

const WRONG: &str = "seeded-wrong-secret-4c1d";
const EXPIRED: &str = "seeded-expired-token-9b7e";

fn status(status: u16) -> Fault {
    Fault::Status {
        status,
        retry_after: None,
        retry_after_form: RetryAfter::Seconds,
        applied: false,
    }
}

/// Signs in in every way that has a secret, and lets it fail.
async fn run(simulator: &Simulator, said: &Said) {
    let builder = || {
        let retry = RetryPolicy::default().first_delay(Duration::from_millis(1));
        Client::builder()
            .base_url(simulator.base_url())
            .retry(retry)
    };
    let (tenant, id) = (simulator.tenant_id(), simulator.client_id());
    for secret in [simulator.client_secret(), WRONG] {
        let source = ClientCredentials::new(tenant, id, secret).unwrap();
        let source = source.authority(simulator.origin());
        said.note(&source);
        let client = builder().token_source(source);
        said.note(&client);
        let client = client.build().unwrap();
        said.note(&client);
        for fault in [vec![], vec![status(503)], vec![status(401)]] {
            simulator.faults().script([fault, vec![]]);
            match client.get_incident("2972395").await {
                Ok(incident) => said.note(&incident),
                Err(error) => said.error(&error),
            }
        }
    }
    let device = DeviceCode::new(tenant, id, |_| ()).unwrap();
    let device = device.authority(simulator.origin());
    said.note(&device);
    device.sign_in().await.unwrap();
    said.note(&device);
    let failing =
        from_fn(|| async { Err::<AccessToken, _>(io::Error::other("the vault is closed")) });
    for builder in [builder().token(EXPIRED), builder().token_source(failing)] {
        let client = builder.build().unwrap();
        said.error(&client.get_incident("2972395").await.unwrap_err());
    }
    said.note(&AccessToken::new(EXPIRED));
}

#[tokio::test]
async fn no_secret_is_in_any_output() {
    let said = Said::default();
    let writer = said.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let simulator = Simulator::builder()
        .device_code_interval(0)
        .sign_in_after_polls(Some(1))
        .start()
        .await
        .unwrap();
    run(&simulator, &said).await;
    let text = said.text();
    assert!(
        text.contains("get_incident") && text.contains("invalid_client"),
        "{text}"
    );
    for secret in [simulator.client_secret(), simulator.token(), WRONG, EXPIRED] {
        assert!(
            !text.contains(secret),
            "{secret} is in what was said:\n{text}"
        );
    }
    let token = text
        .lines()
        .find(|line| line.to_lowercase().contains("bearer "));
    assert_eq!(token, None);
}
