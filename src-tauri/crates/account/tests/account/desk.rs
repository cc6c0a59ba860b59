//! One desk: a provider, a place for secrets, and an account between them.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use promptpal_account::{
    Account, AccountConfig, AccountError, MemoryStore, Profile, Remembered, Secret, SecretKey, SecretStore,
    SessionState,
};
use promptpal_domain::{Clock, ManualClock, Timestamp};
use promptpal_testkit::identity::{Arrival, Browser, Identity, IdentityOptions};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Stands at the present of the test's start: the provider is a program with a clock of its own.
pub(crate) fn clock() -> Arc<ManualClock> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    Arc::new(ManualClock::new(Timestamp::from_millis(
        i64::try_from(now).unwrap(),
    )))
}

pub(crate) struct Desk {
    pub(crate) identity: Identity,
    pub(crate) secrets: Arc<MemoryStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) account: Account,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self::with(&IdentityOptions::default()).await
    }

    pub(crate) async fn with(options: &IdentityOptions) -> Self {
        let identity = Identity::start_with(options).await.unwrap();
        let (secrets, clock) = (Arc::new(MemoryStore::default()), clock());
        let account = account(&identity, secrets.clone(), clock.clone());
        Self {
            identity,
            secrets,
            clock,
            account,
        }
    }

    /// The program starts again, on the same machine.
    pub(crate) fn restarted(&self) -> Account {
        account(&self.identity, self.secrets.clone(), self.clock.clone())
    }

    pub(crate) async fn sign_in(&self, login: &str) -> Profile {
        sign_in(&self.account, Browser::new(login).unwrap())
            .await
            .unwrap()
    }

    pub(crate) fn key(&self, subject: &str) -> SecretKey {
        SecretKey::session(self.identity.issuer(), self.identity.client_id(), subject)
    }

    pub(crate) fn stored(&self, subject: &str) -> Option<Secret> {
        self.secrets.read(&self.key(subject)).unwrap()
    }

    pub(crate) fn pending(&self) -> Option<Secret> {
        let key = SecretKey::revocation(self.identity.issuer(), self.identity.client_id());
        self.secrets.read(&key).unwrap()
    }
}

pub(crate) fn config(identity: &Identity) -> AccountConfig {
    AccountConfig::new(Some(identity.issuer().clone()), identity.client_id())
}

pub(crate) fn account(identity: &Identity, secrets: Arc<dyn SecretStore>, clock: Arc<dyn Clock>) -> Account {
    Account::new(config(identity), secrets, clock).unwrap()
}

pub(crate) fn state(account: &Account) -> SessionState {
    account.session().borrow().clone()
}

pub(crate) fn remembered(account: &Account) -> Option<Remembered> {
    account.remembered().borrow().clone()
}

/// Signs in; the person's browser shows the program's page at the end.
pub(crate) async fn sign_in(account: &Account, mut browser: Browser) -> Result<Profile, AccountError> {
    sign_in_by(account, async move |url| {
        browser.sign_in(&url).await.unwrap();
    })
    .await
}

/// Signs in with a person who does what `person` says with the address.
pub(crate) async fn sign_in_by(
    account: &Account,
    person: impl AsyncFnOnce(Url),
) -> Result<Profile, AccountError> {
    let (shown, address) = oneshot::channel();
    let cancel = CancellationToken::new();
    let signing_in = account.sign_in(move |url: &Url| shown.send(url.clone()).unwrap(), &cancel);
    let (result, ()) = tokio::join!(signing_in, async {
        if let Ok(url) = address.await {
            person(url).await;
        }
    });
    result
}

/// Where the provider would send the browser, without going there.
pub(crate) async fn callback(browser: &mut Browser, url: &Url) -> Url {
    match browser.walk(url).await.unwrap() {
        Arrival::Callback(callback) => callback,
        Arrival::Page(page) => panic!("no callback but {page}"),
    }
}

/// The same address with one parameter changed.
pub(crate) fn with_param(url: &Url, name: &str, value: &str) -> Url {
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(key, old)| {
            let new = if key == name {
                value.to_owned()
            } else {
                old.into_owned()
            };
            (key.into_owned(), new)
        })
        .collect();
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(pairs);
    assert_ne!(&changed, url, "there is no {name}");
    changed
}

/// Long enough for a busy machine, short enough to be noticed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
