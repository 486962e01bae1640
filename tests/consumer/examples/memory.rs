//! Measures the memory of a listing over 1,000 pages.
//!
//! `cargo run --release -p graph-incidents-consumer --example memory` (Linux, for `/proc`)

use std::error::Error;

use graph_incidents::Client;
use graph_incidents_consumer::service::{Service, serve_if_asked};
use graph_incidents_consumer::soak::resident_memory;

const PAGES: u32 = 1_000;
const PAGE: u32 = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if serve_if_asked().await? {
        return Ok(());
    }
    let service = Service::start((PAGES * PAGE) as usize)?;
    let client = Client::builder()
        .base_url(&service.base_url)
        .token(&service.token)
        .build()?;
    let mut pages = client.list_incidents().top(PAGE).pages();
    let mut count = 0;
    println!("{:>6} {:>22}", "pages", "resident memory, KiB");
    while let Some(page) = pages.next().await {
        page?;
        count += 1;
        if [1, 10, 50, 100, 250, 500, 750, 1_000].contains(&count) {
            println!("{count:>6} {:>22}", resident_memory()?);
        }
    }
    println!("{count:>6} {:>22}", resident_memory()?);
    Ok(())
}
