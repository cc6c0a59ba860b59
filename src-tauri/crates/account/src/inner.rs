//! What all handles to an account share, and the one place where the session is changed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use promptpal_domain::{Clock, Timestamp};
use tokio::sync::{Notify, watch};
use tokio_util::task::TaskTracker;
use url::Url;

use crate::AccountError;
use crate::config::{AccountConfig, check_issuer};
use crate::provider::{Provider, Tokens};
use crate::secrets::{Secret, SecretKey, SecretStore};
use crate::session::{Contact, Profile, Remembered, SessionState};
use crate::transport::Transport;
use crate::vault::Vault;

/// How long metadata and keys of the provider are used before they are read again.
const METADATA_AGE_MS: i64 = 60 * 60 * 1000;
/// A token that ends sooner than this is refreshed before it is handed out.
const SPARE_MS: i64 = 10 * 1000;
/// How long to wait after the first failed refresh; doubled each time.
const FIRST_RETRY_MS: i64 = 30 * 1000;
const LAST_RETRY_MS: i64 = 10 * 60 * 1000;

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: AccountConfig,
    transport: Option<Transport>,
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) state: watch::Sender<SessionState>,
    shown: Mutex<Shown>,
    pub(crate) remembered: watch::Sender<Option<Remembered>>,
    live: Mutex<Live>,
    provider: Mutex<Option<(Arc<Provider>, Timestamp)>>,
    /// Held by whoever changes the session, across its awaits: that is what it is for.
    pub(crate) turn: tokio::sync::Mutex<()>,
    pub(crate) tasks: TaskTracker,
    /// The time of the next refresh may have changed.
    pub(crate) changed: Notify,
}

/// What the state is made of: a sign-in that is under way hides the session it may replace.
#[derive(Debug)]
struct Shown {
    session: SessionState,
    signing_in: bool,
}

/// A sign-in that is under way; dropping it ends it, and the session shows again.
#[derive(Debug)]
pub(crate) struct Attempt<'a>(&'a Inner);

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.0.show(|shown| shown.signing_in = false);
    }
}

/// What lasts no longer than the program.
#[derive(Debug, Default)]
struct Live {
    access: Option<Access>,
    /// Counts sessions and refreshes, so that who waited for a refresh knows that it happened.
    generation: u64,
    /// When to refresh next.
    due: Option<Timestamp>,
    failures: u32,
}

#[derive(Clone, Debug)]
struct Access {
    token: Secret,
    ends: Timestamp,
}

impl Inner {
    pub(crate) fn new(
        config: AccountConfig,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AccountError> {
        let transport = match &config.issuer {
            Some(issuer) => {
                check_issuer(issuer)?;
                Some(Transport::new(issuer, config.request_timeout)?)
            }
            None => None,
        };
        Ok(Self {
            vault: Vault::new(secrets, config.secret_timeout)?,
            config,
            transport,
            clock,
            state: watch::Sender::new(SessionState::SignedOut),
            remembered: watch::Sender::new(None),
            live: Mutex::default(),
            provider: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            shown: Mutex::new(Shown {
                session: SessionState::SignedOut,
                signing_in: false,
            }),
            tasks: TaskTracker::new(),
            changed: Notify::new(),
        })
    }

    pub(crate) fn issuer(&self) -> Result<&Url, AccountError> {
        self.config.issuer.as_ref().ok_or(AccountError::NotConfigured)
    }

    pub(crate) fn current(&self) -> SessionState {
        self.state.borrow().clone()
    }

    pub(crate) fn remembered(&self) -> Option<Remembered> {
        self.remembered.borrow().clone()
    }

    pub(crate) fn session_key(&self, subject: &str) -> Result<SecretKey, AccountError> {
        Ok(SecretKey::session(
            self.issuer()?,
            &self.config.client_id,
            subject,
        ))
    }

    pub(crate) fn revocation_key(&self) -> Result<SecretKey, AccountError> {
        Ok(SecretKey::revocation(self.issuer()?, &self.config.client_id))
    }

    pub(crate) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// The provider, as it was read within the last hour.
    pub(crate) async fn provider(&self) -> Result<Arc<Provider>, AccountError> {
        let known = lock(&self.provider).clone();
        match known {
            Some((provider, read)) if (0..METADATA_AGE_MS).contains(&self.clock.now().since(read)) => {
                Ok(provider)
            }
            _ => self.discover().await,
        }
    }

    /// The provider, with metadata and keys read now.
    pub(crate) async fn discover(&self) -> Result<Arc<Provider>, AccountError> {
        let issuer = self.issuer()?;
        let now = self.clock.now();
        let transport = self.transport.clone().ok_or(AccountError::NotConfigured)?;
        let provider = Arc::new(Provider::discover(issuer, &self.config.client_id, transport).await?);
        *lock(&self.provider) = Some((Arc::clone(&provider), now));
        Ok(provider)
    }

    /// Passes an answer of the secret store on; that there is no store becomes the state of the session.
    pub(crate) fn report_store<T>(&self, answer: Result<T, AccountError>) -> Result<T, AccountError> {
        if let Err(AccountError::SecretStoreMissing { advice }) = &answer {
            self.set_session(SessionState::SecretStoreMissing {
                advice: advice.clone(),
            });
        }
        answer
    }

    /// Begins a sign-in, unless one is under way.
    pub(crate) fn attempt(&self) -> Result<Attempt<'_>, AccountError> {
        let mut begun = false;
        self.show(|shown| {
            begun = !shown.signing_in;
            shown.signing_in = true;
        });
        if begun {
            Ok(Attempt(self))
        } else {
            Err(AccountError::SignInUnderWay)
        }
    }

    fn set_session(&self, session: SessionState) {
        self.show(|shown| shown.session = session);
    }

    fn show(&self, change: impl FnOnce(&mut Shown)) {
        let mut shown = lock(&self.shown);
        change(&mut shown);
        let state = if shown.signing_in {
            SessionState::SigningIn
        } else {
            shown.session.clone()
        };
        // Within the lock, so that the last change is the last one announced.
        self.state.send_replace(state);
    }

    pub(crate) async fn refresh(&self, seen: u64) -> Result<(), AccountError> {
        let _turn = self.turn.lock().await;
        if self.generation() != seen {
            // Somebody else was first: refreshed it, ended it, or found it ended.
            return match lock(&self.shown).session {
                SessionState::SignedIn { .. } => Ok(()),
                SessionState::Expired => Err(AccountError::Expired),
                _ => Err(AccountError::NotSignedIn),
            };
        }
        let remembered = self.remembered().ok_or(AccountError::NotSignedIn)?;
        let result = self.exchange(&remembered.profile).await;
        match &result {
            Ok(()) => {}
            Err(AccountError::Expired) => self.expired(),
            Err(AccountError::SecretStoreMissing { .. }) => self.postpone(),
            Err(_) => self.went_offline(),
        }
        self.report_store(result)
    }

    async fn exchange(&self, profile: &Profile) -> Result<(), AccountError> {
        let key = self.session_key(&profile.subject)?;
        let stored = self.vault.read(key.clone()).await?.ok_or(AccountError::Expired)?;
        let provider = self.provider().await?;
        let tokens = match provider.refresh(&stored).await {
            Err(AccountError::Expired) => {
                // The other program of ours (window, command line) may have been first, and stored its new token.
                match self.vault.read(key.clone()).await? {
                    Some(newer) if newer != stored => provider.refresh(&newer).await?,
                    _ => {
                        self.vault.delete(key).await?;
                        return Err(AccountError::Expired);
                    }
                }
            }
            other => other?,
        };
        // First of all the new token is stored: the old one is spent, whatever else this answer holds.
        self.store(&provider, &profile.subject, &tokens).await?;
        if let Err(error) = provider.check_still(&profile.subject, &tokens, &*self.clock) {
            // It may be signed with a key that the provider made after its keys were read.
            *lock(&self.provider) = None;
            return Err(error);
        }
        self.confirmed(profile.clone(), tokens)
    }

    /// Stores the refresh token. One that cannot be stored is revoked, so that none is left behind that nobody knows.
    pub(crate) async fn store(
        &self,
        provider: &Provider,
        subject: &str,
        tokens: &Tokens,
    ) -> Result<(), AccountError> {
        let Some(token) = &tokens.refresh else {
            return Ok(());
        };
        let written = self.vault.write(self.session_key(subject)?, token.clone()).await;
        if written.is_err()
            && let Err(error) = provider.revoke(token).await
        {
            tracing::warn!(%error, "a session that could not be stored could not be revoked either");
        }
        written
    }

    /// The provider confirmed the session just now: it is fresh, and remembered.
    pub(crate) fn confirmed(&self, profile: Profile, tokens: Tokens) -> Result<(), AccountError> {
        let now = self.clock.now();
        let lifetime = i64::try_from(tokens.lifetime.as_millis()).unwrap_or(i64::MAX);
        {
            let mut live = lock(&self.live);
            live.access = Some(Access {
                token: tokens.access,
                ends: now.plus_millis(lifetime),
            });
            live.due = Some(now.plus_millis(lifetime / 5 * 4));
            live.failures = 0;
            live.generation += 1;
        }
        self.remembered.send_replace(Some(Remembered {
            issuer: self.issuer()?.clone(),
            client_id: self.config.client_id.clone(),
            profile: profile.clone(),
            last_contact: now,
        }));
        self.set_session(SessionState::SignedIn {
            profile,
            contact: Contact::Fresh,
        });
        self.changed.notify_one();
        Ok(())
    }

    /// The session stays, without contact; or has expired when that lasts too long.
    pub(crate) fn went_offline(&self) {
        let Some(Remembered {
            profile,
            last_contact,
            ..
        }) = self.remembered()
        else {
            return;
        };
        let grace = i64::try_from(self.config.offline_grace.as_millis()).unwrap_or(i64::MAX);
        let contact = Contact::OfflineSince(last_contact);
        self.set_session(if self.clock.now().since(last_contact) > grace {
            SessionState::Expired
        } else {
            SessionState::SignedIn { profile, contact }
        });
        self.postpone();
    }

    /// Sets the time of the next try: later after each failure.
    fn postpone(&self) {
        let now = self.clock.now();
        {
            let mut live = lock(&self.live);
            let wait = FIRST_RETRY_MS
                .saturating_mul(1 << live.failures.min(10))
                .min(LAST_RETRY_MS);
            live.due = Some(now.plus_millis(wait));
            live.failures = live.failures.saturating_add(1);
        }
        self.changed.notify_one();
    }

    /// The provider does not know the session any more. Who it was stays remembered until the next sign-in or sign-out.
    fn expired(&self) {
        self.forget_tokens();
        self.set_session(SessionState::Expired);
    }

    /// Nobody is signed in any more.
    pub(crate) fn forget(&self) {
        self.forget_tokens();
        self.remembered.send_replace(None);
        self.set_session(SessionState::SignedOut);
    }

    fn forget_tokens(&self) {
        {
            let mut live = lock(&self.live);
            *live = Live {
                generation: live.generation + 1,
                ..Live::default()
            };
        }
        self.changed.notify_one();
    }

    pub(crate) fn generation(&self) -> u64 {
        lock(&self.live).generation
    }

    /// When the session is to be refreshed next.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        lock(&self.live).due
    }

    pub(crate) fn current_token(&self) -> Option<Secret> {
        let now = self.clock.now();
        let live = lock(&self.live);
        let access = live
            .access
            .as_ref()
            .filter(|access| access.ends.since(now) > SPARE_MS)?;
        Some(access.token.clone())
    }

    /// How long to wait for `due`, at most a minute: a computer that slept has moved its clock.
    pub(crate) fn wait_for(&self, due: Timestamp) -> Duration {
        let ms = due.since(self.clock.now()).clamp(0, 60_000);
        Duration::from_millis(ms.unsigned_abs())
    }
}

/// Nothing panics while one of these is held, so a poisoned one is whole.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
