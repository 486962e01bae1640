//! Our client is built first. Each order has a process of its own: a TLS provider is process-wide.

#[test]
fn the_consumer_s_own_client_works_beside_ours() {
    graph_client_own_reqwest::ours().unwrap();
    let _own = graph_client_own_reqwest::own();
}
