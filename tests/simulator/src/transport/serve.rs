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
    stopping: watch::Receiver<bool>,
) {
    serve_at_most(MOST_CONNECTIONS, listener, router, read_timeout, stopping).await;
}

async fn serve_at_most(
    most: usize,
    listener: TcpListener,
    router: Router,
    read_timeout: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(most));
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

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    /// Sends a request on an open connection; whether it was served.
    async fn is_served(connection: &mut TcpStream) -> bool {
        let request = b"GET / HTTP/1.1\r\nHost: simulator\r\n\r\n";
        if connection.write_all(request).await.is_err() {
            return false;
        }
        let mut head = [0; 15];
        let read = connection.read_exact(&mut head).await;
        if read.is_err() || &head != b"HTTP/1.1 200 OK" {
            return false;
        }
        // The rest of the response, which ends with its body.
        let mut rest = Vec::new();
        while !rest.ends_with(b"served") {
            rest.push(connection.read_u8().await.unwrap());
        }
        true
    }

    async fn connect(address: SocketAddr) -> TcpStream {
        TcpStream::connect(address).await.unwrap()
    }

    #[tokio::test]
    async fn more_connections_than_the_bound_get_a_503_and_the_others_are_served() {
        const MOST: usize = 3;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "served" }));
        let (stop, stopping) = watch::channel(false);
        let patience = Duration::from_secs(30);
        let serving = tokio::spawn(serve_at_most(MOST, listener, router, patience, stopping));
        let mut open = Vec::new();
        for _ in 0..MOST {
            let mut connection = connect(address).await;
            assert!(is_served(&mut connection).await);
            open.push(connection);
        }
        for _ in 0..20 {
            let mut refused = Vec::new();
            let mut connection = connect(address).await;
            let end = connection.read_to_end(&mut refused);
            let end = tokio::time::timeout(Duration::from_secs(10), end).await;
            end.unwrap().unwrap();
            assert_eq!(refused, FULL);
        }
        for connection in &mut open {
            assert!(is_served(connection).await);
        }
        // A place that becomes free is given to the next; the simulator may notice the end a moment later.
        drop(open.pop());
        let tried = async {
            while !is_served(&mut connect(address).await).await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), tried)
            .await
            .unwrap();
        drop(open);
        stop.send(true).unwrap();
        serving.await.unwrap();
    }
}
