//! The secret store of the system, where one can be used: `PROMPTPAL_TEST_KEYRING=1` promises an unlocked one that may be
//! thrown away.

use std::process::Command;
use std::sync::Arc;

use promptpal_account::{
    AccountError, Contact, KeyringStore, Secret, SecretKey, SecretStore as _, SessionState,
};
use promptpal_testkit::identity::{Browser, Identity};
use tokio_util::sync::CancellationToken;

use crate::desk::{account, clock, remembered, sign_in, state};

/// Set for the copy of this test that runs without a session bus.
const WITHOUT_BUS: &str = "PROMPTPAL_TEST_WITHOUT_SECRET_SERVICE";

#[tokio::test]
async fn keeps_a_session_in_the_systems_keyring() {
    if std::env::var_os("PROMPTPAL_TEST_KEYRING").is_none() {
        println!("keyring: PROMPTPAL_TEST_KEYRING is not set, not run");
        return;
    }
    let store = KeyringStore::new("Promptpal test");
    let key = SecretKey::session(&"https://id.example.org".parse().unwrap(), "desk", "a subject");
    let long = Secret::new("é".repeat(1200));
    assert_eq!(store.read(&key).unwrap(), None);
    store.write(&key, &Secret::new("short")).unwrap();
    store.write(&key, &long).unwrap();
    assert_eq!(store.read(&key).unwrap(), Some(long));
    store.delete(&key).unwrap();
    store.delete(&key).unwrap();
    assert_eq!(store.read(&key).unwrap(), None);

    let identity = Identity::start().await.unwrap();
    let first = account(&identity, Arc::new(store.clone()), clock());
    sign_in(&first, Browser::new("grace").unwrap()).await.unwrap();
    let key = SecretKey::session(identity.issuer(), identity.client_id(), "grace");
    let signed_in = store.read(&key).unwrap().unwrap();

    let second = account(&identity, Arc::new(store.clone()), clock());
    let restored = second.restore(remembered(&first)).await.unwrap();
    assert!(
        matches!(
            restored,
            SessionState::SignedIn {
                contact: Contact::Fresh,
                ..
            }
        ),
        "{restored:?}"
    );
    assert_ne!(store.read(&key).unwrap().unwrap(), signed_in);

    second.sign_out().await.unwrap();
    assert_eq!(store.read(&key).unwrap(), None);
}

/// Runs itself again in a process without any session bus: the outcome of looking for a store lasts as long as the
/// process does.
#[test]
#[cfg(not(any(target_os = "macos", windows)))]
fn says_what_to_do_where_there_is_no_keyring() {
    let copy = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "keyring::without_a_secret_service", "--nocapture"])
        .env(WITHOUT_BUS, "1")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .env_remove("PROMPTPAL_TEST_KEYRING")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&copy.stdout);
    assert!(
        copy.status.success(),
        "{output}{}",
        String::from_utf8_lossy(&copy.stderr)
    );
    assert!(output.contains("1 passed"), "{output}");
}

#[tokio::test]
async fn without_a_secret_service() {
    if std::env::var_os(WITHOUT_BUS).is_none() {
        return; // Its other half calls it.
    }
    let identity = Identity::start().await.unwrap();
    let account = account(&identity, Arc::new(KeyringStore::new("Promptpal test")), clock());
    let cancel = CancellationToken::new();
    let result = account
        .sign_in(|_| panic!("the browser was opened"), &cancel)
        .await;
    assert!(
        matches!(result, Err(AccountError::SecretStoreMissing { .. })),
        "{result:?}"
    );
    let shown = state(&account);
    assert!(
        matches!(&shown, SessionState::SecretStoreMissing { advice } if advice.contains("GNOME Keyring")),
        "{shown:?}"
    );
    let restored = account.restore(None).await;
    assert!(
        matches!(restored, Err(AccountError::SecretStoreMissing { .. })),
        "{restored:?}"
    );
}
