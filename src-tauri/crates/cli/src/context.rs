//! What every command that needs the program has at hand.

use std::ops::Deref;
use std::time::Duration;

use promptpal_app::{App, AppError, Config, Options};
use promptpal_domain::Venue;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::args::{Command, Global, SeriesCommand};
use crate::output::Output;

/// How long a command has to end by itself after Ctrl+C.
const GRACE: Duration = Duration::from_millis(500);

/// The running program, the way to print, and Ctrl+C.
pub(crate) struct Context {
    app: App,
    pub(crate) output: Output,
    pub(crate) cancel: CancellationToken,
}

impl Deref for Context {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl Context {
    /// Opens the store with what the flags say; `change` sets addresses and parts that a command names.
    pub(crate) async fn open(
        global: &Global,
        output: Output,
        change: impl FnOnce(&mut Options),
    ) -> Result<Self, AppError> {
        let mut options = Options::of_command_line(global.db.clone(), global.config.as_deref())?;
        change(&mut options);
        let app = App::start(options).await?;
        let cancel = CancellationToken::new();
        let stop = cancel.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.cancel();
            }
        });
        Ok(Self { app, output, cancel })
    }

    /// Some time after Ctrl+C: what is still under way by then does not end by itself.
    pub(crate) async fn given_up(&self) {
        self.cancel.cancelled().await;
        tokio::time::sleep(GRACE).await;
    }

    pub(crate) fn app(&self) -> &App {
        &self.app
    }
}

/// Addresses of a venue that a command names: they go before everything else.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    venue: Option<Venue>,
    rest: Option<Url>,
    stream: Option<Url>,
}

impl Addresses {
    pub(crate) fn of(command: &Command) -> Self {
        let (venue, rest, stream) = match command {
            Command::Fetch(args) => (Some(&args.venue), args.base_url.as_ref(), None),
            Command::Stream(args) => (Some(&args.venue), args.base_url.as_ref(), args.ws_url.as_ref()),
            Command::Series(
                SeriesCommand::Verify { series, base_url, .. } | SeriesCommand::Resume { series, base_url },
            ) => (series.venue.as_ref(), base_url.as_ref(), None),
            _ => (None, None, None),
        };
        Self {
            venue: venue.cloned(),
            rest: rest.cloned(),
            stream: stream.cloned(),
        }
    }

    pub(crate) fn apply(self, config: &mut Config) {
        let section = match self.venue.as_ref().map(Venue::as_str) {
            Some("binance-us") => &mut config.venues.binance_us,
            Some("coinbase") => &mut config.venues.coinbase,
            _ => &mut config.exchange,
        };
        section.rest_url = self.rest.or(section.rest_url.take());
        section.stream_url = self.stream.or(section.stream_url.take());
    }
}
