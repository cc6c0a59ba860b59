//! Signing in on another device.

use promptpal_account::{AccountError, Contact, DevicePrompt, Profile, SessionState};
use promptpal_testkit::identity::{Arrival, Browser};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, state};

async fn sign_in_device(desk: &Desk, mut browser: Browser) -> Result<Profile, AccountError> {
    let (shown, prompt) = oneshot::channel::<DevicePrompt>();
    let cancel = CancellationToken::new();
    let signing_in = desk
        .account
        .sign_in_device(move |prompt| shown.send(prompt.clone()).unwrap(), &cancel);
    let (result, ()) = tokio::join!(signing_in, async move {
        let prompt = prompt.await.unwrap();
        assert_eq!(prompt.expires_in_s, 300);
        let complete = prompt.verification_uri_complete.unwrap();
        assert!(
            complete.starts_with(prompt.verification_uri.as_str()) && complete.contains(&prompt.user_code)
        );
        let end = browser.walk(&complete.parse().unwrap()).await;
        assert!(matches!(end, Ok(Arrival::Page(_))), "{end:?}");
    });
    result
}

#[tokio::test]
async fn signs_in_on_another_device() {
    let desk = Desk::new().await;
    let profile = sign_in_device(&desk, Browser::new("grace").unwrap())
        .await
        .unwrap();
    assert_eq!(profile.email.as_deref(), Some("grace@example.test"));
    assert_eq!(
        state(&desk.account),
        SessionState::SignedIn {
            profile,
            contact: Contact::Fresh
        }
    );
    assert!(desk.stored("grace").is_some());
    desk.account.refresh().await.unwrap();
}

#[tokio::test]
async fn a_device_that_nobody_confirms_can_be_cancelled() {
    let desk = Desk::new().await;
    let cancel = CancellationToken::new();
    let result = desk.account.sign_in_device(|_| cancel.cancel(), &cancel).await;
    assert!(matches!(result, Err(AccountError::Cancelled)), "{result:?}");
    assert_eq!(state(&desk.account), SessionState::SignedOut);
}
