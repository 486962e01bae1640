//! What the token cache promises about moments that no clock of a test can wait for.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::*;
use crate::auth::from_fn;
use crate::retry::RetryPolicy;

/// Returns `token 0`, `token 1` and so on, each for an hour, or fails when requested.
fn cache(fails_at: Option<usize>) -> (TokenCache, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let source = from_fn(move || {
        let number = counter.fetch_add(1, Ordering::Relaxed);
        async move {
            match fails_at == Some(number) {
                true => Err("no"),
                false => Ok(AccessToken::new(format!("token{number}"))
                    .expires_in(Duration::from_secs(3_600))),
            }
        }
    });
    let cache = TokenCache::new(Box::new(source), reqwest::Client::new());
    (cache, asked)
}

async fn bearer(cache: &TokenCache) -> Bearer {
    let retry = RetryPolicy::none();
    let patience = SignInPatience::new(&retry, Instant::now());
    cache.bearer(patience).await.unwrap()
}

fn text(bearer: &Bearer) -> &str {
    bearer.header.to_str().unwrap()
}

/// Makes the token one that is to be renewed ahead, as it is in the last minutes of its life.
fn begins_to_end(cache: &TokenCache) {
    let mut current = cache.current.write().unwrap();
    current.as_mut().unwrap().ahead = Duration::from_secs(7_200);
}

#[tokio::test]
async fn a_token_is_renewed_once_before_it_expires_and_the_new_one_is_sent() {
    let (cache, asked) = cache(None);
    assert_eq!(text(&bearer(&cache).await), "Bearer token0");
    begins_to_end(&cache);
    assert_eq!(text(&bearer(&cache).await), "Bearer token1");
    assert_eq!(text(&bearer(&cache).await), "Bearer token1");
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_early_renewal_is_retried_after_half_a_minute_with_the_old_token_meanwhile() {
    let (cache, asked) = cache(Some(1));
    bearer(&cache).await;
    begins_to_end(&cache);
    assert_eq!(text(&bearer(&cache).await), "Bearer token0");
    tokio::time::advance(PAUSE_AHEAD - Duration::from_millis(1)).await;
    assert_eq!(text(&bearer(&cache).await), "Bearer token0");
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(text(&bearer(&cache).await), "Bearer token2");
}

#[tokio::test(start_paused = true)]
async fn a_missing_role_is_checked_again_after_five_minutes() {
    let (cache, asked) = cache(None);
    let retry = RetryPolicy::none();
    let patience = || SignInPatience::new(&retry, Instant::now());
    let first = bearer(&cache).await;
    let second = cache.bearer_with_roles(&first, patience()).await.unwrap();
    assert_eq!(text(&second), "Bearer token1");
    tokio::time::advance(BETWEEN_ROLES - Duration::from_millis(1)).await;
    assert!(cache.bearer_with_roles(&second, patience()).await.is_none());
    tokio::time::advance(Duration::from_millis(1)).await;
    assert!(cache.bearer_with_roles(&second, patience()).await.is_some());
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn a_bearer_knows_whether_it_has_expired_and_whether_it_was_cached() {
    let (cache, _) = cache(None);
    let mut bearer = bearer(&cache).await;
    assert!(!bearer.has_expired());
    assert!(!bearer.is_older_than(bearer.acquired));
    assert!(bearer.is_older_than(bearer.acquired + Duration::from_nanos(1)));
    bearer.expires_on = Some(SystemTime::now());
    assert!(bearer.has_expired());
}

#[tokio::test]
async fn tokens_are_described_and_not_shown() {
    let (cache, _) = cache(None);
    bearer(&cache).await;
    assert_eq!(format!("{cache:?}"), "TokenCache { .. }");
    let token = AccessToken::new("secret").expires_in(Duration::from_secs(60));
    let shown = format!("{token:?}");
    assert!(
        shown.starts_with("AccessToken { expires_on: Some("),
        "{shown}"
    );
    assert!(!shown.contains("secret"), "{shown}");
}
