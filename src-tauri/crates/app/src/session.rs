//! Sign-in: optional, and never in the way of anything else.

use std::sync::Arc;

use promptpal_account::{
    Account, AccountConfig, DevicePrompt, KeyringStore, Profile, Remembered, SecretStore, SessionState,
};
use promptpal_domain::Clock;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::bus::Event;
use crate::config::Config;
use crate::progress::lock;
use crate::settings::Settings;
use crate::{App, AppError};

/// The store's key of what outlives the program: who, where and when; never a token.
const KEY: &str = "session";
/// Under which name the secret store lists our entry.
const SERVICE: &str = "Promptpal";

/// The current account and what goes on with it.
#[derive(Debug)]
pub(crate) struct Session {
    secrets: Arc<dyn SecretStore>,
    account: Arc<Account>,
    under_way: Option<CancellationToken>,
    watching: CancellationToken,
}

/// A sign-in that waits for its browser; dropping it ends the wait.
struct Waiting {
    app: App,
    cancel: CancellationToken,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.cancel.cancel();
        lock(&self.app.inner.session).under_way = None;
    }
}

/// What the window shows of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionView {
    /// No issuer is set.
    NotConfigured,
    /// The account's own state.
    State(SessionState),
}

impl Session {
    pub(crate) fn new(
        config: &Config,
        settings: &Settings,
        secrets: Option<Arc<dyn SecretStore>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AppError> {
        let secrets = secrets.unwrap_or_else(|| Arc::new(KeyringStore::new(SERVICE)));
        let account = Account::new(account_config(config, settings), secrets.clone(), clock)?;
        Ok(Self {
            secrets,
            account: Arc::new(account),
            under_way: None,
            watching: CancellationToken::new(),
        })
    }
}

/// The configuration file goes before the settings.
fn account_config(config: &Config, settings: &Settings) -> AccountConfig {
    let issuer = config
        .account
        .issuer
        .clone()
        .or_else(|| settings.issuer_url.clone());
    let client_id = config
        .account
        .client_id
        .clone()
        .unwrap_or_else(|| settings.client_id.clone());
    AccountConfig::new(issuer, client_id)
}

impl App {
    /// The session as it is.
    #[must_use]
    pub fn session(&self) -> SessionView {
        if self.issuer().is_none() {
            return SessionView::NotConfigured;
        }
        SessionView::State(self.account().session().borrow().clone())
    }

    /// The issuer that people sign in at.
    #[must_use]
    pub fn issuer(&self) -> Option<Url> {
        account_config(self.config(), &self.settings()).issuer
    }

    /// Signs in through the browser, which `open` is asked to show.
    ///
    /// # Errors
    /// [`AppError::Account`]; [`AppError::Busy`] while another sign-in waits for its browser.
    pub async fn sign_in(
        &self,
        open: impl FnOnce(&str) -> Result<(), String> + Send + 'static,
    ) -> Result<Profile, AppError> {
        let (account, waiting) = self.begin_sign_in()?;
        let stop = waiting.cancel.clone();
        let show = move |url: &Url| {
            if let Err(reason) = open(url.as_str()) {
                tracing::warn!(%reason, "the browser could not be opened");
                stop.cancel();
            }
        };
        let profile = account.sign_in(show, &waiting.cancel).await?;
        let remembered = account.remembered().borrow().clone();
        self.keep_session(remembered).await?;
        Ok(profile)
    }

    /// Signs in with a code that is entered on another device.
    ///
    /// # Errors
    /// As [`App::sign_in`].
    pub async fn sign_in_device(&self, show: impl FnOnce(&DevicePrompt) + Send) -> Result<Profile, AppError> {
        let (account, waiting) = self.begin_sign_in()?;
        let profile = account.sign_in_device(show, &waiting.cancel).await?;
        let remembered = account.remembered().borrow().clone();
        self.keep_session(remembered).await?;
        Ok(profile)
    }

    /// Ends a sign-in that waits for its browser.
    pub fn cancel_sign_in(&self) {
        if let Some(cancel) = &lock(&self.inner.session).under_way {
            cancel.cancel();
        }
    }

    /// Signs out: the token is revoked and forgotten, the data stays.
    ///
    /// # Errors
    /// [`AppError::Account`]
    pub async fn sign_out(&self) -> Result<(), AppError> {
        self.account().sign_out().await?;
        self.keep_session(None).await
    }

    /// Takes up the session of the last start, if there was one. What goes wrong is a state, not an error.
    pub async fn take_up_session(&self) {
        self.watch_session();
        let remembered = match self.store().setting(KEY).await {
            Ok(value) => value.and_then(|value| serde_json::from_value::<Remembered>(value).ok()),
            Err(error) => {
                tracing::warn!(%error, "the last session cannot be read");
                None
            }
        };
        if let Err(error) = self.account().restore(remembered).await {
            tracing::info!(%error, "the last session was not taken up");
        }
    }

    /// After a change of issuer or client: the old session is left as it is at its issuer.
    pub(crate) async fn reconfigure_account(&self) {
        let made = {
            let session = lock(&self.inner.session);
            let config = account_config(self.config(), &self.settings());
            Account::new(config, session.secrets.clone(), self.inner.clock.clone())
        };
        match made {
            Ok(account) => {
                {
                    let mut session = lock(&self.inner.session);
                    session.watching.cancel();
                    session.watching = CancellationToken::new();
                    session.account = Arc::new(account);
                }
                self.take_up_session().await;
                self.bus().announce(Event::SessionChanged);
            }
            Err(error) => tracing::warn!(%error, "the issuer of the settings is refused"),
        }
    }

    fn account(&self) -> Arc<Account> {
        lock(&self.inner.session).account.clone()
    }

    fn begin_sign_in(&self) -> Result<(Arc<Account>, Waiting), AppError> {
        let mut session = lock(&self.inner.session);
        if session.under_way.is_some() {
            return Err(AppError::Busy("signing in".to_owned()));
        }
        let cancel = self.inner.stop.child_token();
        session.under_way = Some(cancel.clone());
        Ok((
            session.account.clone(),
            Waiting {
                app: self.clone(),
                cancel,
            },
        ))
    }

    /// Waits until nothing of a refresh or a sign-out is half-done.
    pub(crate) async fn settle_account(&self) {
        lock(&self.inner.session).watching.cancel();
        self.account().settle().await;
    }

    /// Announces every change of the session and keeps what outlives the program.
    fn watch_session(&self) {
        let (account, watching) = {
            let session = lock(&self.inner.session);
            (session.account.clone(), session.watching.clone())
        };
        let (mut state, mut remembered) = (account.session(), account.remembered());
        let (fresh, stop) = (account.clone(), watching.clone());
        self.spawn(async move { fresh.keep_fresh(stop).await });
        let app = self.clone();
        self.spawn(async move {
            loop {
                tokio::select! {
                    () = watching.cancelled() => return,
                    changed = state.changed() => {
                        if changed.is_err() { return; }
                        state.borrow_and_update();
                        app.bus().announce(Event::SessionChanged);
                    }
                    changed = remembered.changed() => {
                        if changed.is_err() { return; }
                        let now = remembered.borrow_and_update().clone();
                        if let Err(error) = app.keep_session(now).await {
                            tracing::warn!(%error, "the session could not be kept");
                        }
                    }
                }
            }
        });
    }

    async fn keep_session(&self, remembered: Option<Remembered>) -> Result<(), AppError> {
        match remembered {
            Some(remembered) => {
                let value = serde_json::to_value(remembered)
                    .map_err(|error| AppError::Internal(error.to_string()))?;
                Ok(self.store().put_setting(KEY, &value).await?)
            }
            None => Ok(self.store().delete_setting(KEY).await?),
        }
    }
}
