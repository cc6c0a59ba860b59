//! Signing out, with and without the provider; and another person in place of the first.

use promptpal_account::{AccountError, Revocation, SessionState};

use crate::desk::{Desk, remembered, state};

#[tokio::test]
async fn ends_the_session_here_and_there() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    assert_eq!(desk.account.sign_out().await.unwrap(), Revocation::Done);
    assert_eq!(state(&desk.account), SessionState::SignedOut);
    assert_eq!(remembered(&desk.account), None);
    assert!(desk.secrets.is_empty());
    assert!(matches!(
        desk.account.access_token().await,
        Err(AccountError::NotSignedIn)
    ));
    assert_eq!(desk.identity.asked().await.unwrap().revocations, 1);
    assert_eq!(desk.account.sign_out().await.unwrap(), Revocation::Nothing);
}

#[tokio::test]
async fn tells_the_provider_later_when_it_is_away() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    let token = desk.stored("grace").unwrap();
    desk.identity.set_down(true).await.unwrap();
    assert_eq!(desk.account.sign_out().await.unwrap(), Revocation::Queued);
    assert_eq!(state(&desk.account), SessionState::SignedOut);
    assert_eq!((desk.stored("grace"), desk.pending()), (None, Some(token)));

    // Still away at the next start: nothing is lost, and starting works.
    assert_eq!(
        desk.restarted().restore(None).await.unwrap(),
        SessionState::SignedOut
    );
    assert!(desk.pending().is_some());

    desk.identity.set_down(false).await.unwrap();
    assert_eq!(
        desk.restarted().restore(None).await.unwrap(),
        SessionState::SignedOut
    );
    assert!(desk.secrets.is_empty());
    assert_eq!(desk.identity.asked().await.unwrap().revocations, 1);
}

#[tokio::test]
async fn another_person_takes_the_place_of_the_first() {
    let desk = Desk::new().await;
    desk.sign_in("grace").await;
    let profile = desk.sign_in("alan").await;
    assert_eq!(profile.name.as_deref(), Some("Alan Example"));
    assert_eq!(remembered(&desk.account).unwrap().profile, profile);
    assert_eq!((desk.stored("grace"), desk.pending()), (None, None));
    assert_eq!(desk.identity.asked().await.unwrap().revocations, 1);
    desk.account.refresh().await.unwrap();

    // The same person again: the session that is theirs goes on working.
    desk.sign_in("alan").await;
    desk.account.refresh().await.unwrap();
    assert_eq!(desk.identity.asked().await.unwrap().revocations, 1);
}
