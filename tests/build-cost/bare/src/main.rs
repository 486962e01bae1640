//! Lists incidents page by page and updates one, with bare reqwest and serde.

use serde::Deserialize;
use serde_json::json;

/// A line that `cargo xtask build-time` changes.
const CHANGED: u32 = 0;

const BASE: &str = "https://graph.microsoft.com/beta/security/incidents";

#[derive(Debug, Deserialize)]
struct Page {
    value: Vec<Incident>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Incident {
    id: String,
    display_name: Option<String>,
    classification: Option<String>,
    #[expect(dead_code, reason = "it is decoded like in a real program")]
    custom_tags: Option<Vec<String>>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("GRAPH_TOKEN")?;
    let client = reqwest::Client::new();
    let mut link = Some(format!("{BASE}?$top=50"));
    while let Some(url) = link {
        let response = client.get(&url).bearer_auth(&token).send().await?;
        let page: Page = response.error_for_status()?.json().await?;
        for incident in page.value {
            println!("{} {:?} {CHANGED}", incident.id, incident.display_name);
        }
        link = page.next_link;
    }
    let response = client
        .patch(format!("{BASE}/2972395"))
        .bearer_auth(&token)
        .json(&json!({"classification": "truePositive", "customTags": ["Demo"]}))
        .send()
        .await?;
    let incident: Incident = response.error_for_status()?.json().await?;
    println!("{} {:?}", incident.id, incident.classification);
    Ok(())
}
