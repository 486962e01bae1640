//! Compares the client with bare reqwest and hand-written structs: CPU seconds of this process, in one run.
//!
//! `cargo run --release -p graph-incidents-consumer --example overhead -- [ROUNDS]`
//!
//! A round is 500 updates one after the other, and a listing of 5,000 incidents over 100 pages. The service runs in
//! another process. The clients take turns in every round, so that other load affects both, and the median of the
//! rounds' ratios counts. For a profiler, `ours`, `bare` or `alike` (bare reqwest that sends our headers) after ROUNDS
//! runs only one client, and `updates` or `pages` after that only one of its two tasks.
//!
//! The instructions of a round are a quarter of the difference between two such runs, with 6 rounds and with 2, below
//! `valgrind --tool=callgrind`.

use std::error::Error;
use std::time::Duration;

use cpu_time::ProcessTime;
use graph_incidents::Client;
use graph_incidents::types::{AlertClassification, IncidentUpdate};
use graph_incidents_consumer::service::{Service, serve_if_asked};
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use serde::{Deserialize, Serialize};

const UPDATES: usize = 500;
const INCIDENTS: usize = 5_000;
const INCIDENT: &str = "2972395";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if serve_if_asked().await? {
        return Ok(());
    }
    let rounds: usize = std::env::args()
        .nth(1)
        .map_or(Ok(10), |text| text.parse())?;
    let only = [2, 3].map(|place| std::env::args().nth(place));
    let runs = |place: usize, name: &str| only[place].as_deref().is_none_or(|only| only == name);
    let service = Service::start(INCIDENTS)?;
    let client = Client::builder()
        .base_url(&service.base_url)
        .token(&service.token)
        .build()?;
    let bare = Bare {
        http: client_of_reqwest()?,
        service: &service,
        headers: HeaderMap::new(),
    };
    let alike = Bare {
        headers: our_headers(),
        ..bare.clone()
    };
    let mut all: Vec<Round> = Vec::new();
    for round in 0..=rounds {
        let mut times = Round::default();
        // The order alternates.
        for turn in 0..2 {
            if (round + turn) % 2 == 0 {
                if runs(0, "ours") {
                    times[OURS] = both(&runs, ours_update(&client), ours_list(&client)).await?;
                }
                continue;
            }
            for (name, client, place) in [("bare", &bare, BARE), ("alike", &alike, ALIKE)] {
                if runs(0, name) {
                    times[place] = both(&runs, client.update(), client.list()).await?;
                }
            }
        }
        // The first round warms up.
        if round > 0 {
            all.push(times);
        }
    }
    if only.iter().all(Option::is_none) {
        report(&all);
    }
    Ok(())
}

/// CPU seconds of the updates and of the listing, of each client.
type Round = [[Duration; 2]; 3];

const OURS: usize = 0;
const BARE: usize = 1;
/// Bare reqwest with the headers that ours sends.
const ALIKE: usize = 2;

fn report(rounds: &[Round]) {
    println!(
        "{} rounds, CPU seconds of the client's process in the middle one, and the middle ratio with its quartiles",
        rounds.len()
    );
    println!(
        "{:<32} {:>8} {:>8} {:>20} {:>24} {:>20}",
        "", "ours", "bare", "ratio", "bare, the same headers", "ratio"
    );
    for (place, what) in ["500 updates", "5,000 incidents over 100 pages"]
        .into_iter()
        .enumerate()
    {
        let middle = |client: usize| {
            let [_, middle, _] = quartiles(
                rounds
                    .iter()
                    .map(|round| round[client][place].as_secs_f64()),
            );
            middle
        };
        let ratio = |other: usize| {
            let [low, middle, high] =
                quartiles(rounds.iter().map(|round| {
                    round[OURS][place].as_secs_f64() / round[other][place].as_secs_f64()
                }));
            format!("{middle:.3} ({low:.3}–{high:.3})")
        };
        println!(
            "{what:<32} {:>8.4} {:>8.4} {:>20} {:>24.4} {:>20}",
            middle(OURS),
            middle(BARE),
            ratio(BARE),
            middle(ALIKE),
            ratio(ALIKE)
        );
    }
}

fn quartiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| {
        values
            .get(values.len() * quarter / 4)
            .copied()
            .unwrap_or(f64::NAN)
    })
}

/// The headers that the client sends with every request, and bare reqwest does not.
fn our_headers() -> HeaderMap {
    HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        (
            USER_AGENT,
            HeaderValue::from_static("graph-incidents/0.1.0"),
        ),
        (
            HeaderName::from_static("client-request-id"),
            HeaderValue::from_static("3f2c8a53-6d53-4f0b-9ad0-0f2d3d0f4a11"),
        ),
        (
            HeaderName::from_static("prefer"),
            HeaderValue::from_static("include-unknown-enum-members"),
        ),
    ])
}

/// CPU seconds of the tasks that are to run.
async fn both(
    runs: &impl Fn(usize, &str) -> bool,
    updates: impl Future<Output = Result<(), Box<dyn Error>>>,
    pages: impl Future<Output = Result<(), Box<dyn Error>>>,
) -> Result<[Duration; 2], Box<dyn Error>> {
    let mut times = [Duration::ZERO; 2];
    if runs(1, "updates") {
        times[0] = timed(updates).await?;
    }
    if runs(1, "pages") {
        times[1] = timed(pages).await?;
    }
    Ok(times)
}

async fn timed(
    work: impl Future<Output = Result<(), Box<dyn Error>>>,
) -> Result<Duration, Box<dyn Error>> {
    let start = ProcessTime::now();
    work.await?;
    Ok(start.elapsed())
}

async fn ours_update(client: &Client) -> Result<(), Box<dyn Error>> {
    for number in 0..UPDATES {
        let update = IncidentUpdate::new()
            .classification(AlertClassification::TruePositive)
            .custom_tags([format!("tag {number}")]);
        let incident = client.update_incident(INCIDENT, &update).await?;
        assert_eq!(incident.custom_tags().len(), 1);
    }
    Ok(())
}

async fn ours_list(client: &Client) -> Result<(), Box<dyn Error>> {
    let mut count = 0;
    let mut incidents = client.list_incidents().top(50).items();
    while let Some(incident) = incidents.next().await {
        incident?;
        count += 1;
    }
    assert!(count >= INCIDENTS);
    Ok(())
}

/// reqwest and nothing else.
#[derive(Clone)]
struct Bare<'a> {
    http: reqwest::Client,
    service: &'a Service,
    headers: HeaderMap,
}

fn client_of_reqwest() -> reqwest::Result<reqwest::Client> {
    // No TLS is needed on loopback.
    reqwest::Client::builder().tls_certs_only([]).build()
}

impl Bare<'_> {
    async fn update(&self) -> Result<(), Box<dyn Error>> {
        for number in 0..UPDATES {
            let update = BareUpdate {
                classification: "truePositive",
                custom_tags: vec![format!("tag {number}")],
            };
            let response = self
                .http
                .patch(format!(
                    "{}/security/incidents/{INCIDENT}",
                    self.service.base_url
                ))
                .bearer_auth(&self.service.token)
                .headers(self.headers.clone())
                .header("content-type", "application/json")
                .body(serde_json::to_vec(&update)?)
                .send()
                .await?
                .error_for_status()?;
            let incident: BareIncident = serde_json::from_slice(&response.bytes().await?)?;
            assert_eq!(incident.custom_tags.map(|tags| tags.len()), Some(1));
        }
        Ok(())
    }

    async fn list(&self) -> Result<(), Box<dyn Error>> {
        let mut next = Some(format!(
            "{}/security/incidents?$top=50",
            self.service.base_url
        ));
        let mut count = 0;
        while let Some(url) = next {
            let response = self
                .http
                .get(url)
                .bearer_auth(&self.service.token)
                .headers(self.headers.clone())
                .send()
                .await?
                .error_for_status()?;
            let page: BarePage = serde_json::from_slice(&response.bytes().await?)?;
            count += page.value.len();
            next = page.next_link;
        }
        assert!(count >= INCIDENTS);
        Ok(())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BareUpdate {
    classification: &'static str,
    custom_tags: Vec<String>,
}

#[derive(Deserialize)]
struct BarePage {
    value: Vec<BareIncident>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

/// A hand-written incident with the properties that a program needs; it drops unknown ones.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct BareIncident {
    id: String,
    assigned_to: Option<String>,
    classification: Option<Classification>,
    comments: Option<Vec<BareComment>>,
    created_date_time: Option<chrono::DateTime<chrono::Utc>>,
    custom_tags: Option<Vec<String>>,
    description: Option<String>,
    determination: Option<String>,
    display_name: Option<String>,
    incident_web_url: Option<String>,
    last_modified_by: Option<String>,
    last_update_date_time: Option<chrono::DateTime<chrono::Utc>>,
    priority_score: Option<i32>,
    recommended_actions: Option<String>,
    recommended_hunting_queries: Option<Vec<BareQuery>>,
    redirect_incident_id: Option<String>,
    resolving_comment: Option<String>,
    severity: Option<Severity>,
    status: Option<Status>,
    summary: Option<String>,
    system_tags: Option<Vec<String>>,
    tenant_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct BareComment {
    comment: Option<String>,
    created_by_display_name: Option<String>,
    created_date_time: Option<chrono::DateTime<chrono::Utc>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading it is what is measured")]
struct BareQuery {
    kql_text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Classification {
    Unknown,
    FalsePositive,
    TruePositive,
    InformationalExpectedActivity,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Severity {
    Unknown,
    Informational,
    Low,
    Medium,
    High,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Status {
    Active,
    Resolved,
    InProgress,
    Redirected,
    AwaitingAction,
}
