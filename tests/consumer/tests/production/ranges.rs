//! A part of the bytes never passes for the whole, or for another part.

use graph_incidents::{Client, Error};

use super::raw::{RawServer, text};

async fn read(response: String, is_range: bool) -> Result<Vec<u8>, Error> {
    let server = RawServer::responding(response).await;
    let client = Client::builder().base_url(&server.url).token("t");
    let client = client.build().unwrap();
    let request = client.core().get("/photo");
    let download = match is_range {
        true => request.download(5..10).await?,
        false => request.download(..).await?,
    };
    download.bytes(100).await
}

#[tokio::test]
async fn only_the_requested_part_is_accepted() {
    let part = |range: &str| text(206, &format!("content-range: {range}\r\n"), "01234");
    for (response, is_range, problem) in [
        (part("bytes 0-4/20"), false, "the service sends a part"),
        (part("bytes 0-4/20"), true, "those from 0"),
        (part("soon"), true, "does not say in `Content-Range`"),
        (
            text(206, "", "01234"),
            true,
            "does not say in `Content-Range`",
        ),
    ] {
        let error = read(response.clone(), is_range).await.unwrap_err();
        assert!(error.to_string().contains(problem), "{response}: {error}");
    }
    let whole = text(200, "", "0123456789");
    for (response, is_range, bytes) in [
        (part("bytes 5-9/20"), true, "01234"),
        (part("bytes 5-9/*"), true, "01234"),
        // A service without ranges sends everything, as documented.
        (whole.clone(), true, "0123456789"),
        (whole, false, "0123456789"),
    ] {
        let read = read(response, is_range).await.unwrap();
        assert_eq!(read, bytes.as_bytes());
    }
}
