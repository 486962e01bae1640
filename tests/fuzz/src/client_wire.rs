//! Whatever a server sends, a call ends by its deadline, with a value or a one-line error.

use std::time::{Duration, Instant};

use graph_incidents::runtime::auth::{ClientCredentials, DeviceCode};
use graph_incidents::types::IncidentUpdate;
use graph_incidents::{Client, ClientBuilder, Error, Limits, RetryPolicy};

use crate::is_one_line;
use crate::kept::runtime;
use crate::script::Scripted;

/// The time limit of a call.
const TOTAL: Duration = Duration::from_millis(100);
/// How late it may end on a busy machine.
const GRACE: Duration = Duration::from_secs(5);
/// The most pages that are followed.
const PAGES: u32 = 4;
/// The token and the secret, which no error may show.
const SECRET: &str = "seeded-secret";
/// The longest message of an error.
const LONGEST: usize = 4_096;

/// Lists, updates, sends a batch, hunts, watches and signs in, each against a server that sends the input unchanged.
///
/// # Panics
///
/// Panics if a call does not end in time, or if its error has more than one line, is too long for a log or shows a
/// secret.
pub fn client_wire(input: &[u8]) {
    runtime().block_on(async {
        tokio::join!(
            ends("a listing", TOTAL * PAGES, list(input)),
            ends("an update", TOTAL, update(input)),
            ends("a batch", TOTAL, batch(input)),
            ends("a hunt", TOTAL, hunt(input)),
            ends("a sign-in", TOTAL * 2, sign_in(input)),
            // These wait for as long as the service tells them to, so that only their errors count.
            waits("a watcher", watch(input)),
            waits("a device code", device_code(input)),
        )
    });
}

async fn list(input: &[u8]) -> Result<(), Error> {
    let server = Scripted::start(input).await;
    let client = client(&server);
    let mut items = client.list_incidents().items();
    while let Some(item) = items.next().await {
        item?;
    }
    Ok(())
}

async fn update(input: &[u8]) -> Result<(), Error> {
    let server = Scripted::start(input).await;
    let update = IncidentUpdate::new().summary("a");
    let client = client(&server);
    client.update_incident("1", &update).await.map(drop)
}

async fn batch(input: &[u8]) -> Result<(), Error> {
    let server = Scripted::start(input).await;
    let client = client(&server);
    let core = client.core();
    let mut batch = core.batch();
    let tickets = [1, 2].map(|number| batch.add_raw(core.get(&format!("/things/{number}"))));
    batch.send().await;
    let results = tickets.map(|ticket| ticket.take());
    results.into_iter().try_for_each(|result| result.map(drop))
}

async fn hunt(input: &[u8]) -> Result<(), Error> {
    let server = Scripted::start(input).await;
    let found = client(&server).hunt("AlertInfo").await?;
    found.rows::<serde_json::Value>().map(drop)
}

/// Watches until the first error.
async fn watch(input: &[u8]) -> Result<(), Error> {
    let server = Scripted::start(input).await;
    let mut watcher = client(&server).watch().every(Duration::from_millis(1));
    loop {
        watcher.next().await?;
    }
}

async fn sign_in(input: &[u8]) -> Result<(), Error> {
    let server = Scripted::start(input).await;
    let source = ClientCredentials::new("tenant", "client", SECRET)?.authority(&server.url);
    let client = builder(&server).token_source(source).build()?;
    client.get_incident("1").await.map(drop)
}

async fn device_code(input: &[u8]) -> Result<(), Error> {
    let server = Scripted::start(input).await;
    let source = DeviceCode::new("tenant", "client", |_| ())?.authority(&server.url);
    let client = builder(&server).token_source(source).build()?;
    client.get_incident("1").await.map(drop)
}

fn builder(server: &Scripted) -> ClientBuilder {
    let retry = RetryPolicy::default()
        .attempts(3)
        .first_delay(Duration::from_millis(1))
        .total_time(TOTAL);
    let limits = Limits::default()
        .response_bytes(1 << 20)
        .memory_bytes(1 << 22)
        .pages(u64::from(PAGES))
        .attempt_time(TOTAL / 2);
    let builder = Client::builder().base_url(format!("{}/beta", server.url));
    builder.retry(retry).limits(limits)
}

fn client(server: &Scripted) -> Client {
    let built = builder(server).token(SECRET).build();
    built.expect("the client is built")
}

async fn ends(what: &str, most: Duration, call: impl Future<Output = Result<(), Error>>) {
    let started = Instant::now();
    let ended = tokio::time::timeout(most + GRACE, call).await;
    let result =
        ended.unwrap_or_else(|_| panic!("{what} still runs after {:?}", started.elapsed()));
    is_short(what, result);
}

async fn waits(what: &str, call: impl Future<Output = Result<(), Error>>) {
    if let Ok(result) = tokio::time::timeout(TOTAL, call).await {
        is_short(what, result);
    }
}

fn is_short(what: &str, result: Result<(), Error>) {
    if let Err(error) = result {
        let message = error.to_string();
        assert!(is_one_line(&message), "{what}: {message:?}");
        assert!(message.len() <= LONGEST, "{what}: {message}");
        let whole = format!("{error:?}{message}");
        assert!(!whole.contains(SECRET), "{what} shows a secret");
    }
}
