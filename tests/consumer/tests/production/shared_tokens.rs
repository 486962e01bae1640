//! Tokens that clients share, and sign-ins that survive a restart.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_incidents::auth::{
    AccessToken, BoxError, Chain, ClientCredentials, DeviceCode, RefreshTokens, SharedTokens,
    TokenFuture, TokenKey, TokenSource,
};
use graph_incidents_simulator::Simulator;

use super::{REFERENCE, client};

fn credentials(simulator: &Simulator, scope: &str) -> ClientCredentials {
    let (tenant, id) = (simulator.tenant_id(), simulator.client_id());
    let source = ClientCredentials::new(tenant, id, simulator.client_secret()).unwrap();
    source.authority(simulator.origin()).scope(scope)
}

#[tokio::test]
async fn one_sign_in_serves_all_clients_of_an_application() {
    let simulator = Simulator::builder().start().await.unwrap();
    let tokens = SharedTokens::new();
    let scope = "https://graph.microsoft.com/.default";
    for _ in 0..3 {
        let source = tokens.serve(credentials(&simulator, scope));
        let client = client(&simulator).token_source(source).build().unwrap();
        client.get_incident(REFERENCE).await.unwrap();
    }
    assert_eq!(simulator.ledger().sign_ins().len(), 1);
    // A token of another scope is another token.
    tokens
        .serve(credentials(
            &simulator,
            &format!("{}/.default", simulator.origin()),
        ))
        .token()
        .await
        .ok();
    assert_eq!(simulator.ledger().sign_ins().len(), 2);
    assert!(!format!("{tokens:?}").contains(simulator.client_secret()));
}

#[tokio::test]
async fn a_refused_token_is_not_shared() {
    let simulator = Simulator::builder().start().await.unwrap();
    let tokens = SharedTokens::new();
    let scope = "https://graph.microsoft.com/.default";
    let make = || {
        let source = tokens.serve(credentials(&simulator, scope));
        client(&simulator).token_source(source).build().unwrap()
    };
    make().get_incident(REFERENCE).await.unwrap();
    simulator.revoke_tokens();
    make().get_incident(REFERENCE).await.unwrap();
    make().get_incident(REFERENCE).await.unwrap();
    assert_eq!(simulator.ledger().sign_ins().len(), 2);
}

/// A source that counts, with a key of its choice.
struct Counting(Arc<AtomicUsize>, Option<TokenKey>);

impl TokenSource for Counting {
    fn token(&self) -> TokenFuture<'_> {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(AccessToken::new(format!("token-{count}")).expires_in(Duration::from_secs(3_600)))
        })
    }

    fn key(&self) -> Option<TokenKey> {
        self.1.clone()
    }
}

#[tokio::test]
async fn each_part_of_the_key_distinguishes_tokens() {
    let key = |parts: [&str; 4]| TokenKey::new(parts[0], parts[1], parts[2], parts[3]);
    let usual = key(["authority", "tenant", "client", "scope"]);
    let asked = Arc::new(AtomicUsize::new(0));
    let tokens = SharedTokens::new();
    let others = [
        usual.clone(),
        key(["other", "tenant", "client", "scope"]),
        key(["authority", "other", "client", "scope"]),
        key(["authority", "tenant", "other", "scope"]),
        key(["authority", "tenant", "client", "other"]),
        usual.clone().of_account("kai@contoso.com"),
        usual.clone().of_account("robin@contoso.com"),
    ];
    for _ in 0..2 {
        for key in &others {
            let source = tokens.serve(Counting(Arc::clone(&asked), Some(key.clone())));
            source.token().await.unwrap();
        }
    }
    assert_eq!(asked.load(Ordering::Relaxed), others.len());
    // Without a key nothing is shared.
    for _ in 0..2 {
        tokens
            .serve(Counting(Arc::clone(&asked), None))
            .token()
            .await
            .unwrap();
    }
    assert_eq!(asked.load(Ordering::Relaxed), others.len() + 2);
    tokens.clear();
    tokens
        .serve(Counting(Arc::clone(&asked), Some(usual)))
        .token()
        .await
        .unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), others.len() + 3);
}

#[tokio::test]
async fn concurrent_calls_wait_for_one_sign_in() {
    let asked = Arc::new(AtomicUsize::new(0));
    let tokens = SharedTokens::new();
    let key = TokenKey::new("authority", "tenant", "client", "scope");
    let calls = (0..16).map(|_| {
        let source = tokens.serve(Counting(Arc::clone(&asked), Some(key.clone())));
        tokio::spawn(async move { source.token().await.map(drop) })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_chain_shares_the_tokens_of_its_sources_and_names_the_chosen_one() {
    let simulator = Simulator::builder().start().await.unwrap();
    let tokens = SharedTokens::new();
    let scope = "https://graph.microsoft.com/.default";
    for _ in 0..2 {
        let chain = Chain::new().and(Chain::new().or("secret", credentials(&simulator, scope)));
        let chain = Arc::new(chain.sharing(&tokens));
        assert_eq!(chain.chosen(), None);
        let source = Arc::clone(&chain);
        let client = client(&simulator).token_source(source).build().unwrap();
        client.get_incident(REFERENCE).await.unwrap();
        assert_eq!(chain.chosen(), Some("secret"));
    }
    assert_eq!(simulator.ledger().sign_ins().len(), 1);
}

/// A keyring of this test.
#[derive(Clone, Default)]
struct Keyring(Arc<Mutex<Option<String>>>);

impl RefreshTokens for Keyring {
    fn load(&self) -> Result<Option<String>, BoxError> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn save(&self, refresh_token: &str) -> Result<(), BoxError> {
        *self.0.lock().unwrap() = Some(refresh_token.to_owned());
        Ok(())
    }
}

#[tokio::test]
async fn a_remembered_person_is_not_asked_again() {
    let simulator = Simulator::builder()
        .device_code_interval(1)
        .sign_in_after_polls(Some(0))
        .start()
        .await
        .unwrap();
    let keyring = Keyring::default();
    let (tenant, id) = (simulator.tenant_id(), simulator.client_id());
    let remembered = || {
        let source = DeviceCode::remembered(tenant, id).unwrap();
        source
            .authority(simulator.origin())
            .remembering(keyring.clone())
    };
    // Nobody is remembered yet: the source is unavailable, and a chain continues.
    let chain = Chain::new().or("remembered", remembered()).or(
        "secret",
        credentials(&simulator, "https://graph.microsoft.com/.default"),
    );
    chain.token().await.unwrap();
    assert_eq!(chain.chosen(), Some("secret"));

    let source = DeviceCode::new(tenant, id, |_| {}).unwrap();
    let source = source
        .authority(simulator.origin())
        .remembering(keyring.clone());
    source.sign_in().await.unwrap();
    assert!(keyring.0.lock().unwrap().is_some());

    // Another process.
    let client = client(&simulator)
        .token_source(remembered())
        .build()
        .unwrap();
    client.get_incident(REFERENCE).await.unwrap();

    // An expired sign-in is an error, and no reason to use another source.
    simulator.revoke_refresh_tokens();
    let chain = Chain::new().or("remembered", remembered()).or(
        "secret",
        credentials(&simulator, "https://graph.microsoft.com/.default"),
    );
    let error = chain.token().await.unwrap_err();
    assert!(error.to_string().contains("remembered: "), "{error}");
}
