//! What becomes of a session: restored, refreshed, offline, ended.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use promptpal_account::{
    Account, AccountConfig, AccountError, Contact, MemoryStore, SecretStore as _, SessionState,
};
use promptpal_domain::{Clock, Timestamp};
use promptpal_testkit::identity::IdentityOptions;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, PATIENCE, account, remembered, sign_in, state};

const DAY_MS: i64 = 24 * 3600 * 1000;

fn contact(state: &SessionState) -> Contact {
    match state {
        SessionState::SignedIn { contact, .. } => *contact,
        other => panic!("nobody is signed in: {other:?}"),
    }
}

#[tokio::test]
async fn is_restored_and_its_token_rotates() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    let first = desk.stored("grace").unwrap();
    let kept = remembered(&desk.account);

    let again = desk.restarted();
    assert_eq!(
        contact(&again.restore(kept.clone()).await.unwrap()),
        Contact::Fresh
    );
    let second = desk.stored("grace").unwrap();
    assert_ne!(first, second);
    assert_eq!(desk.secrets.len(), 1);

    // The first handle read the token from memory at no time: it goes on with the rotated one.
    desk.account.refresh().await.unwrap();
    assert_eq!(contact(&state(&desk.account)), Contact::Fresh);

    // Of another issuer or client: nobody is signed in, and nothing is touched.
    let mut foreign = kept.unwrap();
    foreign.client_id = "another".into();
    assert_eq!(
        desk.restarted().restore(Some(foreign)).await.unwrap(),
        SessionState::SignedOut
    );
    assert_eq!(
        desk.restarted().restore(None).await.unwrap(),
        SessionState::SignedOut
    );
    assert!(desk.stored("grace").is_some());
}

#[tokio::test]
async fn many_that_need_a_token_share_one_refresh() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    desk.clock.advance_millis(299 * 1000);
    let all = tokio::join!(
        desk.account.access_token(),
        desk.account.access_token(),
        desk.account.access_token(),
        desk.account.access_token()
    );
    let tokens = [all.0.unwrap(), all.1.unwrap(), all.2.unwrap(), all.3.unwrap()];
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    assert_eq!(desk.identity.asked().await.unwrap().refreshes, 1);
}

#[tokio::test]
async fn a_refresh_is_finished_though_nobody_waits_for_it() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    let first = desk.stored("grace").unwrap();
    let mut waiting = Box::pin(desk.account.refresh());
    // Begun, and given up at once.
    assert!(futures_poll_once(&mut waiting).await.is_none());
    drop(waiting);
    timeout(PATIENCE, desk.account.settle()).await.unwrap();
    assert_ne!(desk.stored("grace").unwrap(), first);
    desk.account.refresh().await.unwrap();
}

/// Polls once; `None` while it is not done.
async fn futures_poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn ends_when_the_provider_ends_it() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    // A spent token that is used again looks stolen: the provider ends the whole session (RFC 9700).
    let spent = desk.stored("grace").unwrap();
    desk.account.refresh().await.unwrap();
    desk.secrets.write(&desk.key("grace"), &spent).unwrap();

    let error = desk.account.refresh().await.unwrap_err();
    assert!(matches!(error, AccountError::Expired), "{error:?}");
    assert_eq!(state(&desk.account), SessionState::Expired);
    assert_eq!(desk.stored("grace"), None);
    assert!(matches!(
        desk.account.access_token().await,
        Err(AccountError::Expired)
    ));
    assert!(
        remembered(&desk.account).is_some(),
        "who it was is kept until somebody signs in or out"
    );

    desk.sign_in("grace").await;
    assert_eq!(contact(&state(&desk.account)), Contact::Fresh);
}

#[tokio::test]
async fn lasts_a_while_without_the_provider() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    let signed_in_at = desk.clock.now();
    let kept = remembered(&desk.account);
    desk.identity.set_down(true).await.unwrap();

    desk.clock.advance_millis(13 * DAY_MS);
    let account = desk.restarted();
    let offline = account.restore(kept.clone()).await.unwrap();
    assert_eq!(contact(&offline), Contact::OfflineSince(signed_in_at));
    assert!(matches!(
        account.access_token().await,
        Err(AccountError::Unreachable { .. })
    ));

    desk.clock.advance_millis(2 * DAY_MS);
    assert_eq!(
        desk.restarted().restore(kept).await.unwrap(),
        SessionState::Expired
    );
    assert!(
        desk.stored("grace").is_some(),
        "it works again once the provider is back"
    );

    desk.identity.set_down(false).await.unwrap();
    account.refresh().await.unwrap();
    assert_eq!(contact(&state(&account)), Contact::Fresh);
    assert_eq!(remembered(&account).unwrap().last_contact, desk.clock.now());
}

#[tokio::test]
async fn a_provider_that_is_gone_is_no_error_at_the_start() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    let kept = remembered(&desk.account);
    let account = account(&desk.identity, desk.secrets.clone(), desk.clock.clone());
    desk.identity.stop().await.unwrap();
    let state = account.restore(kept).await.unwrap();
    assert!(matches!(contact(&state), Contact::OfflineSince(_)));
}

/// The clock of this machine: the background task waits in real time.
#[derive(Debug)]
struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        Timestamp::from_millis(i64::try_from(now).unwrap())
    }
}

#[tokio::test]
async fn is_kept_fresh_in_the_background() {
    let options = IdentityOptions {
        access_ttl: 2,
        ..IdentityOptions::default()
    };
    let desk = Desk::with(&options).await;
    let config = AccountConfig::new(Some(desk.identity.issuer().clone()), desk.identity.client_id());
    let account = Account::new(config, Arc::new(MemoryStore::default()), Arc::new(RealClock)).unwrap();
    let cancel = CancellationToken::new();
    let keeper = tokio::spawn({
        let (account, cancel) = (account.clone(), cancel.clone());
        async move { account.keep_fresh(cancel).await }
    });

    sign_in(
        &account,
        promptpal_testkit::identity::Browser::new("grace").unwrap(),
    )
    .await
    .unwrap();
    let signed_in_at = remembered(&account).unwrap().last_contact;
    let mut changes = account.remembered();
    let refreshed =
        changes.wait_for(|kept| kept.as_ref().is_some_and(|kept| kept.last_contact > signed_in_at));
    let at = timeout(PATIENCE, refreshed)
        .await
        .unwrap()
        .unwrap()
        .as_ref()
        .unwrap()
        .last_contact;
    assert!(
        at.since(signed_in_at) >= 1600,
        "before four fifths of its life: {} ms",
        at.since(signed_in_at)
    );

    cancel.cancel();
    timeout(PATIENCE, keeper).await.unwrap().unwrap();
    assert!(desk.identity.asked().await.unwrap().refreshes >= 1);
}
