//! The consumer's client is built first. Each order has a process of its own: a TLS provider is process-wide.

#[test]
fn our_client_works_beside_one_that_was_built_before() {
    let _own = graph_client_own_reqwest::own();
    graph_client_own_reqwest::ours().unwrap();
}
