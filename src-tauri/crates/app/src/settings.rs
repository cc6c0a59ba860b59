//! What the user can set, as one document in the store.

use promptpal_sentiment::Engine;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::bus::Event;
use crate::{App, AppError};

/// The store's key of the document.
pub(crate) const KEY: &str = "settings";

/// Colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Theme {
    #[default]
    System,
    Dark,
    Light,
}

/// Time zone of everything shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Zone {
    #[default]
    Utc,
    Local,
}

/// Colours of candles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum CandleColours {
    #[default]
    GreenUp,
    RedUp,
    ColourBlind,
}

/// The document. A key that is missing takes its default, so that older documents stay readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Colours.
    pub theme: Theme,
    /// Time zone.
    pub zone: Zone,
    /// Candle colours.
    pub candle_colours: CandleColours,
    /// Base address of the exchange's REST interface.
    pub rest_url: Option<Url>,
    /// Base address of the exchange's stream.
    pub stream_url: Option<Url>,
    /// Minutes between rounds over the news sources; 0 is never.
    pub crawl_minutes: u32,
    /// Whether new articles are scored at once.
    pub score_automatically: bool,
    /// What computes the scores.
    pub engine: Engine,
    /// The OpenID issuer.
    pub issuer_url: Option<Url>,
    /// Our name at the issuer.
    pub client_id: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            zone: Zone::default(),
            candle_colours: CandleColours::default(),
            rest_url: None,
            stream_url: None,
            crawl_minutes: 15,
            score_automatically: true,
            engine: Engine::Exact,
            issuer_url: None,
            client_id: "promptpal-desktop".to_owned(),
        }
    }
}

/// The stored document, or the defaults on a first start. A document that cannot be read is kept aside, not lost.
pub(crate) async fn load(store: &promptpal_store::Store) -> Result<Settings, AppError> {
    let Some(value) = store.setting(KEY).await? else {
        return Ok(Settings::default());
    };
    match serde_json::from_value(value.clone()) {
        Ok(settings) => Ok(settings),
        Err(error) => {
            tracing::warn!(%error, "the settings cannot be read; they are kept under 'settings.unreadable'");
            store.put_setting("settings.unreadable", &value).await?;
            Ok(Settings::default())
        }
    }
}

impl App {
    /// The settings as they are.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.inner.settings.borrow().clone()
    }

    /// Replaces the settings.
    ///
    /// # Errors
    /// [`AppError::Store`] when they cannot be written; the old ones stay in force then.
    pub async fn save_settings(&self, settings: Settings) -> Result<Settings, AppError> {
        let value = serde_json::to_value(&settings).map_err(|error| AppError::Internal(error.to_string()))?;
        self.store().put_setting(KEY, &value).await?;
        let before = self.inner.settings.send_replace(settings.clone());
        if before.engine != settings.engine {
            self.apply_engine().await;
        }
        self.bus().announce(Event::SettingsChanged);
        if before.issuer_url != settings.issuer_url || before.client_id != settings.client_id {
            self.reconfigure_account().await;
        }
        Ok(settings)
    }
}
