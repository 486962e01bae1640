//! Three short programs against the simulator.

use graph_client_any_resource::{CONTRACT, Client, types::UserUpdate};
use graph_client_runtime::Upload;
use graph_incidents_simulator::{Profile, Simulator};
use serde_json::json;

type Outcome = Result<(), Box<dyn std::error::Error>>;

async fn office() -> (Simulator, Client) {
    let mut profile = Profile::plain();
    profile.entity_page_size = 2;
    let simulator = Simulator::builder().contract(CONTRACT).profile(profile);
    let simulator = simulator.start().await.unwrap();
    for number in 0..5 {
        let user = json!({"id": number.to_string(), "displayName": format!("Person {number}"), "jobTitle": "Clerk"});
        assert!(simulator.put_entity("/users", user));
    }
    let client = Client::builder()
        .base_url(simulator.origin() + "/v1.0")
        .token(simulator.token())
        .build();
    let client = client.unwrap();
    (simulator, client)
}

#[tokio::test]
async fn a_user_is_read_and_a_property_cleared() -> Outcome {
    let (simulator, client) = office().await;
    let user = client.get_user("3").await?;
    assert_eq!(user.job_title.as_deref(), Some("Clerk"));
    let update = UserUpdate::new().clear_job_title();
    let user = client.update_user("3", &update).await?;
    assert_eq!(user.job_title, None);
    assert_eq!(simulator.entities("/users")[3]["jobTitle"], json!(null));
    let nothing = client.update_user("3", &UserUpdate::new()).await;
    assert!(nothing.unwrap_err().is_refused());
    Ok(())
}

#[tokio::test]
async fn content_is_uploaded_and_downloaded() -> Outcome {
    let (_simulator, client) = office().await;
    let upload = Upload::from("a,b\n1,2\n").content_type("text/csv");
    let file = client.put_content("report", upload).await?;
    assert_eq!(file.size, Some(8));
    let mut download = client.get_content("report").await?;
    assert_eq!(download.content_type(), Some("text/csv"));
    assert_eq!(download.content_length(), Some(8));
    let mut read = Vec::new();
    while let Some(piece) = download.chunk().await? {
        read.extend_from_slice(&piece);
    }
    assert_eq!(read, b"a,b\n1,2\n");
    Ok(())
}

#[tokio::test]
async fn a_delta_query_continues_from_a_saved_link() -> Outcome {
    let (_simulator, client) = office().await;
    let (all, saved) = client.users_delta().items().changes(100).await?;
    assert_eq!(all.len(), 5);
    let update = UserUpdate::new().job_title("Head");
    client.update_user("2", &update).await?;
    let mut changes = client.users_delta().pages_from(saved).into_items();
    let changed = changes.next().await.transpose()?;
    assert_eq!(
        changed.and_then(|user| user.job_title).as_deref(),
        Some("Head")
    );
    assert!(changes.next().await.is_none());
    assert!(changes.delta_link().is_some());
    let elsewhere = "https://example.com/v1.0/users/delta()?$deltatoken=1";
    let mut refused = client.users_delta().pages_from(elsewhere);
    assert!(refused.next().await.unwrap().unwrap_err().is_cross_origin());
    Ok(())
}
