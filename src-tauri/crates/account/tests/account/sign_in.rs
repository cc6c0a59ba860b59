//! Signing in through the browser, and everything that must not work.

use std::sync::Arc;
use std::time::Duration;

use promptpal_account::{
    Account, AccountConfig, AccountError, CallbackFault, Contact, MemoryStore, Profile, Secret, SecretKey,
    SecretStore, SessionState,
};
use promptpal_testkit::identity::{Browser, Identity};
use tokio_util::sync::CancellationToken;

use crate::desk::{
    Desk, account, callback, clock, config, remembered, sign_in, sign_in_by, state, with_param,
};

fn grace() -> Profile {
    Profile {
        subject: "grace".into(),
        name: Some("Grace Example".into()),
        email: Some("grace@example.test".into()),
    }
}

#[tokio::test]
async fn signs_in() {
    let desk = Desk::new().await;
    assert_eq!(state(&desk.account), SessionState::SignedOut);
    assert!(desk.secrets.is_empty());

    let mut page = String::new();
    let profile = sign_in_by(&desk.account, async |url| {
        assert_eq!(state(&desk.account), SessionState::SigningIn);
        page = Browser::new("grace").unwrap().sign_in(&url).await.unwrap();
    })
    .await
    .unwrap();

    assert_eq!(profile, grace());
    assert!(page.contains("You are signed in"), "{page}");
    assert_eq!(
        state(&desk.account),
        SessionState::SignedIn {
            profile: grace(),
            contact: Contact::Fresh
        }
    );
    assert_eq!(desk.secrets.len(), 1);
    let refresh = desk.stored("grace").unwrap();
    let access = desk.account.access_token().await.unwrap();

    // Neither token is where it could be read: not in what is remembered, not in any debug output.
    let kept = serde_json::to_string(&remembered(&desk.account).unwrap()).unwrap();
    let shown = format!("{:?} {:?} {:?}", desk.account, desk.secrets, state(&desk.account));
    for secret in [refresh.reveal(), access.reveal()] {
        assert!(!kept.contains(secret) && !shown.contains(secret));
    }
    assert_eq!(desk.identity.asked().await.unwrap().exchanges, 1);
}

#[tokio::test]
async fn refuses_what_does_not_answer_its_request() {
    let desk = Desk::new().await;
    let check = async |change: &str, value: &str, at_provider: bool, expected: fn(&AccountError) -> bool| {
        let mut page = String::new();
        let result = sign_in_by(&desk.account, async |url| {
            let mut browser = Browser::new("grace").unwrap();
            let asked = if at_provider {
                with_param(&url, change, value)
            } else {
                url
            };
            let mut back = callback(&mut browser, &asked).await;
            if !at_provider {
                back = with_param(&back, change, value);
            }
            page = browser.visit(&back).await.unwrap().1;
        })
        .await;
        let error = result.unwrap_err();
        assert!(expected(&error), "{change}: {error:?}");
        assert!(page.contains("Signing in did not work"), "{page}");
        assert_eq!(state(&desk.account), SessionState::SignedOut);
        assert!(desk.secrets.is_empty());
    };
    check("state", "another", true, |error| {
        matches!(error, AccountError::CallbackRefused(CallbackFault::State))
    })
    .await;
    check("nonce", "another", true, |error| {
        matches!(error, AccountError::IdTokenRefused { .. })
    })
    .await;
    check("iss", "http://127.0.0.1:1", false, |error| {
        matches!(error, AccountError::CallbackRefused(CallbackFault::Issuer))
    })
    .await;
    check(
        "code",
        "another",
        false,
        |error| matches!(error, AccountError::Refused { code, .. } if code == "invalid_grant"),
    )
    .await;
    check(
        "code_challenge",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        true,
        |error| matches!(error, AccountError::Refused { code, .. } if code == "invalid_grant"),
    )
    .await;
}

#[tokio::test]
async fn takes_one_callback_only() {
    let desk = Desk::new().await;
    sign_in_by(&desk.account, async |url| {
        let mut browser = Browser::new("grace").unwrap();
        let back = callback(&mut browser, &url).await;
        let elsewhere = back.join("/favicon.ico").unwrap();
        assert_eq!(browser.visit(&elsewhere).await.unwrap().0, 404);
        assert_eq!(browser.visit(&back).await.unwrap().0, 200);
        assert!(browser.visit(&back).await.is_err(), "somebody still listens");
    })
    .await
    .unwrap();
    assert_eq!(desk.identity.asked().await.unwrap().exchanges, 1);
}

#[tokio::test]
async fn a_person_may_say_no() {
    let desk = Desk::new().await;
    let result = sign_in(&desk.account, Browser::new("grace").unwrap().refusing()).await;
    assert!(matches!(result, Err(AccountError::Denied)), "{result:?}");
    assert_eq!(state(&desk.account), SessionState::SignedOut);
}

#[tokio::test]
async fn can_be_cancelled_and_keeps_who_was_signed_in() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    let before = state(&desk.account);
    let cancel = CancellationToken::new();
    let account = desk.account.clone();
    let result = desk
        .account
        .sign_in(
            |_| {
                assert_eq!(state(&account), SessionState::SigningIn);
                cancel.cancel();
            },
            &cancel,
        )
        .await;
    assert!(matches!(result, Err(AccountError::Cancelled)), "{result:?}");
    assert_eq!(state(&desk.account), before);
}

#[tokio::test]
async fn does_not_wait_for_ever_nor_twice() {
    let identity = Identity::start().await.unwrap();
    let mut config = config(&identity);
    config.sign_in_timeout = Duration::from_millis(400);
    let account = Account::new(config, Arc::new(MemoryStore::default()), clock()).unwrap();
    let cancel = CancellationToken::new();
    let (first, second) = tokio::join!(
        account.sign_in(|_| {}, &cancel),
        account.sign_in(|_| panic!("a second browser"), &cancel)
    );
    assert!(matches!(first, Err(AccountError::TimedOut(_))), "{first:?}");
    assert!(matches!(second, Err(AccountError::SignInUnderWay)), "{second:?}");
    assert_eq!(state(&account), SessionState::SignedOut);
}

#[tokio::test]
async fn speaks_with_proper_issuers_only() {
    let account_at = |issuer: Option<&str>| {
        let config = AccountConfig::new(issuer.map(|text| text.parse().unwrap()), "promptpal-desktop");
        Account::new(config, Arc::new(MemoryStore::default()), clock())
    };
    let refused = account_at(Some("http://id.example.org")).unwrap_err();
    assert!(
        matches!(refused, AccountError::IssuerRefused { .. }),
        "{refused:?}"
    );

    let off = account_at(None).unwrap();
    let cancel = CancellationToken::new();
    assert!(!off.is_configured());
    assert_eq!(off.restore(None).await.unwrap(), SessionState::SignedOut);
    assert!(matches!(
        off.sign_in(|_| {}, &cancel).await,
        Err(AccountError::NotConfigured)
    ));
    assert!(matches!(off.sign_out().await, Err(AccountError::NotConfigured)));
    assert!(matches!(off.access_token().await, Err(AccountError::NotSignedIn)));
}

#[tokio::test]
async fn says_that_the_provider_is_away() {
    let desk = Desk::new().await;
    desk.identity.set_down(true).await.unwrap();
    let result = sign_in_by(&desk.account, async |_| panic!("the browser was opened")).await;
    let error = result.unwrap_err();
    assert!(
        matches!(error, AccountError::Unreachable { .. }) && error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(state(&desk.account), SessionState::SignedOut);
}

/// Reads and deletes, but cannot keep anything.
#[derive(Debug)]
struct FullStore;

impl SecretStore for FullStore {
    fn read(&self, _: &SecretKey) -> Result<Option<Secret>, AccountError> {
        Ok(None)
    }

    fn write(&self, _: &SecretKey, _: &Secret) -> Result<(), AccountError> {
        Err(AccountError::SecretStoreFailed {
            doing: "writing an entry",
            reason: "it is full".into(),
        })
    }

    fn delete(&self, _: &SecretKey) -> Result<(), AccountError> {
        Ok(())
    }
}

#[tokio::test]
async fn leaves_no_session_behind_that_it_could_not_store() {
    let identity = Identity::start().await.unwrap();
    let account = account(&identity, Arc::new(FullStore), clock());
    let mut page = String::new();
    let result = sign_in_by(&account, async |url| {
        page = Browser::new("grace").unwrap().sign_in(&url).await.unwrap();
    })
    .await;
    assert!(
        matches!(result, Err(AccountError::SecretStoreFailed { .. })),
        "{result:?}"
    );
    assert!(page.contains("Signing in did not work"), "{page}");
    assert_eq!(state(&account), SessionState::SignedOut);
    assert_eq!(identity.asked().await.unwrap().revocations, 1);
}
