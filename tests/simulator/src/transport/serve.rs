//! The loop that accepts connections, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use super::connection::{self, stopped};

/// The maximum number of open connections; others get an error.
const MOST_CONNECTIONS: usize = 8_192;

const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Accepts connections until `stopping` becomes true or its sender is dropped.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    read_timeout: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stopping) => return,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(_) => {
                // For example, no file handle is free: wait for connections to end instead of spinning.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            // Whether the caller reads it or not, the connection ends here.
            stream.try_write(FULL).ok();
            continue;
        };
        let connection = connection::serve(stream, router.clone(), read_timeout, stopping.clone());
        tokio::spawn(async move {
            connection.await;
            drop(place);
        });
    }
}
