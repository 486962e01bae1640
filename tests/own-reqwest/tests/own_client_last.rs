//! Our client is built first. Each order has a process of its own: a TLS provider is process-wide.

#[test]
fn a_client_of_the_consumer_s_own_works_beside_ours() {
    graph_client_own_reqwest::ours().unwrap();
    let _own = graph_client_own_reqwest::own();
}
